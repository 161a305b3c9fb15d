"""Time in the demonstration world: its past is told in order, each event by the real services, at its own moment.

Everything is reckoned from the moment of preparation, so that what is due in 19 minutes is due in 19 minutes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

Event = tuple[datetime, Callable[[], object]]


@contextmanager
def clock(moment: datetime) -> Iterator[None]:
    """Let the services believe that it is `moment`, for as long as one event of the past takes to tell."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


@dataclass(frozen=True, slots=True)
class Calendar:
    """The day of preparation, and days and minutes seen from it."""

    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def at(self, ago: int, hour: str = "10:30") -> datetime:
        """A time of day so many days ago; negative for the days to come."""
        return datetime.combine(self.day(ago), time.fromisoformat(hour), timezone.get_current_timezone())

    def minutes(self, ago: float) -> datetime:
        return self.now - timedelta(minutes=ago)


def tell(events: list[Event], progress: Callable[[int, int], object] = lambda done, total: None) -> None:
    """Let everything happen, in order, each at its time."""
    for done, (at, happens) in enumerate(sorted(events, key=lambda event: event[0]), start=1):
        with clock(at):
            happens()
        progress(done, len(events))
