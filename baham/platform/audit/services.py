"""Writing the log. An act and its entry stand in one transaction: neither is there without the other."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.kernel.log import Frontier
from baham.kernel.text import visible
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit import anchor, quota
from baham.platform.audit.models import Entry, Event, Head


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and what for: what every service asks for before it reads or writes.

    `counted` says that what they read is counted (`quota.py`): of whoever asks from outside, and not of our own jobs.
    """

    name: str
    purpose: Purpose | None = None
    counted: bool = False

    @classmethod
    def of(cls, request: ConsoleRequest) -> "Actor":
        return cls(request.user.username, request.purpose, counted=True)


def take_the_pen() -> Head:
    """Be alone in writing the log until the transaction ends.

    Also for acts that must happen once however many processes think of them: take it, then look whether it is done.
    """
    return Head.objects.select_for_update().get_or_create(pk=1)[0]


@transaction.atomic
def record(
    actor: Actor,
    event: Event,
    act: str,
    subject: str,
    *,
    title: str = "",
    justification: str = "",
    recipient: str = "",
    **detail: Any,
) -> Entry:
    """Append one entry. `act` is what was done in a word or two, `subject` is `kind:id` of what it was done to.

    Raises TooManyRead, and writes nothing, where it would be a reading of more records than may be read (S-05), and
    OlderThanLog where the log's copy outside the database is not of this database.
    """
    head = take_the_pen()
    anchor.check(head.size)
    if actor.counted and event == Event.CONSULTATION and not quota.count(actor.name, act, subject, detail):
        raise quota.TooManyRead(
            actor.name, actor.purpose.code if actor.purpose else "", actor.purpose.case if actor.purpose else ""
        )
    frontier = Frontier(head.size, [bytes.fromhex(peak) for peak in head.peaks])
    entry = Entry(
        number=head.size,
        at=timezone.now().replace(microsecond=0),
        actor=actor.name,
        event=event,
        act=act,
        subject=visible(subject)[:300],
        title=visible(title)[:500],
        justification=visible(justification),
        recipient=recipient,
        detail=detail,
        form=2,
        salt=secrets.token_hex(16),
        purpose=actor.purpose.code if actor.purpose else "",
        case=actor.purpose.case if actor.purpose else "",
    )
    leaf = entry.leaf_hash()
    entry.leaf = leaf.hex()
    entry.save(force_insert=True)
    frontier.append(leaf)
    head.size, head.peaks = frontier.size, [peak.hex() for peak in frontier.peaks]
    head.save()
    transaction.on_commit(anchor.catch_up)
    return entry


def consulted(actor: Actor, subject: str, title: str = "", **detail: Any) -> Entry:
    """Record that somebody read a personal record."""
    return record(actor, Event.CONSULTATION, "read", subject, title=title, **detail)
