"""Small ways of adding to an entity that several formats share."""

import re
from dataclasses import replace

from baham.kernel.dates import read_dates
from baham.kernel.entity import Entity
from baham.kernel.schema import Kind, kind_of
from baham.kernel.text import storable

_LONGEST_DATES = 500
# What stands before a remark in brackets at the end: `AB 123456 (issued in …)`.
_REMARKED = re.compile(r"([^()]+?)\s*[,:]?\s*\([^()]*(?:\([^()]*\)[^()]*)*\)\W*")
_NUMBER = re.compile(r"(?=[^\d]{0,12}\d)[A-Za-z0-9][A-Za-z0-9 ./-]{2,29}")
# Words that say what it is, then the number: `Afghan passport number AB123456`.
_NAMED = re.compile(r"[^\d;]{4,80}?\b(?:number|no|passport)\b[.:]{0,2}\s*((?:[A-Z]{1,3} ?)?\d[A-Z0-9/-]{2,29})", re.I)


def add_value(entity: Entity, prop: str, written: str, *, record: str, at: str, quality: str = "") -> None:
    """Add a value as its property asks: a date is read, anything else is kept."""
    if kind_of(prop) is Kind.DATE:
        add_date(entity, prop, written, record=record, at=at, quality=quality)
    else:
        entity.add(prop, written, record=record, at=at, quality=quality)


def add_date(entity: Entity, prop: str, written: str, *, record: str, at: str, quality: str = "") -> None:
    """`Entity.add_date`, for a field of a length that may be dates; a longer one is kept whole and flagged `unread`."""
    if len(written) > _LONGEST_DATES:
        # Each of a thousand dates would be kept with all the others as its original: a megabyte, a thousand times.
        entity.add(prop, written, record=record, at=at, quality=quality, flags=("unread",))
    else:
        entity.add_date(prop, written, record=record, at=at, quality=quality)


def add_approximate(entity: Entity, prop: str, written: str, *, record: str, at: str, quality: str = "") -> None:
    """Add a date of which the source says, outside the value, that it is not exact."""
    if len(written) > _LONGEST_DATES:
        add_date(entity, prop, written, record=record, at=at, quality=quality)
        return
    for reading in read_dates(written):
        entity.add(
            prop,
            reading.value or written,
            original=written if reading.value != written else None,
            record=record,
            at=at,
            quality=quality,
            flags=tuple(dict.fromkeys((*reading.flags, "approximate"))),
        )


def add_number(entity: Entity, prop: str, written: str, *, record: str, at: str) -> None:
    """Add a document's number. Where words stand before it or brackets after, the value is the number alone, and what
    stood is kept as `original`; what fits neither form is kept whole.
    """
    if value := _number_in(" ".join(written.split())):
        entity.add(prop, value, original=written if value != written.strip() else None, record=record, at=at)
    else:
        entity.add(prop, written, record=record, at=at)


def _number_in(text: str) -> str:
    if len(text) > 300:
        return ""
    remarked = _REMARKED.fullmatch(text)
    if named := _NAMED.fullmatch(remarked[1] if remarked else text):
        return named[1]
    return remarked[1] if remarked and _NUMBER.fullmatch(remarked[1]) else ""


def joined(parts: list[str], separator: str = ", ") -> str:
    """The parts that say something, in one line."""
    return separator.join(part.strip() for part in parts if part.strip())


def stamp(entity: Entity, *, first_seen: str = "", last_seen: str = "", origin: str = "") -> None:
    """Say of every statement of an entity when its source first and last saw it, and where the source has it from."""
    if first_seen or last_seen or origin:
        for key, said in entity.statements.items():
            entity.statements[key] = replace(
                said, first_seen=first_seen or None, last_seen=last_seen or None, origin=storable(origin) or None
            )
