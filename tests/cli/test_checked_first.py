"""Every command looks for what it needs before it does anything: with one thing missing it says so in one line, and the
database, the log and the files are as they were."""

import hashlib
import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.commands import run
from tests.support.lists import PEOPLE, write
from tests.support.measures import said

WHY = "An invented reason that is long enough."
BAD_KEY = {"party": "6d1f4a52-0000-4000-8000-000000000001", "sign": "no key", "encrypt": "no key"}


@pytest.fixture(scope="module")
def place(begin, tmp_path_factory) -> Path:
    """A folder with a home, which has a list and a partner without keys and agreement, and files that are of no use."""
    folder = tmp_path_factory.mktemp("first")
    begin(folder / "home")
    names = write(folder / "names.csv", PEOPLE)
    write(folder / "asked.csv", [{"id": "1", "name": "Zarghun Talband", "birth_date": "1984"}])
    (folder / "folder").mkdir()
    (folder / "plain").write_text("a file where a folder should be")
    (folder / "card.json").write_text(json.dumps(BAD_KEY))
    for words in (
        ("sources", "load", str(names), "--name", "home-dept"),
        ("partners", "add", "daryab", "--title", "Daryab", "--kind", "agency", "--trusted", "--reason", WHY),
        ("access", "ask", "home-dept/k-1", "--verified", "by an identity card", "--name", "Zarghun Talband"),
        *said("BEGUN"),
        ("partners", "card"),
    ):
        done = run(folder / "home", "baham", *words)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def taken():
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


def state(place: Path) -> dict[str, str]:
    """All that is there: every row of the database, every file, every hash of the log."""
    passing = ("-wal", "-shm", ".lock", "lock", "baham.sqlite3")
    found = {
        str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in place.rglob("*")
        if path.is_file() and not path.name.endswith(passing)
    }
    with closing(sqlite3.connect(place / "home" / "baham.sqlite3")) as database:
        found["rows"] = hashlib.sha256("\n".join(database.iterdump()).encode()).hexdigest()
    return found


