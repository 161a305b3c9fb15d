"""How many records a file says that it holds: in the last row of a table (`#TOTAL,1234`, `EOF 1234`, `Records: 1234`),
an object of its own among JSON lines (`{"count": 1234}`), an attribute or element of XML (`recordCount="1234"`).

Nothing else tells a table that was cut short from a shorter one. What is counted are the records: neither the header
nor the row that states the number.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from baham.formats.errors import BadInput

_RECORDS = r"(?:records?|rows?|entries|entry|lines?|entit(?:y|ies)|targets?|persons?|items?)"
_NUMBER = r"(?P<{}>\d{{1,3}}(?:[,.'’ ]\d{{3}})+|\d{{1,9}})"
_TRAILER = re.compile(
    rf"[#*;/\s-]*(?:(?:eof|eod|trailer|trl|footer|end(?:\s+of\s+(?:file|data|list|report|extract))?|"
    rf"(?:grand\s+)?totals?|counts?|{_RECORDS}|(?:total\s+)?(?:number|no\.?|count)\s+of\s+{_RECORDS})[\s:=#.|,;_-]*)+"
    rf"(?:in\s+total|in\s+(?:this\s+)?file|written|exported)?[\s:=]*{_NUMBER.format('a')}\s*{_RECORDS}?\s*[.*#]*"
    rf"|[#*;\s]*{_NUMBER.format('b')}\s+{_RECORDS}(?:\s+(?:in\s+total|in\s+(?:this\s+)?file|written|exported))?\s*\.?",
    re.IGNORECASE,
)
_WORDS = frozenset(
    {
        "count",
        "total",
        "records",
        "entries",
        "rows",
        "recordcount",
        "entrycount",
        "rowcount",
        "entitycount",
        "totalcount",
        "totalrecords",
        "totalentries",
        "totalrows",
        "totalentities",
        "numberofrecords",
        "numberofentries",
        "numberofrows",
        "numberofentities",
        "recordscount",
        "entriescount",
        "itemcount",
        "totalitems",
        "linecount",
    }
)
_BESIDE = frozenset({"type", "kind", "eof", "end", "trailer", "footer", "record", "meta", "generated", "date", "at"})
_LONGEST = 200


def in_row(cells: Sequence[str]) -> int | None:
    """The number of records that a row states, where it does nothing else."""
    said = [cell.strip() for cell in cells if cell.strip()]
    text = " ".join(said)
    if not said or len(said) > 3 or len(text) > _LONGEST or (found := _TRAILER.fullmatch(text)) is None:
        return None
    return int(re.sub(r"\D", "", found["a"] or found["b"]))


def in_object(given: Mapping[str, Any]) -> int | None:
    """The number of records that an object states, where it does nothing else."""
    inner = next(iter(given.values())) if len(given) == 1 else None
    found = inner if isinstance(inner, dict) else given
    numbers = [value for name, value in found.items() if is_count(name)]
    if len(numbers) != 1 or any(_word(name) not in _BESIDE for name in found if not is_count(name)):
        return None
    return as_number(str(numbers[0]))


def is_count(name: str) -> bool:
    """Whether a name says that its value is the number of records."""
    return _word(name) in _WORDS


def as_number(text: str) -> int | None:
    """A whole number as it is written, None for what is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def check(path: Path | str, stated: int, found: int, line: int | None = None, field: str | None = None) -> None:
    """BadInput where a file states another number of records than it has."""
    if stated != found:
        problem = f"states {stated:,} records, and {found:,} are there: the file was cut off or put together wrongly"
        raise BadInput(path, problem, line=line, field=field)


def _word(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.rpartition("}")[2].lower())
