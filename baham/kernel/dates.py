"""Dates as lists really write them, read as far as they can be and no further.

A reading is a prefix of an ISO 8601 date (`1968`, `1968-05`, `1968-05-03`) or an interval of two such prefixes
(`1968/1970`, ISO 8601-1 §5.5), with flags for what its source says of it. Unknown parts are never filled with 01-01:
`1968-00-00` reads as the year 1968. `as_said` puts both into one word of ISO 8601-2 (EDTF): `1968~`, `../1968`,
`1968/..`.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

APPROXIMATE, BEFORE, AFTER = "approximate", "before", "after"
LEEWAY = 5
"""Years by which an approximate date may be off, to either side: set by judgement; lists do not say what they mean."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
_SAID = (
    (
        AFTER,
        r"/\.\.$|(?<=\d{4})\s?(?:\.\.|[-–—])$|"
        r"\b(?:not? (?:before|earlier than)|(?:or )?(?:after|later)(?: than)?|since|from|onwards?)\b|[>≥]"
        "|بعد از|کے بعد|بعد",
    ),
    (
        BEFORE,
        r"^\.\./|^(?:\.\.|[-–—])\s?(?=\d{4})|"
        r"\b(?:(?:not? )?(?:later|after) than|prior to|until|till|up to|by|(?:or )?(?:before|earlier)(?: than)?"
        r"|pre)\b|[<≤]|قبل از|سے پہلے|قبل",
    ),
    (
        APPROXIMATE,
        r"\b(?:circa|approximately|approximate|approx|about|around|nearly|roughly|late|early|mid|middle|end|beginning|start"
        r"|spring|summer|autumn|winter|or so|or thereabouts|estimated?|est|probably|possibly|perhaps|presum(?:ed|ably)"
        r"|believed|uncertain|ca|c(?=[\W\d]))\b\.?|\bc(?=\d{4})|~|(?<=\d{4})\s*[?]|تقریبا?|تقريبا?|حدود|حوالي|حوالی"
        r"|لگ بھگ",
    ),
)
_FLAGS = [(flag, re.compile(pattern, re.I)) for flag, pattern in _SAID]
_LAST_NOT_AFTER = re.compile(r"\b(?:not?|never)\s+(?:after|later than)\b|\bat the latest\b", re.I)
_FILLING = re.compile(r"\b(?:between|born|in|the|of|year|years|dob)\b[.:]?", re.I)
_ISO = re.compile(r"^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?(?:T.*|Z|[+-]\d{2}:\d{2})?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[./-](\d{1,2})[./-](\d{4})$")
_WORDS = re.compile(r"^(?:(\d{1,2})(?:st|nd|rd|th)?[\s.-]+)?([A-Za-z]{3,9})[\s.,-]+(\d{4})$")
_WORDS_US = re.compile(r"^([A-Za-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?,\s*(\d{4})$")
_DECADE = re.compile(r"^(\d{3})(?:0\s?[-'’]?s|[xX?_*-])$")
_CENTURY = re.compile(r"^(\d{2})(?:[xX]{2}|[?]{2}|--|__)$")
_SHORT_SPAN = re.compile(r"^(\d{2})(\d{2})\s*[-/–—]\s*(\d{2})$")
_MORE_OR_LESS = re.compile(r"^(\d{4})\s*(?:±|\+\s*/\s*-|\+-)\s*(\d{1,2})\s*(?:years?|y)?$", re.I)
_RANGE = re.compile(r"^(.+?)\s*(?:\bto\b|\band\b|–|—|\s-\s|(?<=\d{4})[-/](?=\d{4})|(?<=\ds)[-/])\s*(.+)$", re.I)
_SEVERAL = re.compile(
    r"\s*(?:;|\bor\b(?!\s+(?:so|thereabouts|before|after|earlier|later)\b[^\d;]*(?:$|;))|\(\w\)|\(i{2,3}\)|(?<![\w(])[a-h]\)|\n"
    r"|(?<=\d{4}),(?=[^,;]*\d{4})|(?<=\d{4}\)),(?=[^,;]*\d{4}))\s*",
    re.I,
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """How a written date was read. `value` is the prefix or interval, empty if nothing could be read.

    Flags: `approximate`, `before` and `after` (open to one side), `interval`, `partial` (parts were zero or
    impossible), `several` (the field held more than one), `unread`.
    """

    value: str
    flags: tuple[str, ...] = ()


def read_dates(text: str) -> list[DateReading]:
    """All dates that a field holds: `1968 or 1970` is two. A part that cannot be read comes back flagged `unread`."""
    parts = [part.strip(" ,()") for part in _SEVERAL.split(_in_digits(text))]
    several = ("several",) if sum(bool(part) for part in parts) > 1 else ()
    return [DateReading(r.value, r.flags + several) for part in parts if part for r in [_read_one(part)]]


def as_said(value: str, flags: Collection[str] = ()) -> str:
    """A reading and what its source says of it in one word (ISO 8601-2): `1968~`, `../1968`, `1968/..`. `read_dates`
    reads it again; empty for what was not read."""
    if not value or "unread" in flags:
        return ""
    first, _, last = value.partition("/")
    if BEFORE in flags and AFTER not in flags:
        return f"../{last or first}"
    if AFTER in flags and BEFORE not in flags:
        return f"{first}/.."
    return f"{value}~" if APPROXIMATE in flags else value


def _in_digits(text: str) -> str:
    """Digits of every script as 0 to 9, without the vowel marks of the Arabic script."""
    if text.isascii():
        return text
    kept = (char for char in text if unicodedata.category(char) != "Mn")
    return "".join(char if (digit := unicodedata.decimal(char, None)) is None else str(digit) for char in kept)


def _read_one(text: str) -> DateReading:
    plain = " ".join(text.split()).strip(" ,.()") if not text.startswith("..") and not text.endswith("..") else text
    whole = None if plain[:2] == ".." or plain[-2:] == ".." else _prefix(plain)
    if whole:
        return whole
    found = dict[str, None]()
    if _LAST_NOT_AFTER.search(plain):
        plain, found[BEFORE] = _LAST_NOT_AFTER.sub(" ", plain), None
    for flag, pattern in _FLAGS:
        bare = pattern.sub(" ", plain)
        if bare != plain:
            plain, found[flag] = bare, None
    # Brackets go with the word that they held: `1911 and 1913 (approximately)`.
    bare = " ".join(_FILLING.sub(" ", plain).split()).strip(" ,.()-")
    flags = tuple(flag for flag in (APPROXIMATE, BEFORE, AFTER) if flag in found)
    whole = _prefix(bare)
    if whole:
        return DateReading(whole.value, flags + whole.flags)
    if pair := _RANGE.match(bare):
        first, last = _prefix(pair[1]), _prefix(pair[2])
        if first and last:
            # From and until are the two ends of an interval. One written backwards is an interval all the same.
            ends = sorted((first.value.partition("/")[0], last.value.rpartition("/")[2]))
            kept = tuple(flag for flag in flags if flag == APPROXIMATE)
            return DateReading("/".join(ends), (*kept, "interval"))
    return DateReading("", (*flags, "unread"))


def _prefix(text: str) -> DateReading | None:
    """One date as an ISO prefix, or None. Parts that are zero or impossible are left off and flagged `partial`."""
    text = text.strip(" ,.")
    if years := _years(text):
        return years
    if match := _ISO.match(text) or _COMPACT.match(text):
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
    if known < written and text.isdigit():
        return None  # eight digits that are no day are no date
    return DateReading(value, ("partial",) if known < written else ())


def _years(text: str) -> DateReading | None:
    """A decade (`1960s`, `196X`), a century (`19XX`), a short span (`1968-70`) or `1970±2` as an interval of years."""
    if match := _DECADE.match(text):
        first, last = int(match[1]) * 10, int(match[1]) * 10 + 9
    elif match := _CENTURY.match(text):
        first, last = int(match[1]) * 100, int(match[1]) * 100 + 99
    elif (match := _SHORT_SPAN.match(text)) and int(match[3]) > max(int(match[2]), 12):
        first, last = int(match[1] + match[2]), int(match[1] + match[3])
    elif match := _MORE_OR_LESS.match(text):
        first, last = int(match[1]) - int(match[2]), int(match[1]) + int(match[2])
    else:
        return None
    return DateReading(f"{first}/{last}", ("interval",)) if first >= 1000 and last <= 2999 else None


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
