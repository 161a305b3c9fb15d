"""A power cut (kill -9) in the middle of a sweep loses no alert, and none is there twice."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.platform.test_power_cut import ROOT, run
from tests.support import commands

SUBJECTS = 300
SETUP = f"""
from baham.platform.boot import boot; boot()
from baham.platform.audit.services import Actor
from baham.platform.clients.services import add_client
from baham.platform.clients.monitoring import read_wanted, watch
client, key = add_client(Actor("test"), "bank", "Daryab Commercial Bank")
watch(client, [read_wanted(client, {{"reference": f"c-{{n}}", "schema": "Person", "properties": {{"name": ["Ostravin Quellmar"]}}}})
               for n in range({SUBJECTS})])
"""
COUNT = """
from baham.platform.boot import boot; boot()
from baham.platform.clients.models import Alert
from baham.platform.review.models import Item
print(Alert.objects.count(), Alert.objects.values("reference").distinct().count(), Item.objects.count())
"""
SWEEP = """
from baham.platform.boot import boot; boot()
from baham.platform.clients import sweeping
print("sweeping", flush=True)
sweeping.sweep(lambda done, total: print(done, flush=True))
"""


def python(home: Path, code: str) -> str:
    done = commands.run(home, "tests.support.code", given=code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def killed_sweep(home: Path, portions: int, seconds: float) -> bool:
    """Start a sweep, and kill it hard so long after so many portions; whether it was still running then."""
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", SWEEP], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    for _ in range(portions + 1):
        process.stdout.readline()
    time.sleep(seconds)
    running = process.poll() is None
    process.kill()
    process.wait()
    process.stdout.close()
    return running


@pytest.mark.long
def test_killed_sweeps_lose_and_double_nothing(begin, tmp_path):
    home = begin(tmp_path / "own")
    listing = tmp_path / "one.csv"
    listing.write_text("id,name\nk-1,Zarghun Talband\n")
    assert run(home, "sources", "load", str(listing), "--name", "own").returncode == 0
    python(home, SETUP)
    listing.write_text("id,name\nk-1,Zarghun Talband\nk-2,Ostravin Quellmar\n")
    assert run(home, "sources", "load", str(listing), "--name", "own").returncode == 0
    killed = [killed_sweep(home, portions, seconds) for portions, seconds in ((0, 0.5), (1, 0.2), (0, 0.9))]
    assert any(killed), "the sweeps were over before they could be killed; watch more subjects"
    alerts, references, matters = map(int, python(home, COUNT).split())
    assert alerts == references == matters < SUBJECTS
    done = run(home, "clients", "sweep")
    assert done.returncode == 0, done.stderr
    assert python(home, COUNT) == f"{SUBJECTS} {SUBJECTS} {SUBJECTS}"
    assert "0 alerts" in run(home, "clients", "sweep").stdout
    assert run(home, "audit", "verify").returncode == 0
