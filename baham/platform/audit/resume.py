"""Going on with a database that is older than the log's copy outside it, as after a restore: nothing is thrown away,
what is newer is set aside and named in the log by its size and root, signed with everything that follows."""

import shutil
from datetime import datetime
from pathlib import Path

from django.db import transaction

from baham.kernel.log import Frontier
from baham.platform.audit import anchor
from baham.platform.audit.models import Entry, Event, Head
from baham.platform.audit.services import Actor, record

_LEAF = 32
_KEPT = ("key", "lock")


class CannotResume(Exception):
    """The log is not in the state that this mends. The text is one line."""


def newer() -> int:
    """How many entries the copy outside the database has beyond it."""
    path = anchor.folder() / "leaves"
    head = Head.objects.filter(pk=1).first()
    return max((path.stat().st_size // _LEAF if path.exists() else 0) - (head.size if head else 0), 0)


def go_on(actor: Actor, reason: str, now: datetime) -> Path:
    """Set the newer copy aside, write it anew from the database, and say so in the log; where it was put.

    Where the database has gone on by itself since, the first entry that is another one is named as well. Raises
    CannotResume where the copy has nothing that the database lacks, or where no reason is given.
    """
    if len(reason.split()) < 2:
        raise CannotResume("write in a few words why the database is older than the log's copy")
    beyond, head, apart = newer(), Frontier(), -1
    known = Entry.objects.order_by("number").values_list("leaf", flat=True).iterator(10_000)
    for outside in anchor.read_leaves():
        mine = next(known, None)
        if apart < 0 and mine is not None and bytes.fromhex(mine) != outside:
            apart = head.size
        head.append(outside)
    if not beyond and apart < 0:
        raise CannotResume("the log's copy outside the database has nothing that the database lacks")
    aside = anchor.folder() / f"set-aside-{now:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in anchor.folder().iterdir():
        if path.name not in _KEPT and not path.name.startswith("set-aside-"):
            shutil.move(path, aside / path.name)
    with transaction.atomic():
        record(
            actor,
            Event.SYSTEM,
            "went on with an older database",
            "audit",
            title="Audit log",
            justification=reason,
            lost=beyond,
            apart=apart,
            size=head.size,
            root=head.root.hex(),
            kept=aside.name,
        )
    anchor.catch_up()
    return aside
