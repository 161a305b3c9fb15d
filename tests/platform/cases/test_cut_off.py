"""A process that is killed between a step and what follows from it loses neither: the step stands, and who is to be told is
told by the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
BEGIN = """
import os, signal
from baham.platform.boot import boot
boot()
from django.utils import timezone
from baham.platform.accounts.roles import PERMISSIONS, Role
from baham.platform.audit.services import Actor
from baham.platform.cases import outbox, services
from baham.platform.cases.models import Case, Tell
from baham.platform.cases.registry import WORKFLOWS
from tests.platform.cases.conftest import ACTS, WHY, lantern
PERMISSIONS.update(ACTS)
WORKFLOWS.append(lantern())
"""
KILLED = """
from tests.support.people import person
outbox.DELIVERED = [lambda one: os.kill(os.getpid(), signal.SIGKILL)]
drafter, noor = person(Role.ANALYST, "drafter"), person(Role.REVIEWER, "noor")
given = {"subject": "Orsal Ferrand", "basis": "Lantern Act", "days": 30}
case = services.open_case(WORKFLOWS[-1], drafter, Actor("drafter"), "Lantern", given)
services.move(case, 1, "propose", drafter, Actor("drafter"), reason=WHY)
services.move(case, 2, "order", noor, Actor("noor"), reason=WHY)
"""
AFTER = """
told = []
outbox.DELIVERED = [lambda one: told.append(one.party)]
print(Case.objects.get().state, Tell.objects.get().told_at, outbox.sweep(), outbox.sweep(), told)
"""


def run(home: Path, code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        cwd=ROOT,
        env={**os.environ, "BAHAM_HOME": str(home), "DJANGO_SETTINGS_MODULE": "baham.platform.settings"},
        capture_output=True,
        text=True,
    )


def test_a_kill_between_the_step_and_what_follows_loses_neither(begin, tmp_path):
    home = begin(tmp_path / "home")
    assert run(home, KILLED).returncode == -signal.SIGKILL
    after = run(home, AFTER)
    assert after.stdout.strip() == "in-force None 1 0 ['Orsal Ferrand']", after.stderr
