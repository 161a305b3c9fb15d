"""The demonstration world for tests: made once by the command itself, however many processes test, and copied."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Make = Callable[[Path], str]


def world(factory: pytest.TempPathFactory, make: Make, home: Path) -> str:
    """Put a copy of the world into `home`; what the command said on stdout. `make` prepares a folder and returns it.

    Whoever comes first makes it, the others wait: their folders lie beside each other (pytest-xdist).
    """
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "demonstration-world"
    shared.mkdir(exist_ok=True)
    said = shared / "said.txt"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            shutil.rmtree(shared / "home", ignore_errors=True)
            text = make(shared / "home")
            said.write_text(text, encoding="utf-8")
    shutil.copytree(shared / "home", home, dirs_exist_ok=True)
    return said.read_text(encoding="utf-8")
