"""A power cut (kill -9) in a load or an index build loses nothing that was committed and leaves nothing half done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import commands

ROOT = Path(__file__).resolve().parents[2]
BAHAM = [sys.executable, "-m", "baham"]


@pytest.fixture
def home(begin, tmp_path):
    return begin(tmp_path / "own")


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess:
    return commands.run(home, "baham", *arguments)


def write_list(path: Path, count: int, mark: str) -> Path:
    with path.open("w") as file:
        file.write("id,name,birth_date,notes\n")
        for number in range(count):
            file.write(f"k-{number},Zarghun Talband{number} {mark},19{number % 60 + 30},an invented entry {mark}\n")
    return path


def kill_after(home: Path, seconds: float, *arguments: str) -> bool:
    """Start a command and kill it hard; whether it was still running then."""
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [*BAHAM, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(seconds)
    running = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return running


@pytest.mark.long
def test_killed_loads_leave_the_version_in_force(home, tmp_path):
    first = run(home, "sources", "load", str(write_list(tmp_path / "one.csv", 30, "one")), "--name", "own")
    assert first.returncode == 0, first.stderr
    before = run(home, "sources", "list").stdout
    big = write_list(tmp_path / "two.csv", 60_000, "two")
    killed = sum(kill_after(home, seconds, "sources", "load", str(big), "--name", "own") for seconds in (1.2, 1.8, 2.6))
    assert killed, "the load was over before it could be killed; make the list longer"
    assert run(home, "sources", "list").stdout == before
    verified = run(home, "audit", "verify")
    assert verified.returncode == 0, verified.stderr
    names = tmp_path / "names.csv"
    names.write_text("id,name\n1,Zarghun Talband7 one\n2,Zarghun Talband59999 two\n")
    screened = run(home, "screen", str(names))
    assert screened.returncode == 0, screened.stderr
    assert "k-7" in screened.stdout
    assert "k-59999" not in screened.stdout


@pytest.mark.long
def test_a_killed_index_build_leaves_the_old_index_in_use(home, tmp_path):
    listing = write_list(tmp_path / "one.csv", 20_000, "one")
    assert run(home, "sources", "load", str(listing), "--name", "own").returncode == 0
    names = tmp_path / "names.csv"
    names.write_text("id,name\n1,Zarghun Talband7 one\n")
    before = run(home, "screen", str(names)).stdout
    assert "k-7" in before
    current = (home / "index" / "current").read_text()
    code = (
        "from baham.platform.boot import boot; boot()\n"
        "from baham.platform.ledger.models import Dataset, Version\nfrom django.utils import timezone\n"
        "Version.objects.create(dataset=Dataset.objects.get(), number=2, format='x', file_name='x', sha256='x', size=1,"
        " loaded_at=timezone.now(), loaded_by='test')\n"
        "from baham.platform.screening import index\nprint('building', flush=True)\nindex.build(whole=True)\n"
    )
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "building\n"
    time.sleep(0.4)
    assert process.poll() is None, "the build was over before it could be killed; make the list longer"
    process.kill()
    process.wait()
    process.stdout.close()
    assert (home / "index" / "current").read_text() == current
    assert run(home, "screen", str(names)).stdout == before
    after = (home / "index" / "current").read_text()
    assert after != current
    # What the killed build left is gone: there is the old index and what changed since, a layer over it.
    assert {path.name for path in (home / "index").iterdir() if path.is_dir()} == {current, after}
