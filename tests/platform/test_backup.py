"""The way back, drilled: a backup of an installation in use, the loss of everything, and the restore."""

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.support.commands import run
from tests.support.lists import PEOPLE, write

MORE = {"BAHAM_JOBS_IMMEDIATE": "1"}


def baham(home, *words):
    return run(home, "baham", *words, **MORE)


@pytest.fixture
def home(tmp_path, begin):
    made = begin(tmp_path / "home")
    done = baham(made, "sources", "load", str(write(tmp_path / "one.csv", PEOPLE)), "--name", "home-dept")
    assert done.returncode == 0, done.stderr
    return made


def test_what_was_lost_comes_back_and_the_log_is_intact(tmp_path, home):
    done = baham(home, "backup", str(tmp_path / "copy"))
    assert done.returncode == 0, done.stderr
    key = (home / "secret.key").read_text()
    late = baham(home, "sources", "load", str(write(tmp_path / "two.csv", PEOPLE)), "--name", "second")
    assert late.returncode == 0, late.stderr
    refused = baham(home, "restore", str(tmp_path / "copy"))
    assert refused.returncode == 2 and "in use" in refused.stderr
    shutil.move(home, tmp_path / "lost")
    # The database of the backup is older than the log that was saved beside it: told, and there is a way on.
    done = baham(home, "restore", str(tmp_path / "copy"), "--log", str(tmp_path / "lost" / "audit"))
    assert done.returncode == 1 and "audit resume" in done.stderr, done.stderr
    head = (home / "audit" / "checkpoint").read_bytes()
    for words in (
        ("sources", "load", str(write(tmp_path / "three.csv", PEOPLE)), "--name", "third"),
        ("people", "add", "zabreh", "--name", "Zabreh", "--role", "analyst"),
        ("serve", "--port", "8999"),
    ):
        refused = baham(home, *words)
        assert refused.returncode == 2 and "nothing is written until" in refused.stderr, (words, refused.stderr)
        assert len(refused.stderr.splitlines()) == 1, refused.stderr
    assert (home / "audit" / "checkpoint").read_bytes() == head, "the newer tree head is not written over"
    assert "third" not in baham(home, "sources", "list").stdout
    done = baham(home, "audit", "resume", "--reason", "The disk was lost on this day")
    assert done.returncode == 0, done.stderr
    assert baham(home, "audit", "verify").returncode == 0
    assert (home / "secret.key").read_text() == key
    (aside,) = (home / "audit").glob("set-aside-*")
    assert (aside / "checkpoint").read_bytes() == head and (aside / "leaves").stat().st_size % 32 == 0
    with closing(sqlite3.connect(home / "baham.sqlite3")) as database:
        query = "SELECT detail FROM audit_entry WHERE act='went on with an older database'"
        resumed = json.loads(database.execute(query).fetchone()[0])
    assert resumed["size"] == (aside / "leaves").stat().st_size // 32
    assert resumed["lost"] == resumed["size"] - resumed["common"] > 0
    assert "home-dept" in baham(home, "sources", "list").stdout


def test_a_backup_that_is_damaged_is_refused_before_anything_is_written(tmp_path, home):
    copy = tmp_path / "copy"
    assert baham(home, "backup", str(copy)).returncode == 0
    assert baham(home, "backup", str(copy)).returncode == 2, "a backup is not written over"
    database = bytearray((copy / "database").read_bytes())
    database[5000] ^= 1
    (copy / "database").write_bytes(database)
    done = baham(tmp_path / "other", "restore", str(copy))
    assert done.returncode == 2 and "database is missing or not as it was written" in done.stderr
    assert not (tmp_path / "other").exists()
    whole = json.loads((copy / "manifest.json").read_text())
    for change in (
        lambda one: one["files"].pop("database"),
        lambda one: one.update(files={}),
        *(lambda one, name=name: one.pop(name) for name in ("files", "database", "made", "log", "secret_outside")),
        lambda one: one.update(made={}),
    ):
        change(manifest := json.loads(json.dumps(whole)))
        (copy / "manifest.json").write_text(json.dumps(manifest))
        done = baham(tmp_path / "other", "restore", str(copy))
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
        assert not (tmp_path / "other").exists()
    manifest = whole
    manifest["files"]["home/../../evil"] = "0"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert baham(tmp_path / "other", "restore", str(copy)).returncode == 2
