"""Reading a file of names to be screened: CSV or JSON lines with `id,name` and what else is known of each subject.

A file that is no such file is refused (BadInput). A row that cannot be read is told as a `BadRow` in its place, and the
rows after it are read on; nothing is guessed, and no row is passed over in silence.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from django.utils import timezone

from baham.formats import BadInput
from baham.kernel.text import storable, visible
from baham.platform.screening.asking import NoSuchDate, asked_dates, can_be_compared

if TYPE_CHECKING:
    from baham.engines.names import Query

OPTIONAL = ("schema", "birth_date", "nationality", "father_name", "id_number", "address")
_LONGEST_LINE = 1 << 20
_LONGEST_NAME = 10_000
_LONGEST_FIELD = 2_000
_LINES_A_ROW = 20
"""How many lines a CSV row with quoted line ends may have; a quote that is never closed does not swallow the file."""
_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of the file: its id as it stood, and the query."""

    id: str
    query: "Query"
    line: int = 0


@dataclass(frozen=True, slots=True)
class BadRow:
    """One row that was not screened: where it stands (lines count from 1), in which field, and what is wrong."""

    id: str
    line: int
    field: str
    error: str

    def as_json(self) -> dict[str, Any]:
        """The shape in which errors are written, one object a line."""
        return {"id": self.id, "line": self.line, "field": self.field, "error": self.error}

    def __str__(self) -> str:
        return f"line {self.line}{f', field {self.field}' if self.field else ''}: {self.error}"


class _Wrong(Exception):
    """What is wrong with a row. The row is told; the file is read on."""

    def __init__(self, error: str, field: str = "") -> None:
        super().__init__(error)
        self.error, self.field = error, field


def read_queries(file: TextIO, name: str) -> Iterator[Asked | BadRow]:
    """The rows of an open text file, in order.

    JSON lines if the first character is a brace, else CSV with a header. Raises BadInput, naming line and field, where
    the file itself cannot be read: it is empty, is no text, or lacks a column. Open it with `open_queries`, so that
    bytes that are no UTF-8 spoil one row and not the file.
    """
    first = _first_line(file, name)
    lines = _lines(first, file)
    rows = _json_rows(lines) if first.lstrip(" \t").startswith("{") else _csv_rows(lines, name)
    for line, row in rows:
        if isinstance(row, _Wrong):
            yield BadRow("", line, row.field, row.error)
            continue
        try:
            yield _asked(row, line)
        except _Wrong as wrong:
            yield BadRow(_id_of(row), line, wrong.field, wrong.error)


def open_queries(path: Path) -> TextIO:
    """Open a file of names. Raises BadInput for a folder and for what is not there or may not be read."""
    try:
        return path.open(encoding="utf-8", errors="surrogateescape", newline="")
    except OSError as error:
        raise BadInput(path, (error.strerror or str(error)).lower()) from error


def _first_line(file: TextIO, name: str) -> str:
    try:
        first = file.readline(_LONGEST_LINE + 1)
    except UnicodeDecodeError as error:
        raise BadInput(Path(name), f"not UTF-8 text ({error.reason} at byte {error.start})") from error
    if _UNDECODED.search(first) or "\0" in first:
        raise BadInput(Path(name), "not UTF-8 text", line=1)
    if not first.strip("\ufeff \t\r\n"):
        raise BadInput(Path(name), "the file is empty; it needs a header with id,name", line=1)
    if len(first) > _LONGEST_LINE:
        raise BadInput(Path(name), "the line is longer than a megabyte", line=1)
    return first.removeprefix("\ufeff")


def _lines(first: str, file: TextIO) -> Iterator[tuple[int, str | _Wrong]]:
    """Each line with its number. One that is too long or no UTF-8 is told, and read over to its end."""
    line, number = first, 1
    while line:
        if len(line) > _LONGEST_LINE:
            while line and not line.endswith("\n"):
                line = file.readline(_LONGEST_LINE + 1)
            yield number, _Wrong("the line is longer than a megabyte")
        elif _UNDECODED.search(line):
            yield number, _Wrong("not UTF-8 text")
        else:
            yield number, line
        line, number = file.readline(_LONGEST_LINE + 1), number + 1


def _json_rows(lines: Iterator[tuple[int, str | _Wrong]]) -> Iterator[tuple[int, dict[str, Any] | _Wrong]]:
    for number, line in lines:
        if isinstance(line, _Wrong):
            yield number, line
        elif line.strip():
            yield number, _object(line)


