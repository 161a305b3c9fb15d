"""The commands as their users type them, in processes of their own: results on stdout, one clear line on stderr, exit codes."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.commands import run
from tests.support.lists import PEOPLE, write

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def home(begin, tmp_path_factory) -> Path:
    """A data folder with one loaded list."""
    folder = tmp_path_factory.mktemp("cli")
    listing = write(folder / "list.csv", PEOPLE)
    begin(folder / "home")
    done = baham(
        folder / "home", "sources", "load", str(listing), "--name", "home-dept", "--title", "Home Department list"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("home-dept: version 1, 4 entities")
    return folder / "home"


def baham(home: Path, *words: str, given: str | None = None) -> subprocess.CompletedProcess:
    return run(home, "baham", *words, given=given or "", cwd=home.parent)


def test_version_and_help(tmp_path):
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(tmp_path / "none"), "PYTHONWARNINGS": "error"}
    started = subprocess.run(
        [sys.executable, "-m", "baham", "--version"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (started.stdout, started.stderr, started.returncode) == ("0.1.0\n", "", 0)
    done = baham(tmp_path / "none", "--help")
    assert done.returncode == 0
    assert not (tmp_path / "none").exists(), "help touches no data"
    assert baham(tmp_path / "none", "launch").returncode == 2


def test_sources_list(home):
    done = baham(home, "sources", "list")
    name, entities, state, title = done.stdout.strip().split("\t")
    assert (name, entities, title) == ("home-dept", "4", "Home Department list")
    assert state.startswith("version 1 of ")


def test_loading_again_changes_nothing(home):
    done = baham(home, "sources", "load", str(home.parent / "list.csv"), "--name", "home-dept")
    assert done.returncode == 0
    assert "nothing changed" in done.stdout


BAD = {
    "empty.csv": b"",
    "picture.csv": b"\x89PNG\r\n\x1a\n\0\0",
    "latin.csv": "id,name\n1,Zargh\xfan\n".encode("latin-1"),
    "cut.xml": b"<?xml version='1.0'?><CONSOLIDATED_LIST dateGenerated='x'><INDIVIDUALS><INDIVIDUAL>",
    "bomb.xml": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><CONSOLIDATED_LIST>&b;</CONSOLIDATED_LIST>",
    "columns.csv": b"one,two\n1,2\n",
    "archive.csv": b"PK\x03\x04............",
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_in_one_line(home, name):
    path = home.parent / name
    path.write_bytes(BAD[name])
    before = baham(home, "sources", "list").stdout
    done = baham(home, "sources", "load", str(path), "--name", "home-dept")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert name in done.stderr
    assert "unchanged" in done.stderr
    assert baham(home, "sources", "list").stdout == before


def test_a_folder_a_missing_file_and_a_bad_name(home):
    for words in (
        ["load", str(home), "--name", "x"],
        ["load", "/nowhere/at/all.csv", "--name", "x"],
        ["load", str(home.parent / "list.csv"), "--name", "a b"],
        ["update", "nobody"],
        ["load", str(home.parent / "list.csv"), "--name", "x", "--format", "wordperfect"],
    ):
        done = baham(home, "sources", *words)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr


def test_screen_csv_and_json_lines_in_the_order_of_the_file(home):
    csv = home.parent / "names.csv"
    csv.write_text(
        "id,name,birth_date,father_name\nb,زرغون تلبند,1984,Tor Baz\na,Nobody Atall,,\nc,Mirwais Khorvash,1979-05-02,\n"
    )
    out = home.parent / "hits.jsonl"
    done = baham(home, "screen", str(csv), "--out", str(out))
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["id"] for row in rows] == ["b", "a", "c"]
    hit = rows[0]["hits"][0]
    assert set(hit) == {"entity", "caption", "dataset", "schema", "score", "verdict", "evidence"}
    assert (hit["entity"], hit["caption"], hit["dataset"], hit["verdict"]) == (
        "k-1",
        "Zarghun Talband",
        "home-dept",
        "probable",
    )
    assert rows[1]["hits"] == []
    lines = "".join(json.dumps({"id": row["id"], "name": row["name"]}) + "\n" for row in rows)
    piped = baham(home, "screen", "-", given=lines)
    assert piped.returncode == 0, piped.stderr
    assert [json.loads(line)["id"] for line in piped.stdout.splitlines()] == ["b", "a", "c"]
    assert {h["verdict"] for line in piped.stdout.splitlines() for h in json.loads(line)["hits"]} == {"possible"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("name\nZarghun\n", "field id"),
        ("id\n1\n", "field name"),
        ("id,name\n1,\n", "line 2, field name"),
        ("id,name\n1,A,B,C\n", "line 2"),
        ("{broken\n", "line 1"),
        ('{"id":1,"name":["A"]}\n', "line 1, field name"),
        ("[1]\n", "field id"),
        ("id,name\n1," + "x" * 10_001 + "\n", "field name"),
        ("id,name,birth_date\n1,A,1984-02-31\n", "line 2, field birth_date"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_is_refused_and_nothing_is_written(home, content, words):
    path, out = home.parent / "bad.csv", home.parent / "bad.jsonl"
    path.write_text(content)
    done = baham(home, "screen", str(path), "--out", str(out))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert words in done.stderr
    assert not out.exists()
    assert not list(home.parent.glob("*.part"))


BROKEN = 7_001


def test_one_broken_row_among_ten_thousand_is_told_and_the_others_are_answered(home):
    """Nothing is lost: every other row is answered in its place, and the broken one is told by line and field."""
    path, out = home.parent / "many.csv", home.parent / "many.jsonl"
    rows = [f"c-{number},Qwxyz Vbnm{number % 50},1984" for number in range(1, 10_001)]
    rows[BROKEN - 1] = f"c-{BROKEN},Zarghun Talband,1984-02-31"
    rows[-1] = "c-10000,Zarghun Talband,1984"
    path.write_text("id,name,birth_date\n" + "\n".join(rows) + "\n")
    done = baham(home, "screen", str(path), "--out", str(out))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"line {BROKEN + 1}, field birth_date" in done.stderr and "1 of 10000 rows" in done.stderr
    answered = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["id"] for row in answered] == [f"c-{number}" for number in range(1, 10_001) if number != BROKEN]
    assert answered[-1]["hits"][0]["entity"] == "k-1"
    told = (home.parent / "many.jsonl.errors.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in told] == [
        {"id": f"c-{BROKEN}", "line": BROKEN + 1, "field": "birth_date", "error": "there is no such day: 1984-02-31"}
    ]
    path.write_text("id,name\n1,Zarghun Talband\n")
    assert baham(home, "screen", str(path), "--out", str(out)).returncode == 0
    assert not (home.parent / "many.jsonl.errors.jsonl").exists(), "errors of an earlier run do not stay"


def test_bytes_that_are_no_text_and_surrogates_spoil_one_row(home):
    path, errors = home.parent / "odd.csv", home.parent / "odd.errors"
    path.write_bytes(
        "id,name\na,Zarghun Talband\nb,Zargh\xfan\nc,زرغون تلبند\n".encode("latin-1", "replace").replace(b"?", b"x")
    )
    done = baham(home, "screen", str(path), "--errors", str(errors))
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "c"]
    assert json.loads(errors.read_text())["error"] == "not UTF-8 text"
    piped = baham(home, "screen", "-", given='{"id":"s","name":"Zarghun \\ud800Talband"}\n')
    assert piped.returncode == 0, piped.stderr
    assert json.loads(piped.stdout)["name"] == "Zarghun \ufffdTalband"


def test_screen_scope_and_options(home):
    names = home.parent / "one.csv"
    names.write_text("id,name\n1,Zarghun Talband\n")
    assert baham(home, "screen", str(names), "-d", "nowhere").returncode == 2
    assert baham(home, "screen", str(names), "--engine", "abacus").returncode == 2
    assert baham(home, "screen", str(names), "--threshold", "2").returncode == 2
    assert json.loads(baham(home, "screen", str(names), "-d", "home-dept").stdout)["hits"]
    assert json.loads(baham(home, "screen", str(names), "--threshold", "1").stdout)["hits"] == []


def test_screening_before_any_list_says_what_to_do(begin, tmp_path):
    names = tmp_path / "one.csv"
    names.write_text("id,name\n1,Zarghun Talband\n")
    done = baham(begin(tmp_path / "new"), "screen", str(names))
    assert done.returncode == 2
    assert "baham sources load" in done.stderr


def test_the_newest_version_is_screened_and_the_delisted_not(begin, tmp_path):
    home = begin(tmp_path / "home")
    baham(home, "sources", "load", str(write(tmp_path / "a.csv", PEOPLE)), "--name", "own")
    baham(
        home,
        "sources",
        "load",
        str(write(tmp_path / "b.csv", [PEOPLE[1], {"id": "k-9", "name": "Gulalai Rudabari"}])),
        "--name",
        "own",
        *("--confirm-delisting", "3", "--reason", "The gazette of this week names the three."),
    )
    names = tmp_path / "names.csv"
    names.write_text("id,name\n1,Zarghun Talband\n2,Gulalai Rudabari\n")
    rows = [json.loads(line)["hits"] for line in baham(home, "screen", str(names)).stdout.splitlines()]
    assert rows[0] == []
    assert rows[1][0]["entity"] == "k-9"


def test_the_review_date_of_a_new_list(begin, tmp_path):
    home, listing = begin(tmp_path / "home"), str(write(tmp_path / "a.csv", PEOPLE))
    for bad in ("soon", "2020-01-01", "2027-02-31"):
        done = baham(home, "sources", "load", listing, "--name", "own", "--review-by", bad)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
        assert "--review-by" in done.stderr
    assert baham(home, "sources", "load", listing, "--name", "own", "--review-by", "2999-01-01").returncode == 0
    with closing(sqlite3.connect(home / "baham.sqlite3")) as database:
        assert database.execute("SELECT review_by FROM ledger_dataset").fetchall() == [("2999-01-01",)]
        database.execute("UPDATE ledger_dataset SET review_by = '2020-01-01'")
        database.commit()
    names = tmp_path / "names.csv"
    names.write_text("id,name\n1,Zarghun Talband\n")
    done = baham(home, "screen", str(names))
    assert json.loads(done.stdout)["hits"] == []
    assert "own is past its review date (2020-01-01) and not screened against" in done.stderr


def test_people(home):
    done = baham(
        home, "people", "add", "noor", "--name", "S. Noor", "--role", "reviewer", "--organisation", "Kohsar CTD"
    )
    assert done.returncode == 0, done.stderr
    name, password = done.stdout.strip().split(": ")
    assert name == "noor"
    assert len(password) >= 12
    assert baham(home, "people", "list").stdout.strip() == "noor\tS. Noor\treviewer\tTLP:AMBER+STRICT"
    for words in (
        ["noor", "--name", "Another", "--role", "reviewer"],
        ["halim", "--name", "N. Halim", "--role", "king"],
    ):
        done = baham(home, "people", "add", *words)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)


def test_audit_verify(home):
    done = baham(home, "audit", "verify")
    assert done.returncode == 0
    assert done.stdout.startswith("intact: ")


def test_safeguards_register_without_running(home):
    done = baham(home, "safeguards", "--no-run")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 49
    assert sum("not yet" in line[:16] for line in lines) == 26


def test_how_a_list_is_handled_is_said_and_changed(home, tmp_path):
    table = tmp_path / "desk.csv"
    table.write_text("id,name,colour\n1,Tarvok Zelmani,red\n")
    for words, handled in (
        (("--preview",), "TLP:CLEAR: anybody may have it"),
        (("--tlp", "amber+strict"), "TLP:AMBER+STRICT: this organisation alone may have it"),
    ):
        done = baham(home, "sources", "load", str(table), "--name", "desk", *words)
        assert done.returncode == 0 and f"Handled {handled}. To change that:" in done.stderr
        assert "not read: colour." in done.stderr
    done = baham(home, "sources", "handle", "desk", "GREEN", "--reason", "The board opened it to the community.")
    assert (done.returncode, done.stdout[:23]) == (0, "desk: handled TLP:GREEN"), done.stderr
    assert ", TLP:GREEN\t" in baham(home, "sources", "list").stdout
    for words in (
        ("load", str(table), "--name", "x", "--tlp", "white-ish"),
        ("handle", "absent", "RED", "--reason", "x"),
    ):
        done = baham(home, "sources", *words)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)


def test_an_account_through_its_life(home):
    why = ("--reason", "She lost her telephone.")
    first = baham(home, "people", "add", "spogmai", "--name", "Spogmai N.", "--role", "analyst").stdout.strip()
    second = baham(home, "people", "password", "spogmai", *why).stdout.strip()
    assert second.startswith("spogmai: ") and second != first
    assert baham(home, "people", "grant", "spogmai", "reviewer", *why).returncode == 0
    assert baham(home, "people", "end-role", "spogmai", "analyst", *why).returncode == 0
    assert baham(home, "people", "close", "spogmai", *why).returncode == 0
    assert "spogmai\tSpogmai N.\tclosed, reviewer\t" in baham(home, "people", "list").stdout
    assert baham(home, "people", "reopen", "spogmai", *why).returncode == 0
    for words in (
        ("grant", "spogmai", "reviewer"),
        ("grant", "spogmai", "king"),
        ("end-role", "spogmai", "analyst"),
        ("reopen", "spogmai"),
        ("second-factor", "spogmai"),
        ("password", "absent"),
    ):
        done = baham(home, "people", *words, *why)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), words
    assert baham(home, "people", "close", "spogmai", "--reason", "so").returncode == 2
