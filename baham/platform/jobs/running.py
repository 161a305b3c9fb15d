"""Running a job: what the work sees of it, and how its end is written down."""

import logging
import time
import traceback
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from baham.platform.audit.services import Actor
from baham.platform.jobs.models import Job, State

log = logging.getLogger(__name__)
_SECONDS_BETWEEN_REPORTS = 0.4


class Stopped(Exception):
    """The owner asked the job to stop. What it has done so far is kept."""


class JobError(Exception):
    """The work cannot be done, for a reason that its owner can mend. The text is one clear line."""


class Handle:
    """What the work sees of its job: it reports here, and learns here that it should stop."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._reported = 0.0

    def report(self, done: int, total: int | None = None) -> None:
        """Say how far the work is. Raises Stopped when somebody asked for that. Cheap enough to call often."""
        if time.monotonic() - self._reported < _SECONDS_BETWEEN_REPORTS:
            return
        self._reported = time.monotonic()
        self.job.done, self.job.total = done, total if total is not None else self.job.total
        self.job.save(update_fields=["done", "total"])
        if Job.objects.filter(pk=self.job.pk, stop_asked=True).exists():
            raise Stopped


Work = Callable[[Handle, dict[str, Any], Actor], dict[str, Any]]
KINDS: dict[str, Work] = {}
"""What can be run, by kind. Each room adds its own when its app is ready."""
HOURLY: list[Callable[[], object]] = []
"""What the worker does once an hour, whoever asks; each room adds its own when its app is ready."""


def run(job_id: str) -> None:
    """Do the work of one job, and write down how it ended. A fault is logged and named to the owner."""
    from baham.platform.accounts.purposes import Purpose

    job = Job.objects.get(pk=job_id)
    if job.state != State.QUEUED:
        return
    job.state, job.started_at = State.RUNNING, timezone.now()
    if not Job.objects.filter(pk=job.pk, state=State.QUEUED).update(state=job.state, started_at=job.started_at):
        return  # it was in the queue twice, and has begun
    actor = Actor(job.owner, Purpose(job.purpose, job.case) if job.purpose else None)
    try:
        job.result = KINDS[job.kind](Handle(job), job.given, actor)
        _end(job, State.DONE, "")
    except Stopped:
        _end(job, State.STOPPED, "")
    except JobError as error:
        _end(job, State.FAILED, str(error))
    except Exception as error:
        log.error("job %s: %s", job.pk, traceback.format_exc())
        _end(job, State.FAILED, f"{type(error).__name__}: {error}")


def _end(job: Job, state: State, message: str) -> None:
    job.state, job.message, job.ended_at = state, message, timezone.now()
    if state == State.DONE and job.total:
        job.done = job.total
    job.save(update_fields=["state", "message", "ended_at", "result", "done"])


def hourly() -> None:
    """Do what is to be done every hour. A fault in one piece of it is logged and keeps nobody else waiting."""
    for act in HOURLY:
        try:
            act()
        except Exception:
            log.error("hourly work: %s", traceback.format_exc())


def recover() -> int:
    """Close the jobs that a crash left running, so that nobody waits for them. Called when the worker starts."""
    return Job.objects.filter(state=State.RUNNING).update(
        state=State.FAILED, message="The machine stopped in the middle of it. Start it again.", ended_at=timezone.now()
    )
