"""The European Union's sanctions regulations as consolidated text, one row for each listed person or entity, as CSV.

The tables are made from the annexes in EUR-Lex (https://eur-lex.europa.eu) and published by OpenSanctions in its
repository, datasets/eu/journal_sanctions/data/consolidated/<celex>.csv. A field holds several values separated by `;`;
one in double quotes may hold a `;` itself. Dates are written d.m.yyyy.

Ids. The rows carry no id of their own (`recordId` is empty in one regulation and repeats across annexes in another), so
it is made of what makes a listing that listing: `eu-` and 16 digits of SHA-1 over celex, name and start date. Rows that
agree in all three get 16 more digits each, over all of the row: they stay apart, whatever their order in the file. Two
rows that are the same in everything are refused.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from baham.formats.adding import add_date, add_number, add_value
from baham.formats.errors import BadInput
from baham.formats.format import Format, ListInfo
from baham.formats.marking_columns import add_markings, marking_columns
from baham.formats.reading import BOM, Seen, checked_word, split_values, table, unquoted
from baham.kernel.entity import Entity
from baham.kernel.schema import Kind, kind_of

_NEEDED = ("celex", "programKey", "startDate", "schema", "name")
_KEY = ("celex", "name", "startDate")
# Columns whose property has another name, and those that are one text, in which `;` is a mark like any other.
_RENAMED = {"startDate": "listingDate", "programKey": "program", "measure": "provisions", "recordId": "authorityId"}
_WHOLE = frozenset({"name", "reason", "notes", "appearance", "celex", "measure", "annex"})
_WORDS = {"weakAlias": "weak"}
_SKIPPED = frozenset({"schema"})


def read(path: Path | str, dataset: str) -> Iterator[Entity]:
    """One entity for each row. BadInput for a missing column, a ragged row, an empty name or schema, a repeated row.

    Goes through the file twice: ids must not depend on which of two rows comes first. A list without rows is refused.
    """
    shared = _shared_keys(path)
    seen = Seen()
    count = 0
    for line, row in _rows(path):
        key = _digest([row[column] for column in _KEY])
        made = f"eu-{key}-{_digest(list(row.values()))}" if key in shared else f"eu-{key}"
        if key in shared and seen.again(made):
            raise BadInput(path, "the row repeats an earlier one in everything", line=line)
        yield _entity(path, line, row, made, dataset)
        count += 1
    if not count:
        raise BadInput(path, "holds a header and no rows")


def _rows(path: Path | str) -> Iterator[tuple[int, dict[str, str]]]:
    found = table(path, _NEEDED)
    next(found)
    return found


def _shared_keys(path: Path | str) -> set[str]:
    seen = Seen()
    keys = (_digest([row[column] for column in _KEY]) for _, row in _rows(path))
    return {key for key in keys if seen.again(key)}


def _digest(values: list[str]) -> str:
    text = "\x1f".join(" ".join(value.split()) for value in values)
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:16]


def _entity(path: Path | str, line: int, row: dict[str, str], entity_id: str, dataset: str) -> Entity:
    if not row["name"].strip():
        raise BadInput(path, "is empty", line=line, field="name")
    entity = Entity(entity_id, checked_word(path, line, "schema", row["schema"]), dataset)
    record = f"line {line}"
    entity.add("name", row["name"], record=record, at="name")
    for column, text in row.items():
        if text and column and column not in _SKIPPED:
            _add_field(entity, column, text, record)
    add_markings(entity, row, marking_columns(row), line)
    return entity


def _add_field(entity: Entity, column: str, text: str, record: str) -> None:
    prop = _RENAMED.get(column, column)
    kind = kind_of(prop)
    if kind is Kind.DATE:
        # The kernel splits dates itself, and says that they were several.
        add_date(entity, prop, unquoted(text.strip()), record=record, at=column)
        return
    for written in [text] if column in _WHOLE else split_values(text):
        value = unquoted(written.strip())
        if kind is Kind.IDENTIFIER:
            add_number(entity, prop, value, record=record, at=column)
        else:
            add_value(entity, prop, value, record=record, at=column, quality=_WORDS.get(column, ""))


def info(path: Path | str) -> ListInfo:
    """These tables carry no date of their own. BadInput unless the header is as it should be."""
    next(table(path, _NEEDED))
    return ListInfo()


def sniff(head: bytes, path: Path) -> bool:
    """A header row that begins with the regulation's number."""
    first = head.removeprefix(BOM).split(b"\n", 1)[0].strip().replace(b'"', b"").split(b",")
    return all(name.encode() in first for name in _NEEDED)


FORMAT = Format("eu_csv", "EU sanctions regulations, consolidated (CSV)", (".csv",), sniff, read, info)
