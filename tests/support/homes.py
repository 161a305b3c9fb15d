"""Data folders for tests that run the command: with the tables in them, made once and copied.

Making the tables takes three seconds, and a new folder for each such test would make them each time.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Begin = Callable[[Path], Path]


def template(factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them; made by whoever comes first (pytest-xdist)."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "tables"
    shared.mkdir(exist_ok=True)
    made = shared / "baham.sqlite3"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            home = shared / "home"
            shutil.rmtree(home, ignore_errors=True)
            environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT)}
            subprocess.run(
                [sys.executable, "-m", "baham", "sources", "list"], env=environment, check=True, capture_output=True
            )
            (home / "baham.sqlite3").rename(made)
    return made
