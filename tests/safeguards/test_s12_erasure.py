"""S-12: a restricted record matches nothing and stays auditable; of an erased one nothing is left in any file.

An installation of its own on disk, worked with as people and programs do; then every byte of it is read.
"""

import json
import os
from pathlib import Path

import pytest

from tests.support.commands import run
from tests.support.home import GONE, LIST, STAYS, file_of, rows
from tests.support.scanning import found_in, found_in_tables

TABLES = ("baham.sqlite3", "table ")
"""How the scan calls what lies in the database."""
WHY = "The court of Kohsar ordered it; the order is on file."


class Installation:
    """A data folder of its own, and a folder outside of it for what people bring and take."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.home, self.outside, self.database = folder / "home", folder / "outside", database
        self.outside.mkdir(parents=True)

    @property
    def environment(self) -> dict[str, str]:
        return {"BAHAM_JOBS_IMMEDIATE": "1", "BAHAM_REQUIRE_MFA": "0", "BAHAM_DATABASE_URL": self.database}

    def run(self, *words: str, code: int = 0) -> str:
        done = run(self.home, *words, cwd=self.outside, **self.environment)
        assert done.returncode == code, (words, done.returncode, done.stdout[-3_000:], done.stderr[-6_000:])
        return done.stdout + done.stderr

    def baham(self, *words: str, code: int = 0) -> str:
        return self.run("baham", *words, code=code)

    def stage(self, name: str) -> str:
        return self.run("tests.support.home", name, str(self.outside))

    def screened(self) -> set[str]:
        """The entries that the command finds for both."""
        asked = file_of(self.outside, "names.csv", [{"id": p["id"], "name": p["name"]} for p in (GONE, STAYS)])
        lines = [json.loads(row) for row in self.baham("screen", str(asked)).splitlines() if row.startswith("{")]
        return {hit["entity"] for line in lines for hit in line["hits"]}

    def holds(self, person: dict[str, str]) -> dict[str, set[str]]:
        """Where something of a person lies, by file and, on PostgreSQL, by table."""
        return found_in(self.home, person) | (found_in_tables(self.database, person) if self.database else {})


def _database(server: str) -> str:
    """A new database on the server of the tests."""
    import psycopg

    name = f"s12_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="module")
def filled(begin, tmp_path_factory) -> Installation:
    server, folder = os.environ.get("BAHAM_TEST_POSTGRES", ""), tmp_path_factory.mktemp("s12")
    made = Installation(folder, _database(server) if server else "")
    if not server:
        begin(made.home)
    made.stage("fill")
    return made


def test_restricted_then_erased(filled: Installation) -> None:
    here = filled
    trace = here.holds(GONE)
    every = {"name", "alias", "birth_date", "id_number", "notes", "father_name", "address"}
    assert set().union(*(fields for name, fields in trace.items() if name.startswith(TABLES))) >= every
    assert any(name.startswith("index/") for name in trace) and any(name.startswith("results/") for name in trace)
    assert here.screened() == {GONE["id"], STAYS["id"]}
    before = json.loads(here.stage("found"))
    assert all(all(ways.values()) for ways in before.values()), before

    # Restricted: found by no way, and still in the log.
    here.baham("restrict", f"{LIST}:{GONE['id']}", "--reason", "Its accuracy is contested by the person.")
    assert here.screened() == {STAYS["id"]}
    found = json.loads(here.stage("found"))
    assert not any(found[GONE["id"]].values()), found
    assert all(found[STAYS["id"]].values()), found
    assert here.holds(GONE), "it is kept"

    # Erased: asked for, signed by two, waits until nobody is held by it, and is gone.
    here.baham("erase", f"{LIST}:{GONE['id']}", "--ground", "order", "--reason", WHY, "--reference", "K 12/2026")
    assert here.stage("sign").strip().endswith("waiting")
    assert here.stage("let-go").strip().endswith("2")
    assert "1 finished" in here.baham("erase", "finish")

    left = here.holds(GONE)
    assert left == {}, left
    stays = here.holds(STAYS)
    in_tables = [fields for name, fields in stays.items() if name.startswith(TABLES)]
    assert set().union(*in_tables) >= every, "the scan can find"
    assert any(name.startswith("index/") for name in stays) and any(name.startswith("results/") for name in stays)
    assert "intact" in here.baham("audit", "verify")
    after = json.loads(here.stage("after"))
    assert after["reads"] and after["shown"] and after["state"] == "done" and not after["note"]

    # It does not come back, with the same file or with a new one.
    said = here.baham("sources", "load", str(file_of(here.outside, "again.csv", rows())), "--name", LIST)
    assert "1 entities or values that were erased here are still in the file; they stay out" in said
    assert GONE["name"] not in said
    assert here.screened() == {STAYS["id"]}
    assert here.holds(GONE) == {}