MISSING = {
    "demo: a free port": ("demo", "--port", "TAKEN"),
    "serve: a free port": ("serve", "--port", "TAKEN"),
    "serve: an address of this machine": ("serve", "--host", "192.0.2.1"),
    "screen: a file": ("screen", "absent.csv", "--out", "out.jsonl"),
    "screen: a folder to write into": ("screen", "asked.csv", "--out", "absent/out.jsonl"),
    "screen: a file and no folder": ("screen", "asked.csv", "--out", "folder"),
    "screen: a place for errors": ("screen", "asked.csv", "--errors", "absent/e.jsonl"),
    "screen: a list": ("screen", "asked.csv", "--out", "out.jsonl", "--dataset", "absent"),
    "screening fairness: a folder": ("screening", "fairness", "--out", "plain/out"),
    "sources load: a file": ("sources", "load", "absent.csv", "--name", "new-list"),
    "sources load: a name": ("sources", "load", "names.csv", "--name", "two words"),
    "sources load: a mapping": ("sources", "load", "names.csv", "--name", "new-list", "--mapping", "absent.json"),
    "sources load: a known format": ("sources", "load", "names.csv", "--name", "new-list", "--format", "absent"),
    "sources load: a format that can be told": ("sources", "load", "card.json", "--name", "new-list"),
    "sources load: a day to come": ("sources", "load", "names.csv", "--name", "new", "--review-by", "2020-01-01"),
    "sources limit: a list": ("sources", "limit", "absent", "10", "--reason", WHY),
    "sources update: a publisher": ("sources", "update", "absent"),
    "people add: a role": ("people", "add", "gul", "--name", "Gul", "--role", "absent"),
    "sources load: a marking": ("sources", "load", "names.csv", "--name", "new-list", "--tlp", "purple"),
    "sources handle: a list": ("sources", "handle", "absent", "GREEN", "--reason", WHY),
    "sources handle: a reason": ("sources", "handle", "home-dept", "GREEN", "--reason", "so"),
    "people grant: a role": ("people", "grant", "absent", "analyst", "--reason", WHY),
    "people end-role: a person": ("people", "end-role", "absent", "analyst", "--reason", WHY),
    "people password: a person": ("people", "password", "absent", "--reason", WHY),
    "people second-factor: a person": ("people", "second-factor", "absent", "--reason", WHY),
    "people close: a reason": ("people", "close", "absent", "--reason", "so"),
    "people reopen: a person": ("people", "reopen", "absent", "--reason", WHY),
    "people clearance: a person": ("people", "clearance", "absent", "RED", "--reason", WHY),
    "people organisation: an organisation": ("people", "organisation", "absent", "client", "--reason", WHY),
    "clients add: a list": ("clients", "add", "bank", "--organisation", "Bank", "-d", "absent", "--reason", WHY),
    "clients renew: a program": ("clients", "renew", "absent", "--reason", WHY),
    "clients revoke: a program": ("clients", "revoke", "absent", "--reason", WHY),
    "partners add: a card": (
        "partners",
        "add",
        "n",
        "--title",
        "N",
        "--kind",
        "bank",
        "--reason",
        WHY,
        "--card",
        "absent",
    ),
    "partners add: keys that are keys": (
        "partners",
        "add",
        "n",
        "--title",
        "N",
        "--kind",
        "bank",
        "--reason",
        WHY,
        "--card",
        "card.json",
    ),
    "partners pin: a key that is one": ("partners", "pin", "daryab", "--use", "sign", "--key", "none"),
    "partners revoke: a key": ("partners", "revoke", "daryab", "absent", "--reason", WHY),
    "partners renew: a reason": ("partners", "renew", "daryab", "--reason", "so"),
    "partners end: a reason": ("partners", "end", "daryab", "--reason", "so"),
    "export: an agreement": ("export", "--to", "out", "--format", "stix", "--partner", "daryab"),
    "export: a partner": ("export", "--to", "out", "--format", "stix", "--partner", "absent"),
    "export: a format": ("export", "--to", "out", "--format", "absent"),
    "export: a folder": ("export", "--to", "plain/out", "--format", "ftm"),
    "recall make: statements": ("recall", "make", "0" * 40, "--ground", "error", "--why", WHY),
    "erase: a record": ("erase", "home-dept:absent", "--ground", "order", "--reason", WHY),
    "erase: every record": ("erase", "home-dept:k-1", "home-dept:absent", "--ground", "order", "--reason", WHY),
    "erase: a ground": ("erase", "home-dept:k-1", "--ground", "absent", "--reason", WHY),
    "restrict: a record": ("restrict", "home-dept:absent", "--reason", WHY),
    "access report: a folder": ("access", "report", "home-dept/k-1", "--to", "absent/answer.html"),
    "access report: a decision": ("access", "report", "--request", "1", "--to", "answer.html"),
    "access ask: records": ("access", "ask", "home-dept/absent", "--verified", "by a card"),
    "access appeal: a request": ("access", "appeal", "99"),
    "audit prove: an entry": ("audit", "prove", "99999"),
    "audit resume: a newer copy": ("audit", "resume", "--reason", WHY),
    "backup: a new folder": ("backup", "folder"),
    "backup: a disk of its own": ("backup", "home/copy"),
    "backup: a folder to be in": ("backup", "plain/copy"),
    "restore: an empty home": ("restore", "folder"),
    "restore: a copy of the log": ("restore", "folder", "--log", "folder"),
    **said("CHECKED_FIRST"),
}


@pytest.mark.parametrize("what", MISSING)
def test_what_is_missing_is_told_and_nothing_has_changed(place, taken, what):
    before = state(place)
    words = [taken if word == "TAKEN" else word for word in MISSING[what]]
    done = run(place / "home", "baham", *words, cwd=place)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr, done.stderr
    told = [line for line in done.stderr.strip().splitlines() if not line.startswith("A draft:")]
    assert len(told) == 1 and told[0].startswith("baham: "), done.stderr
    assert state(place) == before


def test_every_command_that_changes_anything_is_in_the_table():
    """What only tells, or has nothing to be missing, is named here."""
    import typer.main

    from baham.cli.main import app, commands

    tells = {
        "sources list",
        "people list",
        "people organisations",
        "clients list",
        "clients sweep",
        "partners card",
        "partners list",
        "partners keys",
        "recall list",
        "erase list",
        "erase finish",
        "access list",
        "audit verify",
        "screening verify",
        "safeguards",
        *said("TELLS"),
    }
    found = set()
    for name in commands():
        group = typer.main.get_command(app).get_command(None, name)
        several = getattr(group, "commands", None)
        found |= {f"{name} {one}" for one in several} if several else {name}
    tested = {what.partition(":")[0].replace("erase", "erase ask") for what in MISSING}
    assert found - tells == tested
