"""Claims as a MISP event: an object for each entity, an attribute for each statement, a reference for each tie.

Beside each, an object of Baham's own holds the claims as they are, so that Baham reads back what was sent. The same
claims give the same event, whatever their order.
"""

import json
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from baham.formats.ftm_model import schema_of
from baham.formats.misp import tags, templates
from baham.formats.stix.extension import row
from baham.formats.stix.ids import EPOCH, NAMESPACE, Producer, groups, stamp, times, whole
from baham.formats.stix.schemata import ABOUT, LINKS
from baham.kernel.claim import Claim
from baham.kernel.handling import Handling
from baham.kernel.schema import Kind, kind_of

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
RECALLED = "(recalled)"
_LONGEST = 60_000
"""MISP keeps a value in 65,535 bytes and cuts what is longer."""


@dataclass(frozen=True, slots=True)
class SharingGroup:
    """A MISP sharing group. It is known by its UUID alone: a number is another group on another server."""

    uuid: str
    name: str


def uuid_of(key: str) -> str:
    """The id of what `key` names: the same for ever."""
    return str(uuid.uuid5(NAMESPACE, key))


def attribute_uuid(statement_id: str) -> str:
    """The id of the attribute that shows a statement, by which a recipient finds it."""
    return uuid_of(f"statement:{statement_id}")


def event(
    claims: Iterable[Claim],
    *,
    producer: Producer,
    key: str,
    info: str,
    group: SharingGroup | None = None,
    modified: datetime | None = None,
) -> dict[str, Any]:
    """The claims as one MISP event. `key` names it (a release, a list): the same key is the same event, renewed.

    The event is tagged and distributed as the strictest of its claims, each attribute as its own claim; MISP takes the
    stricter of both. AMBER goes to `group`; without one it stays with the organisation that reads it. `modified` is the
    time of this version, for a sender who has sent an earlier one: MISP takes in an event again only if it is newer.
    """
    found = groups(claims)
    said = [claim for one in found.values() for claim in one]
    strictest = whole(said)
    created, changed = times(said) if said else (EPOCH, EPOCH)
    changed = max(changed, stamp(modified)) if modified else changed
    made: dict[str, Any] = {
        "uuid": uuid_of(f"event:{key}"),
        "info": info,
        "date": created[:10],
        "timestamp": _seconds(changed),
        "threat_level_id": "4",  # MISP demands it; 4 is its "undefined", and nothing else is ever written (S-21)
        "analysis": "2",
        "published": True,
        "publish_timestamp": _seconds(changed),
        "Orgc": {"uuid": uuid_of(f"party:{producer.party}"), "name": producer.name},
        "Tag": tags.of(strictest),
        "Attribute": [],
        "Object": list(_objects(found, group)),
    }
    return {"Event": made | _reach(strictest, group)}


def recall(sent: dict[str, Any], statements: Iterable[str], at: datetime) -> dict[str, Any]:
    """The event again, with the attributes of these statements deleted the way that MISP passes on (softly).

    Their values are blanked, because a soft deletion keeps the value. Objects and references that nothing is left of go
    as well. Who has the event renews it under the same id.
    """
    gone = set(statements)
    later = str(max(int(at.timestamp()), int(sent["Event"]["timestamp"]) + 1))
    shown = {attribute_uuid(one) for one in gone}
    made: dict[str, Any] = json.loads(json.dumps(sent))
    emptied = set()
    for holder in made["Event"]["Object"]:
        for attribute in holder["Attribute"]:
            if attribute["uuid"] in shown or _claimed(attribute) in gone:
                attribute |= {
                    "deleted": True,
                    "value": RECALLED,
                    "type": "text",
                    "category": "Other",
                    "comment": "",
                    "Tag": attribute["Tag"][:2],
                    "timestamp": later,
                }
        if all(attribute.get("deleted") for attribute in holder["Attribute"]):
            holder |= {"deleted": True, "comment": "", "timestamp": later}
            emptied.add(holder["uuid"])
    ties = {uuid_of(f"reference:{one}") for one in emptied}
    for holder in made["Event"]["Object"]:
        for reference in holder["ObjectReference"]:
            if {reference["referenced_uuid"], holder["uuid"]} & emptied or reference["uuid"] in ties:
                reference |= {"deleted": True, "comment": "", "timestamp": later}
    made["Event"] |= {"timestamp": later, "publish_timestamp": later}
    return made


def _objects(found: dict[str, list[Claim]], group: SharingGroup | None) -> Iterator[dict[str, Any]]:
    keys = {claim.statement.entity_id: key for key, said in found.items() for claim in said}
    schemata = {key: schema_of(claim.statement.schema for claim in said) for key, said in found.items()}
    shown: set[str] = set()
    readable = {
        key: attributes
        for key, said in found.items()
        if schemata[key] not in LINKS and (attributes := list(_attributes(schemata[key], said, group, shown)))
    }
    ties = _ties(found, schemata, keys, readable.keys())
    for key, said in found.items():
        if key in readable:
            template = templates.TEMPLATES.get(schemata[key], templates.ENTITY)
            yield _holder(template, uuid_of(f"object:{key}"), said, group, readable[key], ties.get(key, []))
        yield _claims_object(key, said, key in readable, group)


