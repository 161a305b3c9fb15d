"""Starting and stopping jobs."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.platform.audit.services import Actor
from baham.platform.jobs.models import Job, State


def start(kind: str, title: str, actor: Actor, /, **given: Any) -> Job:
    """Put a job in the queue. It begins when the transaction that asked for it has been committed."""
    job = Job.objects.create(
        kind=kind,
        title=title[:300],
        owner=actor.name,
        given=given,
        purpose=actor.purpose.code if actor.purpose else "",
        case=actor.purpose.case if actor.purpose else "",
    )

    def enqueue() -> None:
        from baham.platform.jobs.queue import work

        work(str(job.pk))

    transaction.on_commit(enqueue)
    return job


def stop(job: Job) -> None:
    """Ask a job to stop. One that waits for its turn has ended thereby; one that runs ends at its next report."""
    if not Job.objects.filter(pk=job.pk, state=State.QUEUED).update(state=State.STOPPED, ended_at=timezone.now()):
        Job.objects.filter(pk=job.pk).update(stop_asked=True)
