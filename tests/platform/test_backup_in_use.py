"""A backup made while another process writes is whole: what comes back is one moment of the ledger, and its log verifies
against it. On SQLite, and on PostgreSQL where a server is installed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.commands import run

ROOT = Path(__file__).resolve().parents[2]
_WRITES = """
import sys
from pathlib import Path
from baham.platform.boot import boot
boot()
from baham.platform.audit.services import Actor
from baham.platform.ledger.load import load
folder = Path(sys.argv[1])
number = 0
while not (folder / "stop").exists():
    number += 1
    path = folder / f"{number}.csv"
    path.write_text("id,name\\n" + "".join(f"k-{row},Zarghun Talband{row} {number}\\n" for row in range(60)))
    load(path, f"list-{number}", Actor("writer"))
    print(number, flush=True)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of the test's own; its URL without a database."""
    if shutil.which("pg_dump") is None or shutil.which("pg_restore") is None:
        pytest.skip("PostgreSQL's client programs are not installed")
    folder = tempfile.mkdtemp(prefix="pg-", dir="/tmp")  # a socket's path is short
    shutil.rmtree(folder)
    started = subprocess.run(["scripts/postgres.sh", "start", folder], cwd=ROOT, capture_output=True, text=True)
    if started.returncode:
        pytest.skip(f"no PostgreSQL starts here: {started.stderr.strip() or started.stdout.strip()}")
    yield started.stdout.strip().rpartition("/")[0]
    subprocess.run(["scripts/postgres.sh", "stop", folder], cwd=ROOT, check=True)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> Callable[[str], dict[str, str]]:
    """Gives the environment of an installation with a database of this name."""
    if request.param == "sqlite":
        return lambda name: {}
    psycopg = pytest.importorskip("psycopg")
    url = request.getfixturevalue("server")

    def of(name: str) -> dict[str, str]:
        with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return {"BAHAM_DATABASE_URL": f"{url}/{name}"}

    return of


def test_a_backup_while_another_process_loads_is_one_moment(tmp_path, database):
    home, back, copy, lists = (tmp_path / name for name in ("home", "back", "copy", "lists"))
    lists.mkdir()
    here = database("in_use")
    environment = {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT), **here}
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITES, str(lists)],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert writer.stdout and writer.stderr
    try:
        assert writer.stdout.readline() == "1\n", writer.stderr.read()
        done = run(home, "baham", "backup", str(copy), **here)
        written = len(list(lists.glob("*.csv")))
        assert writer.poll() is None, "it wrote all the while"
    finally:
        (lists / "stop").touch()
        _, told = writer.communicate(timeout=120)
    assert done.returncode == 0, done.stderr
    assert writer.returncode == 0, told
    there = database("from_copy")
    done = run(back, "baham", "restore", str(copy), **there)
    assert done.returncode == 0 and "intact" in done.stdout, done.stderr
    assert run(back, "baham", "audit", "verify", **there).returncode == 0
    rows = [line.split("\t") for line in run(back, "baham", "sources", "list", **there).stdout.splitlines()]
    assert 1 <= len(rows) <= written and {row[1] for row in rows} == {"60"}, "every list is whole or not there"
    # The way goes on from there, and what was lost since is another's affair.
    assert run(back, "baham", "sources", "load", str(lists / "1.csv"), "--name", "after", **there).returncode == 0
    assert run(back, "baham", "audit", "verify", **there).returncode == 0


def test_a_database_that_is_in_use_is_not_restored_into(tmp_path, server):
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE refused")
    url = {"BAHAM_DATABASE_URL": f"{server}/refused"}
    home, copy = tmp_path / "home", tmp_path / "copy"
    assert run(home, "baham", "sources", "list", **url).returncode == 0
    assert run(home, "baham", "backup", str(copy), **url).returncode == 0
    done = run(tmp_path / "other", "baham", "restore", str(copy), **url)
    assert done.returncode == 2 and "holds tables" in done.stderr and not (tmp_path / "other").exists()
    done = run(tmp_path / "other", "baham", "restore", str(copy))
    assert done.returncode == 2 and "the backup is of postgresql" in done.stderr
