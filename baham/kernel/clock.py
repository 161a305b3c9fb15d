"""Time as a value that can be passed in, so that every rule with a clock can be tested on any day."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever can tell the time, in UTC and with its zone."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is told to move. For tests and for replaying a day."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, **parts: float) -> None:
        """Move on by `timedelta(**parts)`."""
        self.at += timedelta(**parts)


def utc_text(moment: datetime) -> str:
    """The moment in UTC as ISO 8601 with seconds and `Z`. Without a zone it could mean anything: ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