def _attributes(
    schema: str, said: list[Claim], group: SharingGroup | None, shown: set[str]
) -> Iterator[dict[str, Any]]:
    template = templates.TEMPLATES.get(schema, templates.ENTITY)
    for claim in said:
        statement = claim.statement
        if kind_of(statement.prop) is Kind.ENTITY or not statement.value.strip() or statement.id in shown:
            continue
        shown.add(statement.id)
        relation, kind = template.relation(statement.prop, statement.value) or (template.rest, "")
        value = statement.value if kind else f"{statement.prop}: {statement.value}"
        kind = templates.type_for(kind or "text", value)
        name = attribute_uuid(statement.id)
        yield _attribute(name, relation, kind, value[:_LONGEST], claim, group) | {"comment": _origin(claim)}


def _claims_object(key: str, said: list[Claim], has_object: bool, group: SharingGroup | None) -> dict[str, Any]:
    attributes = {}
    for claim in said:
        value = _json(row(claim))
        name = uuid_of(f"claim:{value}")
        attributes[name] = _attribute(name, "claim", "text", value, claim, group) | {"disable_correlation": True}
    holder, described = uuid_of(f"claims:{key}"), uuid_of(f"object:{key}")
    references = [_reference(holder, described, "describes", "", f"{holder}:describes")] if has_object else []
    return _holder(templates.CLAIMS, holder, said, group, list(attributes.values()), references)


def _ties(
    found: dict[str, list[Claim]], schemata: dict[str, str], keys: dict[str, str], readable: Collection[str]
) -> dict[str, list[dict[str, Any]]]:
    """The references of each entity. One has no marking of its own, so a tie is shown only on an object that is marked
    at least as strictly as the tie; any other is in the claims alone.
    """
    made: dict[str, list[dict[str, Any]]] = {}
    for key, said in found.items():
        for first, second, word in _ends(key, schemata[key], said):
            source, target = keys.get(first, first), keys.get(second, second)
            if source not in readable or target not in readable:
                continue
            if whole(found[source]).is_at_least_as_strict_as(whole(said)):
                ends = uuid_of(f"object:{source}"), uuid_of(f"object:{target}")
                made.setdefault(source, []).append(_reference(*ends, word, _roles(said), uuid_of(f"claims:{key}")))
    return made


def _ends(key: str, schema: str, said: list[Claim]) -> Iterator[tuple[str, str, str]]:
    def values(prop: str) -> list[str]:
        return [claim.statement.value for claim in said if claim.statement.prop == prop]

    if schema in LINKS:
        source, target, word = LINKS[schema]
        yield from ((first, second, word) for first in values(source)[:1] for second in values(target)[:1])
    elif schema in ABOUT:
        yield from ((key, about, "related-to") for about in values(ABOUT[schema])[:1])


def _roles(said: list[Claim]) -> str:
    return "; ".join(claim.statement.value for claim in said if claim.statement.prop in ("role", "relationship"))


def _reference(holder: str, target: str, word: str, comment: str, tie: str) -> dict[str, Any]:
    return {
        "uuid": uuid_of(f"reference:{tie}"),
        "object_uuid": holder,
        "referenced_uuid": target,
        "relationship_type": word,
        "comment": comment,
    }


def _holder(
    template: templates.Template,
    name: str,
    said: list[Claim],
    group: SharingGroup | None,
    attributes: list[dict[str, Any]],
    references: list[dict[str, Any]],
) -> dict[str, Any]:
    strictest = whole(said)
    return {
        "name": template.name,
        "meta-category": template.category,
        "template_uuid": template.uuid,
        "template_version": template.version,
        "description": "",
        "uuid": name,
        "comment": tags.words(strictest),
        "timestamp": _seconds(times(said)[1]),
        "Attribute": attributes,
        "ObjectReference": references,
    } | _reach(strictest, group)


def _attribute(
    name: str, relation: str, kind: str, value: str, claim: Claim, group: SharingGroup | None
) -> dict[str, Any]:
    return {
        "uuid": name,
        "object_relation": relation,
        "type": kind,
        "category": templates.CATEGORIES.get(kind, "Person"),
        "value": value,
        "to_ids": False,
        "disable_correlation": kind not in templates.CORRELATED,
        "comment": "",
        "timestamp": _seconds(times([claim])[1]),
        "Tag": tags.of(claim.handling, claim.grade),
    } | _reach(claim.handling, group)


def _reach(handling: Handling, group: SharingGroup | None) -> dict[str, Any]:
    level = tags.distribution(handling, group.uuid if group else "")
    named = {"SharingGroup": {"uuid": group.uuid, "name": group.name}} if group is not None and level == "4" else {}
    return {"distribution": level, **named}


def _origin(claim: Claim) -> str:
    return claim.chain[0].name or claim.chain[0].party if claim.chain else claim.statement.origin or claim.origin


def _claimed(attribute: dict[str, Any]) -> str:
    """The id of the statement in an attribute of ours that holds a claim."""
    if attribute.get("object_relation") != "claim" or attribute.get("deleted"):
        return ""
    return str(json.loads(attribute["value"])["statement"]["id"])


def _seconds(at: str) -> str:
    return str(int(datetime.fromisoformat(at).timestamp()))
