"""Claims as FollowTheMoney files: `entities.ftm.json` (one entity a line) and `statements.csv` (one statement a row).

Documented at https://followthemoney.tech/docs/. FollowTheMoney has no grade, no handling and no chain: who sends a file
of it sends the values alone. `extended` adds a column with all of that, which FollowTheMoney's tools pass over and
`ftm_statements.claims` reads.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from baham.formats import claims as wire
from baham.formats.ftm_model import properties, schema_of
from baham.formats.stix.ids import groups
from baham.kernel.claim import Claim
from baham.kernel.entity import caption
from baham.kernel.schema import Kind, kind_of
from baham.kernel.statement import COLUMNS

EXTRA = "baham"
"""The name of the additional column."""


def entities(claims: Iterable[Claim], left_out: Counter[str] | None = None) -> Iterator[str]:
    """The lines of an `entities.ftm.json`, one for each entity, each with its line end.

    What FollowTheMoney's model has no place for would stop its tools; it is left out, and counted by `Schema:property`.
    """
    found = groups(claims)
    ids = {claim.statement.entity_id: key for key, said in found.items() for claim in said}
    for key, said in found.items():
        schema = schema_of(claim.statement.schema for claim in said)
        if kept := _known(schema, said, left_out):
            yield json.dumps(_entity(key, schema, kept, ids), ensure_ascii=False) + "\n"


def statements(
    claims: Iterable[Claim], *, extended: bool = False, left_out: Counter[str] | None = None
) -> Iterator[str]:
    """The lines of a `statements.csv`: FollowTheMoney's thirteen columns, by entity, each value in quotes.

    Left out and counted as for `entities`.
    """
    yield _csv([*COLUMNS, *([EXTRA] if extended else [])])
    for said in groups(claims).values():
        schema = schema_of(claim.statement.schema for claim in said)
        # Schemata that contradict each other would stop FollowTheMoney's tools, so these have what they share.
        shared = schema if schema not in {claim.statement.schema for claim in said} else None
        for claim in _known(schema, said, left_out):
            row = claim.statement.as_row() | {"external": "t" if claim.statement.external else "f"}
            row |= {"schema": shared} if shared else {}
            yield _csv([*("" if row[name] is None else row[name] for name in COLUMNS),
                        *([_more(claim)] if extended else [])])  # fmt: skip


def _known(schema: str, said: list[Claim], left_out: Counter[str] | None) -> list[Claim]:
    kept = []
    for claim in said:
        if claim.statement.prop in properties(schema):
            kept.append(claim)
        elif left_out is not None:
            left_out[f"{schema}:{claim.statement.prop}"] += 1
    return kept


def _entity(key: str, schema: str, said: list[Claim], ids: dict[str, str]) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for claim in said:
        value = claim.statement.value
        if kind_of(claim.statement.prop) is Kind.ENTITY:
            value = ids.get(value, value)
        held = values.setdefault(claim.statement.prop, [])
        if value not in held:
            held.append(value)
    seen = [claim.statement.first_seen for claim in said if claim.statement.first_seen]
    last = [claim.statement.last_seen for claim in said if claim.statement.last_seen]
    made = {
        "id": key, "caption": caption(key, ((claim.statement.prop, claim.statement.value) for claim in said)),
        "schema": schema, "properties": values,
        "referents": sorted({claim.statement.entity_id for claim in said} - {key}),
        "datasets": sorted({claim.statement.dataset for claim in said}),
        "first_seen": min(seen, default=None), "last_seen": max(last, default=None),
    }  # fmt: skip
    return {name: value for name, value in made.items() if value is not None}


def _more(claim: Claim) -> str:
    written = wire.write(claim)
    said = claim.statement
    written["statement"] = {
        "schema": said.schema, "place": [said.place.record, said.place.field], "quality": said.quality,
        "flags": list(said.flags), "canonical_id": said.canonical_id,
    }  # fmt: skip
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def _csv(row: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    return line.getvalue()