def _object(line: str) -> dict[str, Any] | _Wrong:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return _Wrong(f"not JSON: {error}")
    return row if isinstance(row, dict) else _Wrong("not a JSON object")


def _csv_rows(lines: Iterator[tuple[int, str | _Wrong]], name: str) -> Iterator[tuple[int, dict[str, Any] | _Wrong]]:
    """The rows under the header. Each row is parsed by itself, so that a broken one spoils no other."""
    _number, header = next(lines)
    assert isinstance(header, str)  # the first line has been looked at
    try:
        columns = [column.strip().lower() for column in next(csv.reader([header], strict=True))]
    except csv.Error as error:
        raise BadInput(Path(name), f"not CSV: {error}", line=1) from error
    for needed in ("id", "name"):
        if needed not in columns:
            raise BadInput(Path(name), "the column is missing; the header needs id,name", line=1, field=needed)
    held: list[tuple[int, str | _Wrong]] = []
    while True:
        start = held.pop(0) if held else next(lines, None)
        if start is None:
            return
        number, line = start
        if isinstance(line, _Wrong):
            yield number, line
        elif line.strip("\r\n"):
            yield number, _csv_row(line, columns, held, lines)


def _csv_row(
    line: str, columns: list[str], held: list[tuple[int, str | _Wrong]], lines: Iterator[tuple[int, str | _Wrong]]
) -> dict[str, Any] | _Wrong:
    """One row that begins with this line. The lines that a quoted field goes on in are taken from `held` and `lines`;
    those that turn out not to belong to it are put back into `held`."""
    taken, parts = [], [line]
    while True:
        try:
            values = next(csv.reader(parts, strict=True))
            break
        except csv.Error as error:
            following = (held.pop(0) if held else next(lines, None)) if "unexpected end" in str(error) else None
            if following is not None:
                taken.append(following)
            if following is None or isinstance(following[1], _Wrong) or len(parts) >= _LINES_A_ROW:
                held[:0] = taken
                return _Wrong(
                    "not CSV: a quote is not closed" if "unexpected end" in str(error) else f"not CSV: {error}"
                )
            parts.append(following[1])
    if len(values) > len(columns):
        held[:0] = taken
        return _Wrong("the row has more fields than the header")
    return dict(zip(columns, values, strict=False))


def _asked(row: dict[str, Any], line: int) -> Asked:
    from baham.engines.names import Query

    for field in ("id", "name", *OPTIONAL):
        value = row.get(field)
        if value is not None and (isinstance(value, bool) or not isinstance(value, str | int)):
            raise _Wrong("not a text", field)
        if field not in ("id", "name") and len(str(value or "")) > _LONGEST_FIELD:
            raise _Wrong(f"longer than {_LONGEST_FIELD} characters", field)
    subject = storable(str(row.get("name") or "")).strip()
    if not subject:
        raise _Wrong("the name is empty", "name")
    if len(subject) > _LONGEST_NAME:
        raise _Wrong(f"the name is longer than {_LONGEST_NAME} characters", "name")
    known = {field: storable(str(row[field])).strip() or None for field in OPTIONAL if row.get(field) is not None}
    if not can_be_compared(subject) and not known.get("id_number"):
        # Answered without a hit, it would pass for somebody who is on no list.
        raise _Wrong("the name has no letter, so it can be compared with nothing", "name")
    if re.fullmatch(r"[0\W]*", known.get("birth_date") or ""):
        known["birth_date"] = None  # 0000-00-00: how databases write that it is not known
    else:
        known["birth_date"] = _birth_date(str(known["birth_date"]))
    return Asked(_id_of(row), Query(name=subject, **known), line)


def _birth_date(written: str) -> str:
    """The date as the engine compares it, as exact as it was written."""
    try:
        read = asked_dates(written, timezone.localdate())
    except NoSuchDate as wrong:
        said = "not one date" if str(wrong) == "not a date" else str(wrong)
        raise _Wrong(f"{said}: {visible(written)[:60]}", "birth_date") from wrong
    if len(read) != 1:
        raise _Wrong(f"not one date: {visible(written)[:60]}", "birth_date")
    return read[0]


def _id_of(row: dict[str, Any]) -> str:
    value = row.get("id")
    return storable(str(value))[:200] if isinstance(value, str | int) else ""
