"""The second step of an erasure: what lies in files, and what a database keeps of rows that are gone.

It is done at once as a job. Whatever cuts it off, the worker takes it up again when it starts and every hour, from what
the erasure's note says; each part may be done twice.
"""

import fcntl
import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.jobs.models import Job
from baham.platform.jobs.models import State as Running
from baham.platform.jobs.running import Handle, JobError
from baham.platform.ledger import fulltext
from baham.platform.places import PLACES, Concerned
from baham.platform.review.erasing import holding
from baham.platform.rights import erasure
from baham.platform.rights.erasure_scope import concerned_by
from baham.platform.rights.models import Erasure

log = logging.getLogger("baham.erasure")
State = Erasure.State
_IN_USE = "The database is in use and cannot be compacted now; it is tried again within the hour."
Report = Callable[[int, int | None], None]


class Busy(Exception):
    """What is left of the erasure has to wait; it is tried again within the hour. The text says for what."""


def work(handle: Handle, given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """The job. Raises JobError where the rest must wait."""
    try:
        finish(Erasure.objects.get(pk=given["erasure"]), handle.report)
    except Busy as busy:
        raise JobError(str(busy)) from busy
    return {"erasure": given["erasure"]}


def finish(one: Erasure, report: Report = lambda done, total: None) -> None:
    """Clear the files, forget who it was about, compact the database. Raises Busy."""
    with _alone():
        one.refresh_from_db()
        if one.state == State.EMPTIED:
            _sweep(one, report)
        if one.state == State.SWEPT:
            compact()
            with transaction.atomic():
                one.state, one.done_at = State.DONE, timezone.now()
                one.save(update_fields=["state", "done_at"])
                record(
                    Actor(one.decided_by),
                    Event.ERASURE,
                    "finished an erasure",
                    f"erasure:{one.pk}",
                    files=one.counts.get("files", 0),
                )


def _sweep(one: Erasure, report: Report) -> None:
    if Job.objects.filter(kind="screen", state=Running.RUNNING).exists():
        raise Busy("A file is being screened; its results are cleared when that is done.")
    concerned = Concerned.from_json(one.note)
    with transaction.atomic():
        erasure.take_out(concerned)
    steps = [place.files for place in PLACES if place.files is not None]
    changed = 0
    for done, step in enumerate(steps):
        report(done, len(steps) + 1)
        changed += step(concerned)
    one.counts["files"] = changed
    one.note, one.state = {}, State.SWEPT
    one.save(update_fields=["counts", "note", "state"])


def compact() -> None:
    """Leave nothing of deleted rows in the database's own files: SQLite's file and its write-ahead log are written
    anew; PostgreSQL writes the tables anew. Not inside a transaction. Raises Busy."""
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                fulltext.compact()
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                if cursor.fetchone()[0]:
                    raise Busy(_IN_USE)
            else:
                cursor.execute("SET lock_timeout = '20s'")
                try:
                    for table in _tables():
                        cursor.execute(f'VACUUM (FULL) "{table}"')
                finally:
                    cursor.execute("RESET lock_timeout")
    except OperationalError as error:
        raise Busy(_IN_USE) from error


def _tables() -> list[str]:
    """The tables that an erasure may have touched."""
    labels = {label for place in PLACES for label in place.models} | {"sessions.Session"}
    return sorted(apps.get_model(label)._meta.db_table for label in labels)


def resume() -> int:
    """Go on with every erasure that two people agreed on and that is not finished; how many were. One that fails is
    written down, and keeps no other waiting."""
    finished = 0
    for one in Erasure.objects.filter(state__in=(State.WAITING, State.EMPTIED, State.SWEPT)).order_by("pk"):
        try:
            finished += _go_on(one)
        except Exception as error:
            log.error("%s: %s", one, traceback.format_exc())
            record(
                Actor("engine:erasure"),
                Event.SYSTEM,
                "an erasure was cut off",
                f"erasure:{one.pk}",
                problem=type(error).__name__,
            )
    return finished


def _go_on(one: Erasure) -> bool:
    if one.state == State.WAITING:
        if holding(concerned_by(one)).exists():
            return False
        erasure.empty(one, Actor(one.decided_by))
    try:
        finish(one)
    except Busy:
        return False
    return True


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time clears files; another waits, and finds it done."""
    with (Path(settings.HOME) / "erasing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
