"""FollowTheMoney statements, one a row: `statements.csv` as OpenSanctions publishes it and `ftm statements` writes it.

Documented at https://www.opensanctions.org/docs/statements/. Rows of one entity (`canonical_id`) stand together; one
that comes back later is a second entity under that id, as FollowTheMoney means it. `external` rows are candidates that
nobody has confirmed, and rows of the property `id` are checksums: a list has neither.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from baham.formats import claims as wire
from baham.formats.errors import BadInput
from baham.formats.format import Format, ListInfo
from baham.formats.ftm_model import schema_of
from baham.formats.ftm_out import EXTRA
from baham.formats.marking_columns import add_markings, marking_columns
from baham.formats.reading import BOM, checked_time, checked_word, table
from baham.kernel.claim import Claim
from baham.kernel.entity import Entity
from baham.kernel.handling import OPEN, UNKNOWN
from baham.kernel.text import storable

_NEEDED = ("entity_id", "canonical_id", "schema", "prop", "value", "dataset")
_TRUE = ("t", "true", "1")
_FALSE = ("", "f", "false", "0")
_MOST = 100_000
_PROP = 64

Row = dict[str, str]


def read(path: Path | str, dataset: str) -> Iterator[Entity]:
    """One entity for each run of rows. The dataset of a row becomes its statement's origin. BadInput names the line."""
    count = 0
    for key, rows in groupby(_rows(path), key=lambda found: found[1]["canonical_id"].strip() or found[1]["entity_id"]):
        yield _entity(path, key, list(_bounded(path, rows)), dataset)
        count += 1
    if not count:
        raise BadInput(path, "holds a header and no rows")


def claims(path: Path | str) -> Iterator[Claim]:
    """The claims of a file, row by row, as they stand; grade, handling, basis and chain are in the column Baham adds.

    Without that column, or where it is empty, a claim is closed (`UNKNOWN`). BadInput names the line.
    """
    for line, row in _rows(path, all_of_them=True):
        more = _more(path, line, row)
        said = more.get("statement")
        own = said if isinstance(said, dict) else {}
        statement = {
            **{name: row.get(name) or None for name in ("lang", "original_value", "origin", "first_seen", "last_seen")},
            **{name: row[name] for name in _NEEDED},
            "external": row.get("external", "").lower() in _TRUE,
            **own,
        }
        try:
            yield wire.read({"handling": wire.write_handling(UNKNOWN), **more, "statement": statement})
        except (wire.BadClaim, ValueError) as error:
            raise BadInput(path, str(error), line=line) from None


def _rows(path: Path | str, all_of_them: bool = False) -> Iterator[tuple[int, Row]]:
    found = table(path, _NEEDED)
    next(found)
    for line, row in found:
        external = row.get("external", "").strip().lower()
        if external not in (*_TRUE, *_FALSE):
            raise BadInput(path, "is to be t or f", line=line, field="external")
        if row["prop"] != "id" and (all_of_them or external not in _TRUE):
            yield line, row


def _bounded(path: Path | str, rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    for number, (line, row) in enumerate(rows):
        if number >= _MOST:
            raise BadInput(path, f"the entity has more than {_MOST:,} statements", line=line)
        yield line, row


def _entity(path: Path | str, key: str, rows: list[tuple[int, Row]], dataset: str) -> Entity:
    first = rows[0][0]
    schemata = [checked_word(path, line, "schema", row["schema"]) for line, row in rows]
    made = Entity(checked_word(path, first, "canonical_id", key), schema_of(schemata), dataset)
    columns = marking_columns(rows[0][1])
    for line, row in rows:
        prop = row["prop"]
        if not prop.isidentifier() or len(prop) > _PROP:
            raise BadInput(path, "is not the name of a property", line=line, field="prop")
        _check_open(path, line, row)
        add_markings(made, row, columns, line)
        seen = [checked_time(path, line, at, row.get(at, "").strip()) or None for at in ("first_seen", "last_seen")]
        before = len(made)
        made.add(
            prop,
            row["value"],
            original=row.get("original_value") or None,
            lang=row.get("lang") or None,
            record=f"line {line}",
            at="value",
        )
        if len(made) > before:
            added = next(reversed(made.statements))
            made.statements[added] = replace(
                made.statements[added], first_seen=seen[0], last_seen=seen[1], origin=storable(row["dataset"]) or None
            )
    return made


def _check_open(path: Path | str, line: int, row: Row) -> None:
    """A list is open to all who may screen; what is marked beyond that comes in from a partner, as claims."""
    if row.get(EXTRA) and wire.read_handling(_more(path, line, row).get("handling")) != OPEN:
        raise BadInput(path, "is marked, and a list is open: it is to be read as claims", line=line, field=EXTRA)


def _more(path: Path | str, line: int, row: Row) -> dict[str, Any]:
    if not row.get(EXTRA):
        return {}
    try:
        found = json.loads(row[EXTRA])
    except (json.JSONDecodeError, RecursionError):
        raise BadInput(path, "is not JSON", line=line, field=EXTRA) from None
    if not isinstance(found, dict):
        raise BadInput(path, "is to be an object", line=line, field=EXTRA)
    return found


def info(path: Path | str) -> ListInfo:
    """The file carries no date of its own. BadInput unless the header is as it should be."""
    next(table(path, _NEEDED), None)
    return ListInfo()


def sniff(head: bytes, path: Path) -> bool:
    """A header row with the columns of this table."""
    first = head.removeprefix(BOM).split(b"\n", 1)[0].strip().replace(b'"', b"").split(b",")
    return all(name.encode() in first for name in _NEEDED)


FORMAT = Format("ftm_statements", "FollowTheMoney statements (CSV)", (".csv",), sniff, read, info)
