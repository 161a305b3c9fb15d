"""Any table in CSV, read through a mapping of its columns to properties.

The mapping is a dict, or a JSON or TOML file holding one table: column = property. Two words beside the properties:
`id` and `schema`. Without a mapping the usual headers are understood (`name`, `alias`, `birth_date`, `father_name`, …);
a column that is not understood is not read, except that one named after handling (`tlp`, `marking`, `classification`)
is, whatever the mapping: what it says that closes is a `marking` of the entity, as is a TLP or PAP label in any cell.
Rows that follow each other under one
id are one entity, so a second alias is a second row.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from baham.formats.adding import add_value
from baham.formats.errors import BadInput, shown
from baham.formats.format import Format, ListInfo
from baham.formats.marking_columns import add_labels, add_markings, marking_columns, word_of
from baham.formats.naming import NAME_PARTS
from baham.formats.reading import BOM, MIB, Seen, checked_word, head_of, opened, rows, table
from baham.kernel.entity import Entity
from baham.kernel.schema import LEFT_OUT, Kind, kind_of

_PER_ID_CAP = 10_000
DELIMITERS = (",", ";", "\t", "|")
_USUAL = {
    "id": "id",
    "entity_id": "id",
    "record_id": "id",
    "schema": "schema",
    "type": "schema",
    "name": "name",
    "full_name": "name",
    "fullname": "name",
    "alias": "alias",
    "aliases": "alias",
    "aka": "alias",
    "first_name": "firstName",
    "given_name": "firstName",
    "forename": "firstName",
    "second_name": "secondName",
    "middle_name": "middleName",
    "last_name": "lastName",
    "family_name": "lastName",
    "surname": "lastName",
    "also_known_as": "alias",
    "weak_alias": "weakAlias",
    "previous_name": "previousName",
    "former_name": "previousName",
    "birth_date": "birthDate",
    "date_of_birth": "birthDate",
    "dob": "birthDate",
    "birth_place": "birthPlace",
    "place_of_birth": "birthPlace",
    "pob": "birthPlace",
    "nationality": "nationality",
    "citizenship": "citizenship",
    "country": "country",
    "father_name": "fatherName",
    "fathers_name": "fatherName",
    "mother_name": "motherName",
    "gender": "gender",
    "sex": "gender",
    "id_number": "idNumber",
    "cnic": "idNumber",
    "national_id": "idNumber",
    "tazkira": "idNumber",
    "passport": "passportNumber",
    "passport_number": "passportNumber",
    "registration_number": "registrationNumber",
    "tax_number": "taxNumber",
    "imo_number": "imoNumber",
    "address": "address",
    "phone": "phone",
    "email": "email",
    "position": "position",
    "title": "title",
    "notes": "notes",
    "note": "notes",
    "remarks": "notes",
    "comments": "notes",
    "program": "program",
    **dict.fromkeys(
        [
            "end_date",
            "enddate",
            "ended_on",
            "delisted",
            "delisted_on",
            "delisting_date",
            "date_delisted",
            "date_removed",
            "removed_on",
            "removal_date",
            "valid_until",
            "valid_to",
            "expires",
            "expires_on",
            "expiry_date",
            "until",
        ],
        "endDate",
    ),
    "listed_on": "listingDate",
    "listing_date": "listingDate",
    "reason": "reason",
}
_LEFT_OUT = {prop.lower(): prop for prop in LEFT_OUT}


def read(
    path: Path | str,
    dataset: str,
    mapping: Mapping[str, str] | Path | str | None = None,
    schema: str = "Person",
    delimiter: str | None = None,
) -> Iterator[Entity]:
    """One entity for each run of rows with one id; without an id column, one for each row, its id a hash of the row.

    BadInput for a mapping that does not fit, a ragged row, an empty id or name, an id that comes back after another,
    rows of one id that differ in schema. A header without rows is a table of nobody, and no error.
    """
    separator = delimiter or _delimiter(path)
    if separator not in DELIMITERS:
        raise BadInput(path, f"no delimiter that is known: {shown(separator)}")
    found = table(path, delimiter=separator)
    line, header = next(found)
    plan = _plan(path, line, list(header), mapping)
    names = [column for column, prop in plan.items() if prop == "name"] or _in_parts(plan)
    if not names:
        problem = f"no column is the name; the columns are {', '.join(shown(name, 30) for name in list(header)[:12])}"
        raise BadInput(path, problem, line=line, field="name")
    keyed = next((column for column, prop in plan.items() if prop == "id"), "")
    kinds = next((column for column, prop in plan.items() if prop == "schema"), "")
    marking = marking_columns(header)
    passed_over = _passed_over(list(header), plan)
    seen, repeats = Seen(), _Repeats()
    current: Entity | None = None
    for line, row in found:
        if keyed:
            entity_id = checked_word(path, line, keyed, row[keyed])
        else:
            entity_id = repeats.told_apart(f"{dataset}-{_digest([row[column] for column in plan])}")
        kind = checked_word(path, line, kinds, row[kinds] or schema) if kinds else schema
        if current is not None and (not keyed or current.id != entity_id):
            yield current
            current = None
        if current is None:
            if keyed and seen.again(entity_id):
                raise BadInput(path, f"comes back after other rows: {shown(entity_id)}", line=line, field=keyed)
            current = Entity(entity_id, kind, dataset)
        elif len(current) > _PER_ID_CAP:
            raise BadInput(path, f"more than {_PER_ID_CAP:,} values under one id", line=line, field=keyed)
        elif current.schema != kind:
            problem = f"is {shown(kind)}, and {current.schema} in the row before under the same id"
            raise BadInput(path, problem, line=line, field=kinds)
        _add_row(current, row, plan, line)
        add_markings(current, row, marking, line)
        add_labels(current, row, passed_over, line)
        if not any(row[column].strip() for column in names) and not any(map(current.values, ("name", *NAME_PARTS))):
            raise BadInput(path, "is empty", line=line, field=names[0])
    if current is not None:
        yield current


def unread(
    path: Path | str, mapping: Mapping[str, str] | Path | str | None = None, delimiter: str | None = None, **_: object
) -> list[str]:
    """The columns that are not read. BadInput as `read`."""
    line, header = next(table(path, delimiter=delimiter or _delimiter(path)))
    return _passed_over(list(header), _plan(path, line, list(header), mapping))


def _passed_over(header: list[str], plan: Mapping[str, str]) -> list[str]:
    marking = marking_columns(header)
    return [column for column in header if column not in plan and column not in marking]


def _in_parts(plan: Mapping[str, str]) -> list[str]:
    """The columns of a name in parts, where no column is the whole name."""
    return [column for column, prop in plan.items() if prop in NAME_PARTS]


class _Repeats:
    """Tells apart rows that say the same: the second gets -2, the third -3."""

    def __init__(self) -> None:
        self.seen, self.counts = Seen(), dict[str, int]()

    def told_apart(self, made: str) -> str:
        if not self.seen.again(made):
            return made
        self.counts[made] = self.counts.get(made, 1) + 1
        return f"{made}-{self.counts[made]}"


def _add_row(entity: Entity, row: dict[str, str], plan: dict[str, str], line: int) -> None:
    for column, prop in plan.items():
        if prop not in ("id", "schema"):
            add_value(entity, prop, row[column], record=f"line {line}", at=column)


def _digest(values: list[str]) -> str:
    text = "\x1f".join(value.strip() for value in values)
    return hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()[:16]


def _plan(
    path: Path | str, line: int, header: list[str], mapping: Mapping[str, str] | Path | str | None
) -> dict[str, str]:
    """Column to property, in the order of the columns."""
    if mapping is None:
        return guessed(header)
    source: Path | str = "the mapping" if isinstance(mapping, Mapping) else mapping
    given: Any = mapping if isinstance(mapping, Mapping) else mapping_of(mapping)
    for column, prop in given.items():
        if not isinstance(column, str) or not isinstance(prop, str) or not prop.isidentifier():
            raise BadInput(source, "is to be the name of a property", field=shown(str(column)))
        if column not in header:
            raise BadInput(path, f"{source} names a column that the file lacks", line=line, field=column)
    for word in ("id", "schema"):
        if list(given.values()).count(word) > 1:
            raise BadInput(source, f"more than one column is the {word}", field=word)
    return {column: given[column] for column in header if column in given}


def mapping_of(mapping: Path | str) -> dict[str, Any]:
    """The mapping in a JSON or TOML file. BadInput for what is neither."""
    with opened(mapping) as stream:
        raw = stream.read(MIB + 1)
    try:
        text = raw[:MIB].removeprefix(BOM).decode("utf-8")
        found = json.loads(text) if text.lstrip()[:1] == "{" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(mapping, f"is neither a JSON nor a TOML mapping: {error or 'nested too deep'}") from None
    if not isinstance(found, dict) or not found:
        raise BadInput(mapping, "is to be one table: column = property")
    return found


def guessed(header: list[str]) -> dict[str, str]:
    """What the usual headers mean, and properties under their own name. A property in `LEFT_OUT` is passed on: so it
    is counted as left out. `id` and `schema` are taken once, from the first column that may be it.
    """
    plan: dict[str, str] = {}
    for column in header:
        word = word_of(column)
        prop = _USUAL.get(word) or _LEFT_OUT.get(word.replace("_", ""))
        if prop is None and kind_of(column) is not Kind.TEXT:
            prop = column
        if prop and not (prop in ("id", "schema") and prop in plan.values()):
            plan[column] = prop
    return plan


def _delimiter(path: Path | str) -> str:
    first = head_of(path).removeprefix(BOM).split(b"\n", 1)[0].decode("utf-8", "replace")
    return _delimiter_in(first)


def _delimiter_in(first: str) -> str:
    """The one of the usual delimiters that the header has most of, outside quotes; a comma if it has none."""
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)


def info(path: Path | str) -> ListInfo:
    """A table of one's own carries no date. BadInput for one without a header."""
    if next(rows(path, _delimiter(path)), None) is None:
        raise BadInput(path, "holds no header row")
    return ListInfo()


def sniff(head: bytes, path: Path) -> bool:
    """A header row in which some column is understood as the name, or as a part of one."""
    try:
        first = head.removeprefix(BOM).split(b"\n", 1)[0].decode("utf-8").strip()
    except UnicodeDecodeError:
        return False
    names = [name.strip().strip('"') for name in first.split(_delimiter_in(first))]
    plan = guessed(names)
    return first[:1] not in ("{", "[", "<") and ("name" in plan.values() or bool(_in_parts(plan)))


FORMAT = Format(
    "csv_mapping",
    "A table of one's own (CSV, through a mapping)",
    (".csv", ".tsv"),
    sniff,
    read,
    info,
    unread=unread,
)
