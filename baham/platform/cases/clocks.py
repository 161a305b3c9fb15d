"""Days of a clock: when it runs out, and what it has used up. Days are dates of the installation's time zone; the day
on which a clock starts does not count, and it has run out once its last day has come."""

from collections.abc import Callable
from datetime import date, timedelta

Counts = Callable[[date], bool]
"""Whether a day counts: every day, or those that are worked."""
_MOST = 40_000
"""No clock runs for longer than a century."""


def every_day(_day: date) -> bool:
    return True


def working(holidays: frozenset[date], weekend: frozenset[int]) -> Counts:
    """Days that are worked: neither a holiday nor of the weekend (0 is Monday)."""
    return lambda day: day.weekday() not in weekend and day not in holidays


def due_on(start: date, days: int, counts: Counts) -> date:
    """The day on which a clock with so many days left, started on `start`, runs out; `start` itself for none."""
    day, left = start, days
    for _ in range(_MOST):
        if left <= 0:
            break
        day += timedelta(days=1)
        left -= counts(day)
    return day


def spent(start: date, end: date, counts: Counts) -> int:
    """How many days that count lie behind `start`, up to and with `end`; 0 where `end` is not later."""
    return sum(counts(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
