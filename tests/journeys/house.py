"""The house that the journeys go through: the demonstration world, served by `baham serve` as its users would."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.browser import ROOT, until

ANALYST, LIST_OFFICER, REVIEWER, SECOND_REVIEWER, AUDITOR = "lashvar", "barvand", "noor", "halim", "sangvar"
ADMINISTRATOR = "darvakh"
PURPOSE = {ANALYST: "screening", LIST_OFFICER: "list-maintenance", REVIEWER: "review", SECOND_REVIEWER: "review"}
"""What each of them works for here; the auditor and the administrator need none."""


@dataclass(frozen=True, slots=True)
class House:
    """A running Baham: its address, who can sign in, and where its data lies."""

    address: str
    people: dict[str, str]
    home: Path

    def row(self, query: str, *values: object) -> tuple:
        """One row of the ledger, read beside the server: for what a test must know and no page has to say."""
        path = (self.home / "baham.sqlite3").absolute().as_uri()
        with closing(sqlite3.connect(f"{path}?mode=ro", uri=True)) as connection:
            found = connection.execute(query, values).fetchone()
        assert found is not None, (query, values)
        return found

    def entity(self, dataset: str, key: str) -> str:
        """The address of an entry's page."""
        query = (
            "SELECT e.id FROM ledger_entity e JOIN ledger_dataset d ON d.id = e.dataset_id WHERE d.name=? AND e.key=?"
        )
        return f"/entity/{self.row(query, dataset, key)[0]}/"


def prepare(home: Path) -> str:
    """Make the world in a folder; what the command says."""
    done = subprocess.run(_baham("demo", "--no-serve"), env=_environment(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def people_of(said: str) -> dict[str, str]:
    """The users with their passwords, as the command says them."""
    return dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)


@contextmanager
def serving(home: Path, people: dict[str, str]) -> Iterator[House]:
    """Serve the world on a port of its own, until the journeys are over."""
    port = _free_port()
    with (home / "serve.log").open("w") as log:
        server = subprocess.Popen(
            _baham("serve", "--port", str(port)), env=_environment(home), stdout=log, stderr=log, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            until(lambda: _answers(server, address, home), 30, "the server answers", time.sleep)
            yield House(address, people, home)
        finally:
            _end(server)


def _baham(*words: str) -> list[str]:
    return [sys.executable, "-m", "baham", *words]


def _environment(home: Path) -> dict[str, str]:
    """The tests' own settings stay here; the house has the settings that users have."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAHAM_", "DJANGO_"))}
    return {**kept, "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(server: subprocess.Popen, address: str, home: Path) -> bool:
    assert server.poll() is None, (home / "serve.log").read_text()
    try:
        with urlopen(f"{address}/healthz", timeout=2) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


def _end(server: subprocess.Popen) -> None:
    """As Ctrl-C would; whatever of ours is still there after that is ended with it."""
    server.terminate()
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)  # its own session: nothing but what it started
        server.wait(5)
