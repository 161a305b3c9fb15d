"""The way back, drilled: a backup of an installation in use, the loss of everything, and the restore."""

import json
import shutil

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
    done = baham(home, "audit", "resume", "--reason", "The disk was lost on this day")
    assert done.returncode == 0, done.stderr
    assert baham(home, "audit", "verify").returncode == 0
    assert (home / "secret.key").read_text() == key
    assert list((home / "audit").glob("set-aside-*/leaves"))
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
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["home/../../evil"] = "0"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert baham(tmp_path / "other", "restore", str(copy)).returncode == 2
