"""The jobs' place in an erasure: what a job was called, what it was given and what came of it."""

from collections.abc import Iterator

from baham.platform.jobs.models import Job, State
from baham.platform.places import Concerned, texts_of


def holds(concerned: Concerned) -> int:
    """How many jobs speak of who is concerned."""
    return sum(1 for _ in _speaking(concerned))


def erase(concerned: Concerned) -> int:
    """Empty the words of those jobs. Inside the caller's transaction. What a job that waits was given stays: it could
    not be done otherwise, and is done before the files are cleared and this is asked again."""
    count = 0
    for job in list(_speaking(concerned)):
        job.title, job.result = concerned.without(job.title), concerned.without(job.result)
        job.message = concerned.without(job.message)
        if job.state not in (State.QUEUED, State.RUNNING):
            job.given = concerned.without(job.given)
        job.save(update_fields=["title", "given", "result", "message"])
        count += 1
    return count


def known_as(concerned: Concerned) -> list[str]:
    """How the log calls them."""
    return [f"job:{job.pk}" for job in _speaking(concerned)]


def _speaking(concerned: Concerned) -> Iterator[Job]:
    for job in Job.objects.order_by("pk").iterator(1_000):
        held = (job.title, job.given, job.result, job.message)
        if any(concerned.speaks_of(text) for text in texts_of(held)):
            yield job
