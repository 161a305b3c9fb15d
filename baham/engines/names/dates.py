"""Birth dates as far as they are known: a prefix ("1968", "1968-05") or an interval ("1968/1970") is a span of
days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_ISO = re.compile(r"^(\d{4})(?:[-./]?(\d{2}))?(?:[-./]?(\d{2}))?(?:[T ].*)?$")
_LOOSE = re.compile(r"^(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?$")
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_YEARS = range(1800, 2101)


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day the date can mean; `precision` is "day", "month", "year" or "years" (wider than one year)."""

    first: date
    last: date
    precision: str


@lru_cache(maxsize=1 << 14)
def parse(text: str) -> Span | None:
    """The span a written date means, read as far as it can be ("1968-00-00" is 1968); None where no year is found."""
    text = text.strip()[:40]
    if text.count("/") == 1:
        left, right = (_single(part.strip()) for part in text.split("/"))
        if left and right and not re.fullmatch(r"\d{1,2}", text.split("/")[1].strip()):
            first, last = min(left.first, right.first), max(left.last, right.last)
            return Span(first, last, "years" if last.year > first.year else left.precision)
    return _single(text)


def _single(text: str) -> Span | None:
    match = _ISO.match(text) or _LOOSE.match(text)
    if match and int(match[1]) in _YEARS:
        year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
        if not 1 <= month <= 12:
            return _year(year)
        if not 1 <= day <= monthrange(year, month)[1]:
            return Span(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")
        return Span(date(year, month, day), date(year, month, day), "day")
    years = sorted({int(y) for y in _YEAR.findall(text)})
    if not years:
        return None
    return _year(years[0]) if len(years) == 1 else Span(date(years[0], 1, 1), date(years[-1], 12, 31), "years")


def _year(year: int) -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31), "year")
