"""The worker is there as long as `baham serve` is, and whoever waits learns when it is not."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.jobs import alive
from baham.platform.jobs.models import Job, State
from baham.platform.jobs.services import stop
from baham.platform.screening import index
from tests.support.browser import ROOT, until
from tests.support.lists import load_rows
from tests.support.people import person, signed_in

_KEEPS = """
from baham.platform.boot import boot
boot()
from baham.platform.jobs.worker import Kept
kept = Kept()
print("begun", flush=True)
input()
kept.end()
"""


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(one) for one in found.stdout.split()]


def locked(home):
    """Whether somebody holds the worker's lock."""
    return subprocess.run(["flock", "-n", home / "worker.lock", "true"], check=False).returncode != 0


def test_a_worker_that_is_killed_is_said_and_another_one_starts(tmp_path, begin):
    home = begin(tmp_path / "home")
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home)}
    with subprocess.Popen(
        [sys.executable, "-c", _KEEPS],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as keeper:
        assert keeper.stdout.readline() == "begun\n"
        until(lambda: locked(home), 30, "the worker works", time.sleep)
        (first,) = children(keeper.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: children(keeper.pid) not in ([], [first]), 30, "another one starts", time.sleep)
        until(lambda: locked(home), 30, "it works", time.sleep)
        (second,) = children(keeper.pid)
        _out, said = keeper.communicate("\n", timeout=30)
    assert keeper.returncode == 0 and said.count("the worker ended (exit code -9)") == 1, said
    assert not Path(f"/proc/{second}").exists() and not locked(home)


@pytest.mark.django_db
def test_who_waits_for_a_worker_that_is_not_there_is_told(settings, tmp_path):
    owner = person(Role.ANALYST, "tirvash")
    job = Job.objects.create(kind="test", title="t", owner="tirvash")
    client = signed_in(owner)
    settings.JOBS_IMMEDIATE = False
    assert "does not run" in client.get(f"/job/{job.pk}/").content.decode()
    load_rows(tmp_path)
    index.build()
    assert client.get("/yente/readyz").json() == {"status": "ok", "jobs": "no worker runs"}
    with alive.held():
        assert client.get("/yente/readyz").json() == {"status": "ok", "jobs": "ok"}
        assert alive.runs()
        assert "waits for its turn" in client.get(f"/job/{job.pk}/").content.decode()
    assert not alive.runs()


@pytest.mark.django_db
def test_a_job_that_waits_is_stopped_at_once_and_never_begins():
    job = Job.objects.create(kind="load", title="t", owner="tirvash")
    stop(job)
    job.refresh_from_db()
    assert job.state == State.STOPPED and job.ended_at and not job.started_at
    page = signed_in(person(Role.ANALYST, "tirvash")).get(f"/job/{job.pk}/").content.decode()
    assert "Nothing has changed" in page and "kept" not in page
