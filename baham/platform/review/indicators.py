"""How long decisions take: from opening, to the first look of somebody who may decide, to the decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from baham.platform.review.models import Item

DAYS = 30


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of a period. Durations are None where nothing was decided in it, or nobody noted a first look."""

    since: datetime
    decided: int
    median: timedelta | None
    ninth: timedelta | None
    """Nine in ten were decided within this time (the nearest-rank 90th percentile)."""
    median_to_first_look: timedelta | None
    overdue: int
    """Open matters whose time has passed, now."""


def pace(items: QuerySet[Item], days: int = DAYS, kind: str = "") -> Pace:
    """What of these matters was decided in the last `days`, how long it took, and how many are overdue now. Two
    queries."""
    now = timezone.now()
    since = now - timedelta(days=days)
    only = Q(kind=kind) if kind else Q()
    rows = list(
        items.filter(only, closed_at__gte=since, closed_at__lte=now).values_list("opened_at", "seen_at", "closed_at")
    )
    took = sorted(closed - opened for opened, _seen, closed in rows if closed is not None)
    looked = sorted(seen - opened for opened, seen, _closed in rows if seen is not None)
    overdue = items.filter(only, outcome="", due_at__lt=now).count()
    return Pace(since, len(rows), _rank(took, 50), _rank(took, 90), _rank(looked, 50), overdue)


def _rank(ordered: list[timedelta], percent: int) -> timedelta | None:
    """The nearest-rank percentile: the least value that so many in a hundred do not exceed."""
    return ordered[max(-(-percent * len(ordered) // 100), 1) - 1] if ordered else None
