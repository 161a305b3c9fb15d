"""Reading a file of names to be screened: CSV or JSON lines with `id,name` and what else is known of each subject."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from baham.formats import BadInput

if TYPE_CHECKING:
    from baham.engines.names import Query

OPTIONAL = ("schema", "birth_date", "nationality", "father_name", "id_number", "address")
_LONGEST_LINE = 1 << 20
_LONGEST_NAME = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of the file: its id as it stood, and the query."""

    id: str
    query: "Query"


def read_queries(file: TextIO, name: str) -> Iterator[Asked]:
    """The queries of an open text file, in order. Raises BadInput naming line and field for a row that cannot be read.

    JSON lines if the first character is a brace, else CSV with a header.
    """
    try:
        first = file.readline(_LONGEST_LINE + 1)
        if not first.strip():
            raise BadInput(Path(name), "the file is empty; it needs a header with id,name", line=1)
        lines = _lines(first.removeprefix("\ufeff"), file, name)
        rows = _from_json(lines, name) if first.lstrip("\ufeff \t").startswith("{") else _from_csv(lines, name)
        for line, row in rows:
            yield _asked(row, line, name)
    except UnicodeDecodeError as error:
        raise BadInput(Path(name), f"not UTF-8 text ({error.reason} at byte {error.start})") from error


def open_queries(path: Path) -> TextIO:
    """Open a file of names. Raises BadInput for a folder and for what is not there or may not be read."""
    try:
        return path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput(path, (error.strerror or str(error)).lower()) from error


def _lines(first: str, file: TextIO, name: str) -> Iterator[str]:
    line, number = first, 1
    while line:
        if len(line) > _LONGEST_LINE:
            raise BadInput(Path(name), "the line is longer than a megabyte", line=number)
        yield line
        line, number = file.readline(_LONGEST_LINE + 1), number + 1


def _from_csv(lines: Iterator[str], name: str) -> Iterator[tuple[int, dict[str, object]]]:
    reader = csv.DictReader(lines, strict=True)
    try:
        columns = [column.strip().lower() for column in reader.fieldnames or []]
        for needed in ("id", "name"):
            if needed not in columns:
                raise BadInput(Path(name), "the column is missing; the header needs id,name", line=1, field=needed)
        reader.fieldnames = columns
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise BadInput(Path(name), f"not CSV: {error}", line=reader.line_num) from error


def _from_json(lines: Iterator[str], name: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadInput(Path(name), f"not JSON: {error}", line=number) from error
        if not isinstance(row, dict):
            raise BadInput(Path(name), "not a JSON object", line=number)
        yield number, row


def _asked(row: dict[str, object], line: int, name: str) -> Asked:
    from baham.engines.names import Query

    if row.get(None):  # type: ignore[call-overload]
        raise BadInput(Path(name), "the row has more fields than the header", line=line)
    for field in ("id", "name", *OPTIONAL):
        value = row.get(field)
        if value is not None and not isinstance(value, str | int):
            raise BadInput(Path(name), "not a text", line=line, field=field)
    subject = str(row.get("name") or "").strip()
    if not subject:
        raise BadInput(Path(name), "the name is empty", line=line, field="name")
    if len(subject) > _LONGEST_NAME:
        raise BadInput(Path(name), f"the name is longer than {_LONGEST_NAME} characters", line=line, field="name")
    known = {field: str(row[field]).strip() or None for field in OPTIONAL if row.get(field) is not None}
    return Asked("" if row.get("id") is None else str(row["id"]), Query(name=subject, **known))
