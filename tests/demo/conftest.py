"""The demonstration world, prepared once by the command itself in a folder of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest

from tests.support import demo as shared

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class World:
    """A prepared home: what the command said, and ways to look into it."""

    home: Path
    out: str

    @property
    def users(self) -> dict[str, str]:
        return dict(line.split(": ", 1) for line in self.out.splitlines() if ": " in line)

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(connect(f"file:{self.home}/baham.sqlite3?mode=ro", uri=True)) as database:
            return database.execute(question, values).fetchall()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return run(self.home, *command)


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAHAM_", "DJANGO_"))}
    return {**kept, "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def run(home: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments on a home."""
    return subprocess.run(
        [sys.executable, "-W", "error", *command],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=600,
    )


def prepared(home: Path) -> World:
    done = run(home, "-m", "baham", "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    return World(home, done.stdout)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("demo") / "home"
    yield World(home, shared.world(tmp_path_factory, lambda folder: prepared(folder).out, home))
