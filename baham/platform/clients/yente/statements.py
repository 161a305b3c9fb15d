"""Statements: every value of an entity with its chain, in the shape of the statements interface of OpenSanctions.

The keys are FtM's; beside them `chain` says what Baham knows: the document and the place in it, the grade, the
handling, fact or assessment, who stands for or against it. Who inside the house graded, and why, is not given to
programs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from baham.kernel.basis import BasisKind
from baham.kernel.clock import utc_text
from baham.kernel.schema import Kind, is_a, kind_of
from baham.platform.clients.models import Client
from baham.platform.clients.yente.errors import Problem
from baham.platform.clients.yente.release import Released, find_entity
from baham.platform.clients.yente.scope import known_to
from baham.platform.clients.yente.shapes import moment, page, total
from baham.platform.ledger.record import Value, read

DEFAULT_PAGE, MOST_PAGE = 50, 5_000
_SORTS = ("canonical_id", "entity_id", "prop", "value", "schema", "dataset", "first_seen", "last_seen", "id")
_TYPES = {
    Kind.NAME: "name",
    Kind.WEAK_NAME: "name",
    Kind.DATE: "date",
    Kind.COUNTRY: "country",
    Kind.IDENTIFIER: "identifier",
    Kind.ADDRESS: "address",
    Kind.ENTITY: "entity",
    Kind.TEXT: "string",
}
_OWN_TYPES = {
    "birthPlace": "string",
    "deathPlace": "string",
    "topics": "topic",
    "gender": "gender",
    "phone": "phone",
    "email": "email",
    "website": "url",
    "sourceUrl": "url",
    "notes": "text",
    "summary": "text",
    "description": "text",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are asked for; what is empty does not narrow."""

    entity_id: str = ""
    canonical_id: str = ""
    dataset: str = ""
    prop: str = ""
    value: str = ""
    schema: str = ""
    sort: tuple[str, ...] = ()


def statements(client: Client, wanted: Wanted, limit: int, offset: int) -> tuple[dict[str, Any], list[int]]:
    """One page of statements, and for the log the entities they are about. Raises Problem."""
    if not (wanted.entity_id or wanted.canonical_id):
        raise Problem(400, "Name an entity_id or a canonical_id: whole lists are not read by key.")
    keys = _sort_keys(wanted.sort)
    entities = [_entity(client, given) for given in (wanted.canonical_id, wanted.entity_id) if given]
    if any(one is None for one in entities) or len({one.pk for one in entities if one}) != 1:
        return page([], total(0), limit, offset), []
    one = entities[0]
    assert one is not None
    rows = [_row(one, value) for value in _values(one) if _fits(one, value, wanted)]
    for name, backwards in reversed(keys):
        rows.sort(key=lambda row: str(row[name] or ""), reverse=backwards)
    return page(rows[offset : offset + limit], total(len(rows)), limit, offset), [one.pk] if rows else []


def _entity(client: Client, given: str) -> Released | None:
    found = find_entity(client, given, known_to(client))
    if isinstance(found, list) and found:
        raise Problem(400, f"Several lists use this id; ask for one of: {', '.join(found)}")
    return found if isinstance(found, Released) else None


def _values(one: Released) -> list[Value]:
    """The values that the client may have, each with what hangs on it; so are those they are compared with."""
    allowed = {said.pk for said in one.statements}
    values = [value for value in read(one.first, None).values if value.statement.pk in allowed]
    for value in values:
        value.same = [other for other in value.same if other.statement.pk in allowed]
        value.other = [other for other in value.other if other.statement.pk in allowed]
    return values


def _fits(one: Released, value: Value, wanted: Wanted) -> bool:
    said = value.statement
    own = {said.entity.key, f"{value.dataset.name}:{said.entity.key}"}
    return (
        (not wanted.entity_id or wanted.entity_id in own)
        and (not wanted.dataset or wanted.dataset == value.dataset.name)
        and (not wanted.prop or wanted.prop == said.prop)
        and (not wanted.value or wanted.value == said.value)
        and (not wanted.schema or is_a(said.entity.schema, wanted.schema))
    )


def _row(one: Released, value: Value) -> dict[str, Any]:
    said = value.statement
    return {
        "id": said.sid_hex,
        "entity_id": said.entity.key,
        "canonical_id": one.id,
        "prop": said.prop,
        "prop_type": _OWN_TYPES.get(said.prop, _TYPES[kind_of(said.prop)]),
        "schema": said.entity.schema,
        "value": said.value,
        "original_value": said.original,
        "dataset": value.dataset.name,
        "lang": said.lang,
        "origin": said.origin,
        "external": said.external,
        "first_seen": moment(value.since.loaded_at),
        "last_seen": moment(one.newest[value.dataset.pk]),
        "chain": chain(value),
    }


def chain(value: Value) -> dict[str, Any]:
    """Where a value comes from and how it stands, link by link as on its page."""
    said, since, grade, handling, basis = value.statement, value.since, value.grade, value.handling, value.basis
    return {
        "publisher": value.dataset.publisher or value.dataset.title,
        "title": value.dataset.title,
        "document": {
            "file": since.file_name,
            "sha256": since.sha256,
            "version": since.number,
            "label": since.label,
            "record": said.record,
            "field": said.field,
        },
        "quality": said.quality,
        "flags": said.flags.split(),
        "grade": None
        if grade is None
        else {
            "code": grade.code,
            "scheme": grade.scheme.value,
            "given_to": "value" if value.grades else "list",
        },
        "handling": {
            "tlp": handling.tlp.label,
            "pap": handling.pap.label,
            "purposes": None if handling.purposes is None else sorted(handling.purposes),
            "expires": utc_text(handling.expires) if handling.expires else None,
        },
        "basis": {"kind": basis.kind.value}
        if basis.kind is BasisKind.FACT
        else {
            "kind": basis.kind.value,
            "on": str(basis.on),
            "confidence": basis.confidence.value if basis.confidence else None,
        },
        "stances": [
            {"kind": stance.kind, "at": utc_text(stance.at), "evidence": stance.evidence} for stance in value.stances
        ],
        "same": sorted({other.dataset.name for other in value.same}),
        "contradicts": [{"dataset": other.dataset.name, "value": other.statement.value} for other in value.other],
        "review_route": value.dataset.review_route,
    }


def _sort_keys(given: Sequence[str]) -> list[tuple[str, bool]]:
    keys = []
    for one in given or ("canonical_id", "prop"):
        name, _, direction = one.partition(":")
        if name not in _SORTS or direction not in ("", "asc", "desc"):
            raise Problem(400, f"sort: one of {', '.join(_SORTS)}, with :asc or :desc.")
        keys.append((name, direction == "desc"))
    return keys
