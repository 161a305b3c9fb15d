"""A power cut (kill -9) in the second step of an erasure: the next start goes on, and nothing of it is left."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.commands import run
from tests.support.lists import PEOPLE, write
from tests.support.scanning import found_in

ROOT = Path(__file__).resolve().parents[3]
SLOW = """
import sys, time
from baham.platform.boot import boot
boot()
from baham.platform.places import PLACES
from baham.platform.rights import erasure, erasure_work
from baham.platform.rights.models import Erasure
from baham.platform.ledger.models import Entity
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.review.services import decide
from tests.support.people import person
WHY = "The court of Kohsar ordered it; the order is on file."
made = erasure.put_forward(Actor("officer"), Entity.objects.get(key="k-1"), "order", WHY)
def wait(*args, **kwargs):
    print("in the middle", flush=True)
    time.sleep(60)
WHERE
for name, role in (("noor", Role.REVIEWER), ("baraan", Role.LIST_OFFICER)):
    decide(made.matter, person(role, name), Actor(name), "erase", WHY)
"""
IN_FILES = "from baham.platform.screening import index\nindex.build = wait"
IN_DATABASE = "erasure_work.compact = wait"


def environment(home: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT), "BAHAM_JOBS_IMMEDIATE": "1"}


def baham(home: Path, *words: str) -> subprocess.CompletedProcess:
    return run(home, "baham", *words, BAHAM_JOBS_IMMEDIATE="1")


def cut_off(home: Path, where: str, state: str) -> None:
    tmp_path = home.parent
    assert baham(home, "sources", "load", str(write(tmp_path / "a.csv")), "--name", "own").returncode == 0
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW.replace("WHERE", where)],
        env=environment(home),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "in the middle\n"
    process.kill()
    process.wait()
    process.stdout.close()
    assert f"\t{state}\t" in baham(home, "erase", "list").stdout
    assert found_in(home, PEOPLE[0]), "what a killed process leaves in the write-ahead log or in files"
    done = baham(home, "erase", "finish")
    assert (done.returncode, done.stdout) == (0, "1 finished, 0 still waiting\n"), done.stderr
    gone = {name: PEOPLE[0][name] for name in ("name", "alias", "id_number", "father_name")}
    assert found_in(home, gone) == {}
    assert found_in(home, {"name": PEOPLE[1]["name"]})
    assert baham(home, "audit", "verify").returncode == 0
    assert "0 finished" in baham(home, "erase", "finish").stdout


def test_cut_off_while_files_are_cleared(begin, tmp_path):
    cut_off(begin(tmp_path / "own"), IN_FILES, "emptied")


def test_cut_off_before_the_database_is_compacted(begin, tmp_path):
    cut_off(begin(tmp_path / "own"), IN_DATABASE, "swept")
