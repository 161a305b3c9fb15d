"""The queue: huey on a SQLite file beside the database, so that there is no further service to run.

Where BAHAM_JOBS_IMMEDIATE is set (tests, scripts) a job runs at once, in the caller's process.
"""

from django.conf import settings
from huey import SqliteHuey, crontab

huey = SqliteHuey(
    "baham",
    filename=str(settings.HOME / "jobs.sqlite3"),
    immediate=settings.JOBS_IMMEDIATE,
    results=False,
    fsync=True,
)


@huey.task()
def work(job_id: str) -> None:
    """Run one job. Registered with the queue under this module's name."""
    from baham.platform.jobs.running import run

    run(job_id)


@huey.periodic_task(crontab(minute="7"))
def each_hour() -> None:
    """What rooms do by themselves once an hour (`running.HOURLY`)."""
    from baham.platform.jobs.running import hourly

    take_up()
    hourly()


def take_up() -> int:
    """Put the jobs that wait back in the queue: one whose process died after its commit never came there. To do it to
    one that is there already is harmless, for a job begins once."""
    from baham.platform.jobs.models import Job, State

    waiting = [
        str(pk) for pk in Job.objects.filter(state=State.QUEUED).order_by("created_at").values_list("pk", flat=True)
    ]
    for job in waiting:
        work(job)
    return len(waiting)
