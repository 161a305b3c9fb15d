"""Claims as FollowTheMoney files: `entities.ftm.json` (one entity a line) and `statements.csv` (one statement a row).

Documented at https://followthemoney.tech/docs/. FollowTheMoney has no grade, no handling and no chain: who sends a file
of it sends the values alone. `extended` adds a column with all of that, which FollowTheMoney's tools pass over and
`ftm_statements.claims` reads.
"""

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from baham.formats import claims as wire
from baham.formats.ftm_beside import beside, moved
from baham.formats.ftm_model import properties, schema_of
from baham.formats.ftm_values import TYPES, fitting, in_words, is_entity_id
from baham.formats.stix.ids import groups
from baham.kernel.claim import Claim
from baham.kernel.entity import caption
from baham.kernel.statement import COLUMNS

EXTRA = "baham"
"""The name of the additional column."""


def entities(claims: Iterable[Claim], left_out: Counter[str] | None = None) -> Iterator[str]:
    """The lines of an `entities.ftm.json`, one for each entity, each with its line end.

    Valid by FollowTheMoney's model: values as `ftm_values` writes them, listings and documents beside (`ftm_beside`),
    what no type takes as a note. What its model has no place for at all is left out, and counted by `Schema:property`.
    """
    found = groups(claims)
    for key, schema, said in _whole(found, left_out):
        yield json.dumps(_entity(_id(key), schema, said), ensure_ascii=False) + "\n"


def statements(
    claims: Iterable[Claim], *, extended: bool = False, left_out: Counter[str] | None = None
) -> Iterator[str]:
    """The lines of a `statements.csv`: FollowTheMoney's thirteen columns, by entity, each value in quotes.

    Fitted, left out and counted as for `entities`: the value as it stood is then the `original_value`. `extended` keeps
    each statement as it stands, because it is for a Baham that takes it in again.
    """
    yield _csv([*COLUMNS, *([EXTRA] if extended else [])])
    found = groups(claims)
    for key, schema, said in _whole(found, left_out, exact=extended):
        # Schemata that contradict each other would stop FollowTheMoney's tools, so these have what they share.
        shared = schema if schema not in {claim.statement.schema for claim in said} else None
        for claim in said:
            row = claim.statement.as_row() | {"external": "t" if claim.statement.external else "f"}
            row |= {"schema": shared} if shared else {}
            row |= {} if extended else {"entity_id": _id(row["entity_id"]), "canonical_id": _id(key)}
            yield _csv(
                [*("" if row[name] is None else row[name] for name in COLUMNS), *([_more(claim)] if extended else [])]
            )


def _whole(
    found: dict[str, list[Claim]], left_out: Counter[str] | None, exact: bool = False
) -> Iterator[tuple[str, str, list[Claim]]]:
    """Each entity with what is written of it, those that stand beside it after it."""
    pointed = {claim.statement.entity_id: _id(key) for key, said in found.items() for claim in said}
    for key, said in found.items():
        schema = schema_of(claim.statement.schema for claim in said)
        if exact:
            kept = _known(schema, said, left_out, beside_too=False)
            if kept:
                yield key, schema, kept
            continue
        if kept := _fitted(schema, _known(schema, said, left_out), pointed):
            yield key, schema, kept
            for other in beside(schema, said):
                kind = other[0].statement.schema
                yield other[0].statement.entity_id, kind, _fitted(kind, other, pointed)


def _known(schema: str, said: list[Claim], left_out: Counter[str] | None, *, beside_too: bool = True) -> list[Claim]:
    kept = []
    for claim in said:
        if claim.statement.prop in properties(schema):
            kept.append(claim)
        elif left_out is not None and not (beside_too and moved(schema, claim.statement.prop)):
            left_out[f"{schema}:{claim.statement.prop}"] += 1
    return kept


def _fitted(schema: str, said: list[Claim], pointed: dict[str, str]) -> list[Claim]:
    """The claims with values that FollowTheMoney's types take; what they do not say is a note."""
    note = next((prop for prop in ("notes", "description") if prop in properties(schema)), None)
    made: list[Claim] = []
    for claim in said:
        one = claim.statement
        if TYPES.get(one.prop) == "entity":
            one = replace(one, value=pointed.get(one.value, one.value))
        values, whole = fitting(one) if one.prop in properties(schema) else ([], False)
        made += [_saying(claim, one.prop, value) for value in values]
        if not whole and note:
            made.append(_saying(claim, note, in_words(one)))
    return list({claim.id: claim for claim in made}.values())


def _saying(claim: Claim, prop: str, value: str) -> Claim:
    one = claim.statement
    if (prop, value) == (one.prop, one.value):
        return claim
    return replace(
        claim, statement=replace(one, prop=prop, value=value, id="", original_value=one.original_value or one.value)
    )


def _id(key: str) -> str:
    """The id of an entity as FollowTheMoney takes it: its own, or a hash of one that has other marks in it."""
    if is_entity_id(key):
        return key
    return f"id-{hashlib.sha1(key.encode('utf-8', 'surrogatepass'), usedforsecurity=False).hexdigest()}"


def _entity(key: str, schema: str, said: list[Claim]) -> dict[str, Any]:
    values: dict[str, list[str]] = {}
    for claim in said:
        value = claim.statement.value
        held = values.setdefault(claim.statement.prop, [])
        if value not in held:
            held.append(value)
    seen = [claim.statement.first_seen for claim in said if claim.statement.first_seen]
    last = [claim.statement.last_seen for claim in said if claim.statement.last_seen]
    made = {
        "id": key,
        "caption": caption(key, ((claim.statement.prop, claim.statement.value) for claim in said)),
        "schema": schema,
        "properties": values,
        "referents": sorted({claim.statement.entity_id for claim in said} - {key}),
        "datasets": sorted({claim.statement.dataset for claim in said}),
        "first_seen": min(seen, default=None),
        "last_seen": max(last, default=None),
    }
    return {name: value for name, value in made.items() if value is not None}


def _more(claim: Claim) -> str:
    written = wire.write(claim)
    said = claim.statement
    written["statement"] = {
        "schema": said.schema,
        "place": [said.place.record, said.place.field],
        "quality": said.quality,
        "flags": list(said.flags),
        "canonical_id": said.canonical_id,
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def _csv(row: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    return line.getvalue()
