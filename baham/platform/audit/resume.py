"""Going on with a database that is older than the log's copy outside it, as after a restore: nothing is thrown away,
what is newer is set aside and named in the log by its size and root, signed with everything that follows."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from baham.kernel.log import Frontier
from baham.platform.audit import anchor
from baham.platform.audit.models import Entry, Event
from baham.platform.audit.services import Actor, record


class CannotResume(Exception):
    """The log is not in the state that this mends. The text is one line."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How the copy outside differs from the database: its `size` and `root`, and how many of its first entries the
    database has (`common`)."""

    size: int
    root: bytes
    common: int

    @property
    def lost(self) -> int:
        """How many entries the copy outside has that the database lacks."""
        return self.size - self.common


def examine() -> Apart:
    """Hold the copy outside against the database, leaf by leaf."""
    copy, common = Frontier(), 0
    known = Entry.objects.order_by("number").values_list("leaf", flat=True).iterator(10_000)
    for outside in anchor.read_leaves():
        if common == copy.size and next(known, None) == outside.hex():
            common += 1
        copy.append(outside)
    return Apart(copy.size, copy.root, common)


def go_on(actor: Actor, reason: str, now: datetime) -> Path:
    """Keep the newer copy under another name, say so in the log, and write the copy anew from the database; where the
    newer one lies. Raises CannotResume where the copy has nothing that the database lacks, or where no reason is given.

    Whenever it is interrupted, the copy is there, and nobody else writes until it is run again.
    """
    if len(reason.split()) < 2:
        raise CannotResume("write in a few words why the database is older than the log's copy")
    found = examine()
    if not found.lost:
        raise CannotResume("the log's copy outside the database has nothing that the database lacks")
    aside = anchor.folder() / f"set-aside-{now:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in _copy():
        shutil.copy2(path, aside / path.name)
    with anchor.answered(), transaction.atomic():
        record(
            actor,
            Event.SYSTEM,
            "went on with an older database",
            "audit",
            title="Audit log",
            justification=reason,
            lost=found.lost,
            common=found.common,
            size=found.size,
            root=found.root.hex(),
            kept=aside.name,
        )
    for path in _copy():
        path.unlink()
    anchor.catch_up()
    return aside


def _copy() -> list[Path]:
    """The files of the copy outside, but for the key and the lock; the leaves last, for all else follows from them."""
    files = [path for path in anchor.folder().iterdir() if path.is_file() and path.name not in ("key", "lock")]
    return sorted(files, key=lambda path: path.name == "leaves")
