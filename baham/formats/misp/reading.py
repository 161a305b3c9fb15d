"""MISP events as claims: Baham's own give back what was sent, those of others what they say, closed unless marked."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from baham.formats import claims as wire
from baham.formats.errors import BadInput
from baham.formats.ftm_model import properties
from baham.formats.misp import tags, templates
from baham.formats.stix.schemata import LINKS
from baham.kernel.claim import Claim, Hand
from baham.kernel.entity import Entity
from baham.kernel.grade import Grade
from baham.kernel.handling import Handling

MOST = 200_000
"""Objects, attributes, tags or references in one list. MISP itself gives up long before."""
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_TIES = {word: (schema, first, second) for schema, (first, second, word) in LINKS.items() if schema != "UnknownLink"}
_NAMES = ("name", "value", "full-name", "title", "account", "address")


Told = Callable[[BadInput], None]


def claims(event: Any, *, dataset: str, source: str = "MISP event", told: Told = lambda fault: None) -> Iterator[Claim]:
    """The claims in an event. BadInput names the place and the field that is wrong.

    An attribute, object or reference that cannot be read costs itself and not the event: `told` hears of each.

    Where an event carries Baham's own objects, they are what counts, and a tag or a distribution that is stricter than
    what was sent holds as well. Softly deleted attributes are passed over (`deleted` names them).
    """
    found = _inner(event, source)
    _id(found, source, "Event")
    ours = [
        one for one in _objects(found, "Object", source, "Event") if one.get("template_uuid") == templates.CLAIMS.uuid
    ]
    if ours:
        for number, holder in enumerate(ours):
            yield from _sent(holder, source, f"{templates.CLAIMS.name}[{number}]", told)
    else:
        yield from _said(found, dataset, source, told)


def deleted(event: Any, source: str = "MISP event") -> frozenset[str]:
    """The ids of the attributes that an event says are deleted (`writing.attribute_uuid` gives a statement's)."""
    found = _inner(event, source)
    holders = [found, *_objects(found, "Object", source, "Event")]
    return frozenset(
        one["uuid"]
        for holder in holders
        for one in _objects(holder, "Attribute", source, "Event")
        if _is_deleted(one) and isinstance(one.get("uuid"), str)
    )


def _each(
    holder: dict[str, Any],
    name: str,
    source: str,
    place: str,
    told: Told,
    read: Callable[[dict[str, Any], str], Iterable[Claim]],
) -> Iterator[Claim]:
    """What `read` makes of each entry of a list that is not deleted, and at which place; of a faulty one nothing."""
    for number, one in enumerate(_entries(holder, name, source, place)):
        at = f"{place}.{name}[{number}]"
        if not isinstance(one, dict):
            told(BadInput(source, "is to be an object", field=at))
            continue
        if _is_deleted(one):
            continue
        try:
            made = list(read(one, at))
        except BadInput as fault:
            told(fault)
        else:
            yield from made


def _sent(holder: dict[str, Any], source: str, place: str, told: Told) -> Iterator[Claim]:
    return _each(holder, "Attribute", source, place, told, lambda one, at: [_sent_one(one, source, at)])


def _sent_one(attribute: dict[str, Any], source: str, at: str) -> Claim:
    try:
        read = wire.read(json.loads(_text(attribute, "value", source, at)))
    except (wire.BadClaim, ValueError, RecursionError) as error:
        raise BadInput(source, f"is no claim: {error}", field=f"{at}.value") from None
    # Our own word for "more than TLP and PAP" stands for what the claim itself says in full.
    marked = tags.read(name for name in _names(attribute, source, at) if not name.startswith(tags.OURS))
    if _text(attribute, "distribution", source, at) not in (tags.distribution(read.handling), "4"):
        marked &= tags.reach(attribute)
    return read if read.handling.is_at_least_as_strict_as(marked) else replace(read, handling=read.handling & marked)


def _said(found: dict[str, Any], dataset: str, source: str, told: Told) -> Iterator[Claim]:
    party = found.get("Orgc")
    by = Hand(*(_text(party, name, source, "Orgc") for name in ("uuid", "name"))) if isinstance(party, dict) else None
    outer = _names(found, source, "Event"), tags.reach(found) & tags.spoken(found)
    schemata: dict[str, str] = {}

    def whole(holder: dict[str, Any], place: str) -> Iterator[Claim]:
        key = _id(holder, source, place)
        schemata[key] = _schema(_text(holder, "name", source, place))
        return _object(holder, key, schemata[key], dataset, source, place, outer, by, told)

    def alone(attribute: dict[str, Any], place: str) -> Iterator[Claim]:
        made = Entity(_id(attribute, source, place), "Thing", dataset)
        made.add("name", _value(attribute, source, place), record=made.id, at="value")
        made.add("keywords", _text(attribute, "type", source, place), record=made.id, at="type")
        return _as_claims(made, attribute, outer, [], by, source, place)

    yield from _each(found, "Object", source, "Event", told, whole)
    yield from _each(found, "Attribute", source, "Event", told, alone)
    for number, holder in enumerate(_entries(found, "Object", source, "Event")):
        if isinstance(holder, dict) and not _is_deleted(holder):
            tie = partial(_reference, holder, dataset=dataset, source=source, outer=outer, by=by)
            yield from _each(holder, "ObjectReference", source, f"Event.Object[{number}]", told, tie)


def _object(
    holder: dict[str, Any],
    key: str,
    schema: str,
    dataset: str,
    source: str,
    place: str,
    outer: tuple[list[str], Handling],
    by: Hand | None,
    told: Told,
) -> Iterator[Claim]:
    named: list[str] = []
    above = [tags.reach(holder), tags.spoken(holder)]

    def part(attribute: dict[str, Any], at: str) -> Iterator[Claim]:
        relation = _text(attribute, "object_relation", source, at)
        prop = _prop(schema, relation)
        value = _value(attribute, source, at)
        if prop == "notes" and schema == "Thing" and relation in _NAMES and not named:
            prop = "name"
            named.append(value)
        made = Entity(key, schema, dataset)
        made.add(prop, value, record=_id(attribute, source, at), at=relation)
        return _as_claims(made, attribute, outer, above, by, source, at)

    yield from _each(holder, "Attribute", source, place, told, part)
    if schema == "Thing":
        made = Entity(key, schema, dataset)
        made.add("keywords", _text(holder, "name", source, place), record=key, at="name")
        yield from _as_claims(made, holder, outer, [], by, source, place)


def _reference(
    holder: dict[str, Any],
    reference: dict[str, Any],
    place: str,
    *,
    dataset: str,
    source: str,
    outer: tuple[list[str], Handling],
    by: Hand | None,
) -> Iterator[Claim]:
    target = _text(reference, "referenced_uuid", source, place)
    if not target:
        return
    word = _text(reference, "relationship_type", source, place)
    schema, first, second = _TIES.get(word, ("UnknownLink", "subject", "object"))
    made = Entity(_id(reference, source, place), schema, dataset)
    made.add(first, _id(holder, source, place), record=made.id, at="object_uuid")
    made.add(second, target, record=made.id, at="referenced_uuid")
    made.add("role", word, record=made.id, at="relationship_type")
    made.add("description", _text(reference, "comment", source, place), record=made.id, at="comment")
    yield from _as_claims(made, {}, outer, [tags.reach(holder), tags.spoken(reference)], by, source, place)


def _as_claims(
    made: Entity,
    marked: dict[str, Any],
    outer: tuple[list[str], Handling],
    reaches: list[Handling],
    by: Hand | None,
    source: str,
    place: str,
) -> Iterator[Claim]:
    own = _names(marked, source, place)
    words = tags.spoken(marked)
    handling: Handling = tags.read([*outer[0], *own], [outer[1], *reaches, tags.reach(marked), words])
    graded: Grade | None = tags.grade(own or outer[0], by.name if by else "")
    seen = _moment(marked.get("timestamp"))
    for statement in made:
        origin = _text(marked, "comment", source, place) or (by.name if by else "") or None
        yield Claim(replace(statement, origin=origin, last_seen=seen), handling, graded, chain=(by,) if by else ())


def _schema(name: str) -> str:
    if name.startswith("ftm-") and properties(name.removeprefix("ftm-")):
        return name.removeprefix("ftm-")
    return templates.SCHEMAS.get(name, "Thing")


def _prop(schema: str, relation: str) -> str:
    """The property behind a relation, as far as it has one in FollowTheMoney; else a note."""
    known = properties(schema)
    template = templates.TEMPLATES.get(schema)
    back = {name: prop for prop, (name, _) in reversed(template.relations.items())} if template else {}
    prop = "country" if relation == "countrycode" else back.get(relation, relation)
    return next((name for name in (prop, "notes", "description") if name in known), "notes")


def _inner(event: Any, source: str) -> dict[str, Any]:
    found = event.get("Event", event) if isinstance(event, dict) else None
    if not isinstance(found, dict):
        raise BadInput(source, "is to be an object", field="Event")
    return found


def _list(holder: dict[str, Any], name: str, source: str, place: str) -> list[dict[str, Any]]:
    found = _entries(holder, name, source, place)
    if not all(isinstance(one, dict) for one in found):
        raise BadInput(source, "is to be a list of objects", field=f"{place}.{name}")
    return found


def _objects(holder: dict[str, Any], name: str, source: str, place: str) -> list[dict[str, Any]]:
    """Those entries of a list that are objects; what is none is told where they are read (`_each`)."""
    return [one for one in _entries(holder, name, source, place) if isinstance(one, dict)]


def _entries(holder: dict[str, Any], name: str, source: str, place: str) -> list[Any]:
    found = holder.get(name) or []
    if not isinstance(found, list):
        raise BadInput(source, "is to be a list of objects", field=f"{place}.{name}")
    if len(found) > MOST:
        raise BadInput(source, f"has more than {MOST:,} entries", field=f"{place}.{name}")
    return found


def _text(holder: dict[str, Any], name: str, source: str, place: str) -> str:
    found = holder.get(name)
    if found is None:
        return ""
    if isinstance(found, bool):
        return str(int(found))  # as MISP itself writes its booleans
    if not isinstance(found, str | int | float):
        raise BadInput(source, "is to be a text", field=f"{place}.{name}")
    return str(found)


def _value(attribute: dict[str, Any], source: str, place: str) -> str:
    found = _text(attribute, "value", source, place)
    if not found.strip():
        raise BadInput(source, "is empty" if "value" in attribute else "is missing", field=f"{place}.value")
    return found


def _id(holder: dict[str, Any], source: str, place: str) -> str:
    found = _text(holder, "uuid", source, place)
    if not _UUID.fullmatch(found):
        raise BadInput(source, "is no UUID" if found else "is missing", field=f"{place}.uuid")
    return found


def _names(holder: dict[str, Any], source: str, place: str) -> list[str]:
    return [_text(tag, "name", source, f"{place}.Tag") for tag in _list(holder, "Tag", source, place)]


def _is_deleted(holder: dict[str, Any]) -> bool:
    """PyMISP and the servers write it as true, 1, "1", "true" and more; what is none of the words for no is a yes."""
    return str(holder.get("deleted", "0")).strip().lower() not in ("0", "0.0", "false", "no", "none", "null", "")


def _moment(stamp: Any) -> str | None:
    """A MISP timestamp (seconds since 1970) in ISO 8601; None for what is none."""
    try:
        return datetime.fromtimestamp(int(str(stamp)), UTC).replace(tzinfo=None).isoformat()
    except (ValueError, OverflowError, OSError):
        return None
