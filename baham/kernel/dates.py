"""Dates as lists really write them, read as far as they can be and no further.

A reading is a prefix of an ISO 8601 date (`1968`, `1968-05`, `1968-05-03`) or an interval of two such prefixes
(`1968/1970`, ISO 8601-1 §5.5). Unknown parts are never filled with 01-01: `1968-00-00` reads as the year 1968.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        ["jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"], start=1)
    for name in names.split()
}  # fmt: skip
_CIRCA = re.compile(
    r"\b(?:circa|approximately|approx|about|around|between|before|after|late|early|probably|possibly|ca|c)\b\.?|~", re.I
)
_ISO = re.compile(r"^(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?:T.*|Z|[+-]\d{2}:\d{2})?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")
_WORDS = re.compile(r"^(?:(\d{1,2})(?:st|nd|rd|th)?[\s.-]+)?([A-Za-z]{3,9})[\s.,-]+(\d{4})$")
_WORDS_US = re.compile(r"^([A-Za-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?,\s*(\d{4})$")
_RANGE = re.compile(r"^(.+?)\s*(?:\bto\b|\band\b|–|—|\s-\s|(?<=\d{4})[-/](?=\d{4}))\s*(.+)$", re.I)
_SEVERAL = re.compile(r"\s*(?:;|\bor\b|\(\w\)|\(i{2,3}\)|(?<![\w(])[a-h]\)|\n)\s*", re.I)


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a written date was read. `value` is the prefix or interval, empty if nothing could be read."""

    value: str
    flags: tuple[str, ...] = ()


def read_dates(text: str) -> list[DateReading]:
    """All dates that a field holds: `1968 or 1970` is two. A part that cannot be read comes back flagged `unread`."""
    parts = [part.strip(" ,()") for part in _SEVERAL.split(text)]
    several = ("several",) if sum(bool(part) for part in parts) > 1 else ()
    return [DateReading(r.value, r.flags + several) for part in parts if part for r in [_read_one(part)]]


def _read_one(text: str) -> DateReading:
    # Brackets go with the word that they held: `1911 and 1913 (approximately)`.
    bare = " ".join(_CIRCA.sub(" ", text).split()).strip(" ,.()")
    found = ("approximate",) if bare != " ".join(text.split()).strip(" ,.()") else ()
    whole = _prefix(bare)
    if whole:
        return DateReading(whole.value, found + whole.flags)
    pair = _RANGE.match(bare)
    first, last = (_prefix(pair[1]), _prefix(pair[2])) if pair else (None, None)
    if first and last and first.value[:4] <= last.value[:4]:
        return DateReading(f"{first.value}/{last.value}", (*found, "interval"))
    return DateReading("", (*found, "unread"))


def _prefix(text: str) -> DateReading | None:
    """One date as an ISO prefix, or None. Parts that are zero or impossible are left off and flagged `partial`."""
    text = text.strip(" ,.")
    if match := _ISO.match(text):
        year, month, day = match[1], int(match[2] or 0), int(match[3] or 0)
        written = 1 + (match[2] is not None) + (match[3] is not None)
    elif match := _DAY_FIRST.match(text):
        year, month, day, written = match[3], int(match[2]), int(match[1]), 3
    elif (match := _WORDS.match(text)) and match[2].lower() in _MONTHS:
        year, month, day = match[3], _MONTHS[match[2].lower()], int(match[1] or 0)
        written = 3 if match[1] else 2
    elif (match := _WORDS_US.match(text)) and match[1].lower() in _MONTHS:
        year, month, day, written = match[3], _MONTHS[match[1].lower()], int(match[2]), 3
    else:
        return None
    if not 1000 <= int(year) <= 2999:
        return None
    value, known = year, 1
    if 1 <= month <= 12:
        value, known = f"{year}-{month:02d}", 2
        if 1 <= day <= monthrange(int(year), month)[1]:
            value, known = f"{value}-{day:02d}", 3
    return DateReading(value, ("partial",) if known < written else ())


def span(value: str) -> tuple[date, date] | None:
    """First and last day that a reading may mean, or None for one that is empty or malformed."""
    first, _, last = value.partition("/")
    start, end = _days(first), _days(last or first)
    return (start[0], end[1]) if start and end else None


def _days(prefix: str) -> tuple[date, date] | None:
    try:
        parts = [int(part) for part in prefix.split("-")]
        if len(parts) == 1:
            return date(parts[0], 1, 1), date(parts[0], 12, 31)
        if len(parts) == 2:
            return date(parts[0], parts[1], 1), date(parts[0], parts[1], monthrange(*parts)[1])
        day = date(*parts[:3])
    except (ValueError, TypeError):
        return None
    return day, day
