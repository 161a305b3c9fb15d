"""Birth dates as spans of days, as exact as their source says: what may be meant, and how much is left open."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from baham.kernel.dates import AFTER, APPROXIMATE, BEFORE, LEEWAY, DateReading, read_dates, span

_YEARS = range(1800, 2101)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day the date can mean; `precision` is "day", "month", "year" or "years" (wider than one year).

    `approximate`: its source says that it is not exact. A side that is left open (before, after) reaches to the end of
    the calendar.
    """

    first: date
    last: date
    precision: str
    approximate: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it says only before or after."""
        return self.first == date.min or self.last == date.max

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last year that it leaves possible."""
        more = LEEWAY if self.approximate else 0
        return max(self.first.year - more, 1), min(self.last.year + more, 9999)


@lru_cache(maxsize=1 << 14)
def parse(text: str) -> Span | None:
    """The span a written date means, read as far as it can be ("1968-00-00" is 1968); of several dates all that lies
    between. None where no date is read."""
    found = [one for reading in read_dates(text.strip()[:_LONGEST]) if (one := _span(reading)) is not None]
    if len(found) < 2:
        return found[0] if found else None
    first, last = min(one.first for one in found), max(one.last for one in found)
    return Span(first, last, "years", any(one.approximate for one in found))


def _span(reading: DateReading) -> Span | None:
    days = span(reading.value)
    if days is None or days[0].year not in _YEARS or days[1].year not in _YEARS:
        return None
    first, last = days
    if BEFORE in reading.flags:
        return Span(date.min, last, "years")
    if AFTER in reading.flags:
        return Span(first, date.max, "years")
    if last.year > first.year:
        precision = "years"
    else:
        precision = "day" if first == last else "year" if (last - first).days > 300 else "month"
    return Span(first, last, precision, APPROXIMATE in reading.flags)


def in_words(said: str) -> str:
    """What `as_said` made, in plain English: `approximately 1968`."""
    if said.startswith("../"):
        return f"before {said[3:]}"
    if said.endswith("/.."):
        return f"after {said[:-3]}"
    return f"approximately {said[:-1]}" if said.endswith("~") else said
