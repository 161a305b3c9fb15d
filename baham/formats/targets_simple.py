"""OpenSanctions' simplified table, `targets.simple.csv`: one row for each target.

Documented at https://www.opensanctions.org/docs/bulk/csv/. A field holds several values separated by `;`; one with a
`;` of its own stands in double quotes. `dataset` (the titles of the sources) becomes the statements' origin,
`first_seen` and `last_seen` theirs.
"""

from collections.abc import Iterator
from pathlib import Path

from baham.formats.adding import add_value, stamp
from baham.formats.errors import BadInput
from baham.formats.format import Format, ListInfo
from baham.formats.marking_columns import add_markings, marking_columns
from baham.formats.reading import BOM, checked_time, checked_word, split_values, table, unquoted
from baham.kernel.entity import Entity

_NEEDED = ("id", "schema", "name", "aliases", "birth_date", "countries", "identifiers")
_PROPERTIES = {
    "aliases": "alias",
    "birth_date": "birthDate",
    "countries": "country",
    "addresses": "address",
    "identifiers": "idNumber",
    "sanctions": "sanctions",
    "phones": "phone",
    "emails": "email",
    "program_ids": "programId",
    "last_change": "modifiedAt",
}


def read(path: Path | str, dataset: str) -> Iterator[Entity]:
    """One entity for each row. BadInput for a missing column, a ragged row, an empty id or schema; or no row at all.

    The table does not say what kind of number an identifier is: all are `idNumber`.
    """
    count, columns = 0, list[str]()
    for line, row in _rows(path):
        columns = columns or marking_columns(row)
        entity_id = checked_word(path, line, "id", row["id"])
        entity = Entity(entity_id, checked_word(path, line, "schema", row["schema"]), dataset)
        record = f"line {line}"
        entity.add("name", row["name"], record=record, at="name")
        for column, prop in _PROPERTIES.items():
            for value in split_values(row.get(column, "")):
                add_value(entity, prop, unquoted(value), record=record, at=column)
        add_markings(entity, row, columns, line)
        origin = row.get("dataset", "").strip()
        seen = [checked_time(path, line, at, row.get(at, "").strip()) for at in ("first_seen", "last_seen")]
        stamp(entity, first_seen=seen[0], last_seen=seen[1], origin=origin)
        yield entity
        count += 1
    if not count:
        raise BadInput(path, "holds a header and no rows")


def _rows(path: Path | str) -> Iterator[tuple[int, dict[str, str]]]:
    found = table(path, _NEEDED)
    next(found)
    return found


def info(path: Path | str) -> ListInfo:
    """The table carries no date of its own. BadInput unless the header is as it should be."""
    _rows(path)
    return ListInfo()


def sniff(head: bytes, path: Path) -> bool:
    """A header row with the columns of this table."""
    first = head.removeprefix(BOM).split(b"\n", 1)[0].strip().replace(b'"', b"").split(b",")
    return all(name.encode() in first for name in _NEEDED)


FORMAT = Format("targets_simple", "OpenSanctions simplified targets (CSV)", (".csv",), sniff, read, info)
