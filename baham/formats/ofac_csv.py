"""The Specially Designated Nationals list of the US Treasury (OFAC), in its older delimited form.

Published at https://ofac.treasury.gov/specially-designated-nationals-list-data-formats-data-schemas
(dat_spec.txt): SDN.CSV without a header, and beside it ALT.CSV (aliases) and ADD.CSV (addresses), joined by the entry
number `ent_num`. The two are looked for under the list's own file name with `alt` or `add` in the place of `sdn`.
`-0-` means empty. The id is `ofac-` and the entry number.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from baham.formats.adding import add_date, joined
from baham.formats.errors import BadInput, shown
from baham.formats.format import Format, ListInfo
from baham.formats.ofac_remarks import parse
from baham.formats.reading import BOM, Seen, head_of, rows
from baham.kernel.entity import Entity

_SDN = (
    "ent_num",
    "SDN_Name",
    "SDN_Type",
    "Program",
    "Title",
    "Call_Sign",
    "Vess_type",
    "Tonnage",
    "GRT",
    "Vess_flag",
    "Vess_owner",
    "Remarks",
)
_COMPANIONS = {
    "alt": ("ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"),
    "add": ("ent_num", "Add_num", "Address", "City/State/Province/Postal Code", "Country", "Add_remarks"),
}
# An entry without a type is a group or a company. An unknown type might be a person, so it is read as what may be one.
_SCHEMATA = {
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "entity": "Organization",
    "": "Organization",
}
_COLUMNS = {
    "Call_Sign": "callSign",
    "Vess_type": "type",
    "Tonnage": "tonnage",
    "GRT": "grossRegisteredTonnage",
    "Vess_flag": "flag",
    "Vess_owner": "notes",
    "Remarks": "notes",
}
_ALIASES = {"aka": "alias", "fka": "previousName", "nka": "alias"}
_UNSORTED_CAP = 200_000
_PER_ENTRY_CAP = 10_000
_LONGEST_PROGRAM = 500

Row = tuple[int, dict[str, str]]


def read(path: Path | str, dataset: str) -> Iterator[Entity]:
    """One entity for each entry, with the aliases and addresses of the companion files where these are present.

    Sorted files (as published) are joined as they stream; else the companions are held in memory, up to 200,000 rows.
    BadInput names the file at fault: also for an entry that is there twice, and for an alias or address of an entry
    that the list lacks, which is what files of different days look like.
    """
    companions = _companions(path)
    joins = [_Join(file, _COMPANIONS[kind], kind) for kind, file in companions.items()]
    if not (_is_sorted(path, _SDN) and all(_is_sorted(join.path, join.columns) for join in joins)):
        for join in joins:
            join.hold()
    seen = Seen()
    count = 0
    for line, row in _entries(path, _SDN):
        if seen.again(row["ent_num"]):
            raise BadInput(path, f"is in the list twice: {row['ent_num']}", line=line, field="ent_num")
        entity = _entity(row, dataset)
        for join in joins:
            for position, (at, other) in enumerate(join.of(int(row["ent_num"]))):
                if position >= _PER_ENTRY_CAP:
                    raise BadInput(join.path, f"more than {_PER_ENTRY_CAP:,} rows for one entry", line=at)
                (_add_alias if join.kind == "alt" else _add_address)(entity, other)
        yield entity
        count += 1
    if not count:
        raise BadInput(path, "holds no entries")
    for join in joins:
        join.finish()


def _entries(path: Path | str, columns: tuple[str, ...]) -> Iterator[Row]:
    for line, record in rows(path):
        if len(record) != len(columns):
            at = columns[len(record)] if len(record) < len(columns) else None
            raise BadInput(path, f"the row has {len(record)} values, not {len(columns)}", line=line, field=at)
        cells = [cell.strip() for cell in record]
        row = dict(zip(columns, ["" if cell == "-0-" else cell for cell in cells], strict=True))
        if not re.fullmatch(r"[0-9]{1,15}", row["ent_num"]):
            raise BadInput(path, f"is not a number: {shown(row['ent_num'])}", line=line, field="ent_num")
        row["ent_num"] = str(int(row["ent_num"]))
        if not row[columns[1]]:
            raise BadInput(path, "is empty", line=line, field=columns[1])
        yield line, row


def _is_sorted(path: Path | str, columns: tuple[str, ...]) -> bool:
    last = -1
    for _, row in _entries(path, columns):
        number = int(row["ent_num"])
        if number < last:
            return False
        last = number
    return True


class _Join:
    """The rows of a companion file, asked for entry by entry."""

    def __init__(self, path: Path, columns: tuple[str, ...], kind: str) -> None:
        self.path, self.columns, self.kind = path, columns, kind
        self.rows = _entries(path, columns)
        self.waiting: Row | None = None
        self.held: dict[int, list[Row]] | None = None

    def hold(self) -> None:
        self.held = {}
        for position, (line, row) in enumerate(self.rows):
            if position >= _UNSORTED_CAP:
                problem = f"is not sorted by ent_num and has more than {_UNSORTED_CAP:,} rows: sort it first"
                raise BadInput(self.path, problem, line=line, field="ent_num")
            self.held.setdefault(int(row["ent_num"]), []).append((line, row))

    def of(self, number: int) -> Iterator[Row]:
        if self.held is not None:
            yield from self.held.pop(number, [])
            return
        while row := self.waiting or next(self.rows, None):
            found = int(row[1]["ent_num"])
            if found > number:
                self.waiting = row
                return
            self.waiting = None
            if found < number:
                raise self._stray(row)
            yield row

    def finish(self) -> None:
        left = next(iter(self.held.values()))[0] if self.held else self.waiting
        if left := left or next(self.rows, None):
            raise self._stray(left)

    def _stray(self, row: Row) -> BadInput:
        problem = f"belongs to entry {row[1]['ent_num']}, which the list lacks: are the files of the same day?"
        return BadInput(self.path, problem, line=row[0], field="ent_num")


def _entity(row: dict[str, str], dataset: str) -> Entity:
    number = row["ent_num"]
    schema = _SCHEMATA.get(row["SDN_Type"].lower(), "LegalEntity")
    entity = Entity(f"ofac-{number}", schema, dataset)
    entity.add("name", row["SDN_Name"], record=number, at="SDN_Name")
    programs = row["Program"].split("] [") if len(row["Program"]) < _LONGEST_PROGRAM else [row["Program"]]
    for program in programs:
        whole = row["Program"] if program != row["Program"] else None
        entity.add("program", program.strip("[] "), original=whole, record=number, at="Program")
    entity.add("position" if schema == "Person" else "title", row["Title"], record=number, at="Title")
    for said in parse(row["Remarks"]):
        if said.reading == "date":
            add_date(entity, said.prop, said.value, record=number, at="Remarks")
        else:
            original = said.written if said.reading == "number" else None
            entity.add(said.prop, said.value, original=original, record=number, at="Remarks", quality=said.quality)
    for column, prop in _COLUMNS.items():
        entity.add(prop, row[column], record=number, at=column)
    return entity


def _add_alias(entity: Entity, row: dict[str, str]) -> None:
    """An alias as it stood, quotation marks included: here they belong to a name, and do not make it a weak one."""
    record, at = entity.id.removeprefix("ofac-"), f"alt {row['alt_num']}"
    quality = row["alt_type"]
    prop = "weakAlias" if "weak" in quality.lower() else _ALIASES.get(quality.lower(), "alias")
    entity.add(prop, row["alt_name"], record=record, at=f"{at}/alt_name", quality=quality)
    entity.add("notes", row["alt_remarks"], record=record, at=f"{at}/alt_remarks")


def _add_address(entity: Entity, row: dict[str, str]) -> None:
    record, at = entity.id.removeprefix("ofac-"), f"add {row['Add_num']}"
    parts = [row["Address"], row["City/State/Province/Postal Code"]]
    if any(parts):
        entity.add("address", joined([*parts, row["Country"]]), record=record, at=f"{at}/Address")
    entity.add("country", row["Country"], record=record, at=f"{at}/Country")
    entity.add("notes", row["Add_remarks"], record=record, at=f"{at}/Add_remarks")


def _companions(path: Path | str) -> dict[str, Path]:
    """The alias and address files beside the list. Letter case follows the list's own name."""
    file = Path(path)
    found = re.search("sdn", file.name, re.I)
    if not found:
        return {}
    names = {kind: kind.upper() if found[0].isupper() else kind for kind in _COMPANIONS}
    beside = {
        kind: file.with_name(file.name[: found.start()] + word + file.name[found.end() :])
        for kind, word in names.items()
    }
    return {kind: other for kind, other in beside.items() if other.exists()}


def info(path: Path | str) -> ListInfo:
    """The list carries no date. The companions are the alias and address files that are read with it."""
    head_of(path)
    return ListInfo(companions=tuple(_companions(path).values()))


def sniff(head: bytes, path: Path) -> bool:
    """No header; twelve values, the first a number, at least one of them `-0-`."""
    first = head.removeprefix(BOM).split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    try:
        record = next(csv.reader([first]), [])
    except csv.Error:
        return False
    return len(record) == len(_SDN) and record[0].strip().isdecimal() and any(cell.strip() == "-0-" for cell in record)


FORMAT = Format("ofac_csv", "OFAC Specially Designated Nationals (delimited)", (".csv",), sniff, read, info)
