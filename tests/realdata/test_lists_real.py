"""The real lists, the whole way: `baham sources load` and `baham screen` as an analyst types them."""

import csv
import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import REALDATA
from tests.support.commands import run

pytestmark = pytest.mark.realdata
LISTS = {
    "un": ("un_consolidated_2026-02-27.xml", 1003),
    "eu-isil": ("eu_32002R0881_isil_alqaida.csv", 350),
    "eu-afghanistan": ("eu_32011R0753_afghanistan.csv", 140),
    "ofac": ("ofac_sdn_2021-07-07.csv", 8976),
}


def baham(home: Path, *words: str) -> subprocess.CompletedProcess:
    return run(home, "baham", *words)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A ledger with all four lists."""
    folder = tmp_path_factory.mktemp("real") / "home"
    for name, (file, entities) in LISTS.items():
        done = baham(folder, "sources", "load", str(REALDATA / "lists" / file), "--name", name)
        assert done.returncode == 0, done.stderr
        assert f"version 1, {entities} entities" in done.stdout
    return folder


def test_counts_and_the_same_files_again(home):
    found = {row.split("\t")[0]: int(row.split("\t")[1]) for row in baham(home, "sources", "list").stdout.splitlines()}
    assert found == {name: entities for name, (_, entities) in LISTS.items()}
    for name, (file, _) in LISTS.items():
        assert (
            "nothing changed" in baham(home, "sources", "load", str(REALDATA / "lists" / file), "--name", name).stdout
        )


def test_the_un_list_is_730_people_and_273_others(home):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(home / "baham.sqlite3")) as database:
        people = database.execute(
            "SELECT schema = 'Person', count(*) FROM ledger_entity e JOIN ledger_dataset d ON d.id = e.dataset_id"
            " WHERE d.name = 'un' GROUP BY 1"
        ).fetchall()
    assert dict(people) == {1: 730, 0: 273}


def aliases() -> list[tuple[str, str, str]]:
    """(entity, alias, script) for every fifth full alias and every third original-script name of a person."""
    text = (REALDATA / "lists" / LISTS["un"][0]).read_text(encoding="utf-8")
    found = []
    for person in re.findall(r"<INDIVIDUAL>.*?</INDIVIDUAL>", text, re.S):
        number = re.search(r"<DATAID>(\d+)<", person)[1]
        latin = [alias.strip() for alias in re.findall(r"<ALIAS_NAME>([^<&]+)<", person) if len(alias.split()) >= 2]
        original = [name.strip() for name in re.findall(r"<NAME_ORIGINAL_SCRIPT>([^<&]+)<", person)]
        found += [(f"un-{number}", alias, "Latin") for alias in latin]
        found += [(f"un-{number}", name, "Arabic") for name in original if re.search(r"[\u0600-\u06ff]", name)]
    latin = [row for row in found if row[2] == "Latin"][::5]
    return latin + [row for row in found if row[2] == "Arabic"][::3]


def test_listed_aliases_are_found_in_latin_and_arabic_script(home):
    asked = aliases()
    names = home.parent / "names.csv"
    with names.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name"])
        writer.writerows((position, alias) for position, (_, alias, _) in enumerate(asked))
    out = home.parent / "hits.jsonl"
    done = baham(home, "screen", str(names), "--out", str(out), "-d", "un", "--limit", "5")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [int(row["id"]) for row in rows] == list(range(len(asked)))
    for script, least in (("Latin", 0.93), ("Arabic", 0.93)):
        of_script = [(row, entity) for row, (entity, _, of) in zip(rows, asked, strict=True) if of == script]
        found = sum(any(hit["entity"] == entity for hit in row["hits"]) for row, entity in of_script)
        assert len(of_script) > 50
        assert found / len(of_script) >= least, (script, found, len(of_script))
    assert {hit["verdict"] for row in rows for hit in row["hits"]} == {"possible"}, "names alone are never more"


def test_the_log_is_intact(home):
    assert baham(home, "audit", "verify").returncode == 0
