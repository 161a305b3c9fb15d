"""A file that is to become the next version of a list: looked at first, then put in force, or put before a second
person where it would end or change more than the list allows (`guard.py`)."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from baham.kernel.decision import LEAST_REASON
from baham.kernel.handling import TLP
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.guard import Confirmed, Effect
from baham.platform.ledger.load import Loaded, Looked, Progress, load
from baham.platform.ledger.models import Offered

ASKED: list[Callable[[Offered, Actor], object]] = []
"""Who is asked about a file that is to be confirmed by a second person; the room above adds itself when it is ready."""
State = Offered.State
_OPEN = (State.LOOKED_AT, State.ASKED, State.AGREED)


class CannotOffer(ValueError):
    """That cannot be done with this file now. The text is for the person who tried."""


@transaction.atomic
def offer(
    path: Path,
    name: str,
    actor: Actor,
    *,
    file_name: str,
    title: str = "",
    format_name: str = "",
    options: dict[str, Any] | None = None,
    tlp: TLP | None = None,
) -> Offered:
    """Bring a file for a list, under the name that it has for people; `tlp` is how a new list is handled. What the same
    person looked at before and did nothing with is dropped."""
    for earlier in Offered.objects.filter(dataset_name=name, by=actor.name, state=State.LOOKED_AT):
        drop(earlier)
    return Offered.objects.create(
        dataset_name=name,
        title=title,
        path=str(path),
        file_name=file_name[:300],
        format=format_name,
        options=options or {},
        tlp=tlp,
        by=actor.name,
    )


def look(offered: Offered, actor: Actor, progress: Progress = lambda done, total: None) -> Offered:
    """Find out what the file would do; nothing changes. Raises BadInput."""
    try:
        _load(offered, actor, progress, look=True)
    except Looked as seen:
        offered.effect = told(seen.effect, seen.stops.why)
        offered.save(update_fields=["effect"])
    return offered


def told(effect: Effect, why: tuple[str, ...]) -> dict[str, object]:
    """What is kept of an effect, and why it is to be confirmed; empty where it is not."""
    return {**effect.as_json(), "why": list(why)}


def put_in_force(offered: Offered, actor: Actor, progress: Progress = lambda done, total: None) -> Loaded:
    """Load the file. Raises BadInput, or MassChange where its numbers are not those that somebody agreed to."""
    agreed = offered.state == State.AGREED
    confirmed = (
        Confirmed(offered.effect.get("silenced"), offered.effect.get("changed"), offered.reason, offered.agreed_by)
        if agreed
        else None
    )
    done = _load(offered, actor, progress, confirmed=confirmed)
    _close(offered, State.IN_FORCE)
    return done


@transaction.atomic
def ask(offered: Offered, actor: Actor, reason: str) -> Offered:
    """Ask a second person, with a reason, whether a file that stops goes on. Raises CannotOffer."""
    if offered.state != State.LOOKED_AT or not offered.effect.get("why"):
        raise CannotOffer("There is nothing here that takes a second person.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotOffer(f"Write at least {LEAST_REASON} characters; the second person reads this.")
    offered.state, offered.reason = State.ASKED, reason.strip()
    offered.save(update_fields=["state", "reason"])
    record(
        actor,
        Event.SYSTEM,
        "asked about a version",
        f"dataset:{offered.dataset_name}",
        title=str(offered),
        justification=offered.reason,
        ending=offered.effect["silenced"],
        changing=offered.effect["changed"],
    )
    for put in ASKED:
        put(offered, actor)
    return offered


@transaction.atomic
def agree(offered: Offered, actor: Actor, reason: str) -> None:
    """The second person's yes: from now on the file may be put in force with exactly the numbers that were shown."""
    offered.state, offered.agreed_by = State.AGREED, actor.name
    offered.reason = offered.reason or reason
    offered.save(update_fields=["state", "agreed_by", "reason"])


def drop(offered: Offered) -> None:
    """Let a file go; the version in force stays."""
    _close(offered, State.DROPPED)


def is_here(offered: Offered) -> bool:
    """Whether the file is still here; an erasure takes files that name whom it erased."""
    return offered.state in _OPEN and Path(offered.path).is_file()


def folder() -> Path:
    """Where files lie until they are decided."""
    path = Path(settings.HOME) / "uploads"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def _close(offered: Offered, state: str) -> None:
    path = Path(offered.path)
    if path.parent == folder():
        path.unlink(missing_ok=True)
    elif path.parent.parent == folder():
        shutil.rmtree(path.parent, ignore_errors=True)  # a list of several files lies in a folder of its own
    offered.state = state
    offered.save(update_fields=["state"])


def _load(offered: Offered, actor: Actor, progress: Progress, **more: Any) -> Loaded:
    return load(
        Path(offered.path),
        offered.dataset_name,
        actor,
        about={
            **({"title": offered.title} if offered.title else {}),
            **({"tlp": offered.tlp} if offered.tlp is not None else {}),
        },
        format_name=offered.format,
        options=offered.options,
        progress=progress,
        file_name=offered.file_name,
        **more,
    )
