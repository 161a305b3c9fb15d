"""What the machine refuses is said in one line; what was done before is not called undone."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from typer.testing import CliRunner

from baham.cli import main
from tests.support.commands import run
from tests.support.lists import PEOPLE, write


class OperationalError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y: no space left on device"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), "/x: permission denied"),
        (OSError(errno.EROFS, "Read-only file system", "/x"), "/x: read-only file system"),
        (OperationalError("database is locked"), "the database cannot be used now: database is locked"),
    ],
)
def test_one_line_and_two(monkeypatch, error, said):
    def fails(_name):
        raise error

    monkeypatch.setattr(main, "import_module", fails)
    done = CliRunner().invoke(main.app, ["audit", "verify"])
    assert done.exit_code == 2
    assert done.output.strip() == f"baham: {said}"


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(main, "import_module", lambda _name: 1 / 0)
    assert isinstance(CliRunner().invoke(main.app, ["audit", "verify"]).exception, ZeroDivisionError)


def test_a_home_that_is_a_file(tmp_path):
    (tmp_path / "house").write_text("no folder")
    done = run(tmp_path / "house", "baham", "sources", "list")
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.startswith("baham: ")


def test_a_list_that_is_loaded_and_not_indexed_is_in_force(tmp_path):
    home = tmp_path / "house"
    home.mkdir()
    (home / "index").write_text("where a folder should be")
    done = run(home, "baham", "sources", "load", str(write(tmp_path / "a.csv", PEOPLE)), "--name", "home-dept")
    assert done.returncode == 0 and "loaded, not indexed" in done.stderr, done.stderr


SLIPS = [
    ("BAHAM_PROXIES", "nonsense"),
    ("BAHAM_PROXIES", "-1"),
    ("BAHAM_PROXIES", "١"),
    ("BAHAM_BULK_READS", "0"),
    ("BAHAM_DATABASE_URL", "foo://"),
    ("BAHAM_DATABASE_URL", "postgresql://h:port/name"),
    ("BAHAM_DATABASE_URL", "postgresql://secret-word@h"),
    ("BAHAM_REQUIRE_MFA", "ture"),
    ("BAHAM_HTTPS", "2"),
    ("BAHAM_REVIEW_DAYS", "1e3"),
    ("BAHAM_TIME_ZONE", "Mars/Olympus"),
    ("BAHAM_TIME_ZONE", "../etc"),
    ("BAHAM_LOG_LEVEL", "loud"),
    ("BAHAM_PRIVATE_NETWORKS", "10.0.0.0/99"),
    ("BAHAM_ORIGINS", "example.org"),
    ("BAHAM_SCREEN_JOBS", "many"),
    ("BAHAM_MONITOR_DAYS", ""),
    ("BAHAM_JOBS_IMMEDIATE", "perhaps"),
]


@pytest.mark.parametrize(("name", "value"), SLIPS)
def test_a_setting_that_means_nothing_is_one_line_and_makes_nothing(tmp_path, name, value):
    done = run(tmp_path / "house", "baham", "sources", "list", **{name: value})
    assert done.returncode == 2 and done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"baham: {name}: ") and "secret-word" not in line
    assert not (tmp_path / "house").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("baham", "serve"),
        ("baham", "screen", "-"),
        ("baham", "backup", "x"),
        ("baham", "restore", "x"),
        ("baham", "demo", "--no-serve"),
        ("baham", "people", "list"),
        ("baham", "overlap", "stop", "x"),
        ("baham", "taxii", "list"),
        ("baham", "screening", "verify"),
        ("baham", "audit", "verify"),
    ],
)
def test_so_it_is_for_each_command(tmp_path, words):
    done = run(tmp_path / "house", *words, BAHAM_DATABASE_URL="foo://")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr


@pytest.mark.parametrize("start", ["import baham.platform.wsgi", "from baham.platform.jobs.worker import main; main()"])
def test_and_for_the_processes_that_serve(tmp_path, start):
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(tmp_path / "house"), "BAHAM_PROXIES": "nonsense"}
    done = subprocess.run([sys.executable, "-c", start], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr == "baham: BAHAM_PROXIES: 'nonsense' is not a whole number\n"


def test_a_database_of_a_later_version_is_told_and_left_alone(tmp_path, begin):
    home = tmp_path / "house"
    begin(home)
    with closing(sqlite3.connect(home / "baham.sqlite3")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '9999_later', '2030-01-01')"
        )
        database.commit()
    done = run(home, "baham", "sources", "list")
    assert done.returncode == 2 and done.stderr.startswith("baham: the database is of a later version of Baham")
