"""Telling parties of a step: written down with the step, delivered after it, at least once. What a crash leaves undone
is done within the hour; what is done twice is found done."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from baham.platform.cases.models import Case, Step, Tell
from baham.platform.cases.workflow import Move, Workflow

DELIVERED: list[Callable[[Tell], None]] = []
"""What measures do where a party is told (hand it to a post box, a partner, a file). What raises is tried again later.
Each must find done what it did before: it may be asked twice."""
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)


def tell(flow: Workflow, case: Case, move: Move, step: Step) -> None:
    """Write down who is to be told of a step. Inside the step's transaction."""
    kinds = [*move.tells, *(["letter"] if move.letter and not move.tells else [])]
    for kind in kinds:
        party = "" if kind == "letter" else str(case.given.get(flow.party(kind).field, "") or "")[:200]
        Tell.objects.create(step=step, kind=kind, party=party, letter=_letter(case, move, step))
    if kinds:
        transaction.on_commit(lambda: deliver(step.pk))


def deliver(step: int | None = None) -> int:
    """Deliver what is to be told (of one step, or all that is due). How many were told now."""
    waiting = Tell.objects.filter(told_at=None).select_related("step__case")
    waiting = waiting.filter(step=step) if step is not None else waiting.filter(next_try__lte=timezone.now())
    return sum(map(_deliver, list(waiting)))


def _deliver(one: Tell) -> bool:
    try:
        for by in DELIVERED:
            by(one)
    except Exception as error:  # whatever a post box does, the others are told
        wait = min(_FIRST * 2**one.attempts, _LONGEST)
        Tell.objects.filter(pk=one.pk).update(
            attempts=F("attempts") + 1, next_try=timezone.now() + wait, problem=str(error)[:300]
        )
        return False
    told = Tell.objects.filter(pk=one.pk, told_at=None)
    return bool(told.update(told_at=timezone.now(), problem="", attempts=F("attempts") + 1))


def _letter(case: Case, move: Move, step: Step) -> dict[str, Any]:
    """What a party is told, as codes and values: the page and the paper say it in the reader's language."""
    return {
        "letter": move.letter,
        "move": step.move,
        "state": step.to,
        "ground": step.ground,
        "given": dict(case.given),
        "at": step.at.isoformat(),
    }


def sweep() -> int:
    """Deliver whatever is still to be told. Asked for every hour."""
    return deliver()
