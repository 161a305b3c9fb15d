"""Preparing the world: whole or not at all, once, and never over somebody else's ledger."""

import json
import re
import signal
import subprocess
import sys

import pytest

from baham.demo import prepare
from tests.demo.conftest import ROOT, environment, prepared, run
from tests.demo.test_world import digest
from tests.support import commands


def test_users_come_first_and_alone(world):
    users = world.users
    lines = world.out.splitlines()
    assert all(re.fullmatch(r"[a-z]+: \S{12,}", line) for line in lines[:10])
    assert [re.fullmatch(r"partner ([a-z]+) signs in with \S{12,}", line)[1] for line in lines[10:]] == [
        "nilgar",
        "varand",
    ]
    assert len(users) == 10
    assert all(len(password) >= 12 for password in users.values())
    assert world.rows("SELECT COUNT(*) FROM accounts_user") == [(10,)]


def test_a_second_run_changes_nothing(world):
    before = world.rows("SELECT * FROM audit_entry"), (world.home / prepare.MARKER).read_text()
    again = prepared(world.home)
    assert again.out == world.out
    assert (world.rows("SELECT * FROM audit_entry"), (world.home / prepare.MARKER).read_text()) == before
    assert not (world.home / prepare.PARTIAL).exists()


@pytest.mark.long
def test_killed_in_the_middle_and_run_again_it_is_the_same_world(world, tmp_path):
    home = tmp_path / "killed"
    process = subprocess.Popen(
        [sys.executable, "-m", "baham", "demo", "--no-serve"],
        cwd=ROOT,
        env=environment(home),
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    for line in process.stderr:
        if "20 of" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stderr.close()
    assert (home / prepare.PARTIAL).exists()
    assert not prepare.is_whole(home)
    (home / "somebody-elses.txt").write_text("kept")
    again = prepared(home)
    assert (home / "somebody-elses.txt").read_text() == "kept"
    assert not (home / prepare.PARTIAL).exists()
    assert digest(again) == digest(world)


def test_somebody_elses_ledger_is_refused(tmp_path, begin):
    home = begin(tmp_path / "theirs")
    (tmp_path / "list.csv").write_text("id,name\nx-1,Somebody Invented\n")
    assert commands.run(home, "baham", "sources", "load", str(tmp_path / "list.csv"), "--name", "own").returncode == 0
    done = run(home, "-m", "baham", "demo", "--no-serve")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "BAHAM_HOME" in done.stderr
    assert commands.run(home, "baham", "sources", "list").stdout.startswith("own\t1\t")


def test_another_database_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("BAHAM_DATABASE_URL", "postgresql://somewhere/else")
    with pytest.raises(prepare.NotOurs, match="BAHAM_DATABASE_URL"):
        prepare.check(tmp_path)


def test_a_log_without_its_database_is_still_somebodys(tmp_path):
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "leaves").write_bytes(b"x" * 32)
    with pytest.raises(prepare.NotOurs):
        prepare.check(tmp_path)


def test_what_cannot_be_read_is_not_taken(tmp_path):
    (tmp_path / "baham.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(prepare.NotOurs):
        prepare.check(tmp_path)


def test_two_at_once_do_not_meet(tmp_path):
    with prepare._alone(tmp_path), pytest.raises(prepare.NotOurs, match="another process"):
        prepare.prepare(tmp_path, print)


def test_the_marker_says_which_world(world):
    marker = json.loads((world.home / prepare.MARKER).read_text())
    assert marker["world"] == prepare.WORLD
