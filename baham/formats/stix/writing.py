"""Claims as STIX 2.1 objects: markings, extension, producer, then one object for each entity, in a fixed order.

The same claims give the same objects, byte for byte, in whatever order they come and on whatever day.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from baham.formats.canonical import canonical
from baham.formats.ftm_model import schema_of
from baham.formats.stix import extension, markings, native
from baham.formats.stix.ids import EPOCH, EXTENSION, Producer, entity_id, groups, object_id, stamp, times, whole
from baham.formats.stix.schemata import ABOUT, kind_pointed_at
from baham.kernel.basis import Stance, StanceKind
from baham.kernel.claim import Claim
from baham.kernel.handling import TLP, Handling

_OPINIONS = {StanceKind.SUPPORTS: "agree", StanceKind.CONTRADICTS: "disagree", StanceKind.OUTDATED: "neutral"}
"""STIX has five steps from strongly-disagree to strongly-agree. Baham knows no strength, so it takes none."""
_RECALLED = "(recalled)"
_KEPT = {
    "identity": {"name": _RECALLED},
    "location": {},
    "incident": {"name": _RECALLED},
    "user-account": {"user_id": _RECALLED},
    "note": {"content": _RECALLED},
}
"""What an object has to have, and what a recalled one has in its place: a recall does not repeat what it takes back.

A location has to have its country or region, and no other word says less and is true: that one it keeps.
"""


def objects(
    claims: Iterable[Claim], *, producer: Producer, modified: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """The claims as STIX 2.1 objects. What is not marked goes out as TLP:AMBER+STRICT.

    `modified` is the time of this version, for a sender who has sent an earlier one: the claims alone do not say that
    one of them was taken out or marked anew. Source identities and protected persons are kept back before, by release.
    """
    found = groups(claims)
    handlings = {key: whole(said) for key, said in found.items()}
    yield _standing_for(producer)
    yield from extension.definitions()
    needed = [one for handling in handlings.values() for one in markings.definitions(handling)]
    needed += [markings.tlp_definition(tlp) for tlp in (TLP.CLEAR, TLP.GREEN)]
    yield from (one for _, one in sorted({one["id"]: one for one in needed}.items()))
    kinds = _Kinds(found)
    for key, said in found.items():
        created, changed = times(said)
        at = max(changed, stamp(modified)) if modified else changed
        yield entity_object(key, said, partial(kinds.refer, key), producer=producer, created=created, modified=at)


def shared(handling: Handling, producer: Producer) -> list[dict[str, Any]]:
    """All that an object of this handling refers to beside other entities, each after what it refers to itself."""
    open_to_all = markings.tlp_definition(TLP.CLEAR)
    needed = [
        open_to_all,
        *extension.definitions(),
        markings.tlp_definition(TLP.GREEN),
        _standing_for(producer),
        *markings.definitions(handling),
    ]
    return list({one["id"]: one for one in needed}.values())


def bundle(written: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The objects as one bundle. Its id follows from the objects', so that the same bundle is the same file."""
    listed = list(written)
    key = canonical([[one["id"], one.get("modified", "")] for one in listed]).decode()
    return {"type": "bundle", "id": object_id("bundle", key), "objects": listed}


def revocation(sent: dict[str, Any], at: datetime, reason: str = "") -> dict[str, Any]:
    """A new version of an object that takes it back (STIX 2.1 §3.6: `revoked`).

    Nothing that was said is said again: what STIX demands is blanked, and the extension names the statements by their
    ids alone, so that who holds them finds them. A `user-account` has no versions in STIX; there the extension alone
    says it. Raises ValueError for an object that is no entity's.
    """
    ours = extension.of(sent)
    if ours is None or "statements" not in ours or sent["type"] not in (*_KEPT, "relationship"):
        raise ValueError(f"{sent.get('id')} is no object that stands for an entity")
    recalled = {
        "extension_type": extension.TYPE,
        "schema": ours["schema"],
        "canonical_id": ours["canonical_id"],
        "recalled": sorted({row["statement"]["id"] for row in ours["statements"]}),
        "recalled_at": stamp(at),
        "reason": reason,
    }
    kept = (
        "type",
        "spec_version",
        "id",
        "created_by_ref",
        "created",
        "object_marking_refs",
        "object_refs",
        "relationship_type",
        "source_ref",
        "target_ref",
        "country",
        "region",
    )
    made = {name: sent[name] for name in kept if name in sent} | _KEPT.get(sent["type"], {})
    if "modified" in sent:
        # Of two versions the later counts, so a recall is later than what it recalls, whatever the sender's clock says.
        later = datetime.fromisoformat(sent["modified"]) + timedelta(milliseconds=1)
        made |= {"modified": max(stamp(at), stamp(later)), "revoked": True}
    return made | {"extensions": {EXTENSION: recalled}}


def opinion(
    stance: Stance, statement: str, target: str, handling: Handling, producer: Producer
) -> Iterator[dict[str, Any]]:
    """A stance to one statement as a STIX opinion on the object `target` (an id) that carries it, after all that it
    refers to beside that."""
    yield from shared(handling, producer)
    at = stamp(stance.at)
    ours = {"kind": stance.kind.value, "statement": statement, "actor": stance.actor, "evidence": stance.evidence}
    yield {
        "type": "opinion",
        "spec_version": "2.1",
        "id": object_id("opinion", canonical([statement, stance.actor, stance.kind.value, at]).decode()),
        "created_by_ref": producer.object_id,
        "created": at,
        "modified": at,
        "opinion": _OPINIONS[stance.kind],
        "explanation": stance.reason,
        "authors": [stance.actor],
        "object_refs": [target],
        "object_marking_refs": markings.refs(handling),
        "extensions": {EXTENSION: {"extension_type": extension.TYPE, "stance": ours}},
    }


class _Kinds:
    """Which object stands for an entity, by its canonical id or any of its own."""

    def __init__(self, found: dict[str, list[Claim]]) -> None:
        self._kind = {key: kind_of(said) for key, said in found.items()}
        self._key = {claim.statement.entity_id: key for key, said in found.items() for claim in said}

    def refer(self, owner: str, prop: str, value: str | None) -> str:
        key = self._key.get(value or "", value or "")
        return pointed_at(owner, prop, value, (key, self._kind[key]) if key in self._kind else None)


def pointed_at(owner: str, prop: str, value: str | None, known: tuple[str, str] | None) -> str:
    """The STIX id behind a property of the entity `owner`: of what is `known` (canonical id and type) under its value,
    or of what nobody here sends. A value of None says that the property is there and points to nobody."""
    if value is None:
        return entity_id("identity", f"nobody:{prop}:{owner}")
    key, kind = known or (value, kind_pointed_at(prop))
    # A tie cannot point to another tie (STIX 2.1 §5.1); the id then leads nowhere, and the statement says it all.
    return entity_id("identity" if kind == "relationship" else kind, key)


def kind_of(said: list[Claim]) -> str:
    """The STIX type of the object that these claims of one entity make."""
    return native.kind_of(schema_of(claim.statement.schema for claim in said), _values(said))


def entity_object(
    key: str, said: list[Claim], refer: native.Refer, *, producer: Producer, created: str, modified: str
) -> dict[str, Any]:
    """The object of one entity, by its canonical id, from its claims in the order of `groups`. `refer` gives the STIX
    id of whatever a property of it points to."""
    handling, schema, values = whole(said), schema_of(claim.statement.schema for claim in said), _values(said)
    kind = native.kind_of(schema, values)
    made: dict[str, Any] = {"type": kind, "spec_version": "2.1", "id": entity_id(kind, key)}
    more = {"about": ABOUT[schema]} if schema in ABOUT else {}
    native_part = native.WRITERS[kind](schema, key, values, refer, **more)
    if kind != "user-account":
        made |= {"created_by_ref": producer.object_id, "created": created, "modified": modified}
        native_part["external_references"] = native.external_references(said, values)
        if (number := native.confidence(said)) is not None:
            native_part["confidence"] = number
    made |= native_part
    made["object_marking_refs"] = markings.refs(handling)
    tie = native.tie_type(schema, values) if kind == "relationship" else None
    made["extensions"] = {EXTENSION: extension.write(schema, key, said, tie)}
    if granular := _granular(made, said, handling):
        made["granular_markings"] = granular
    return made


def _values(said: list[Claim]) -> native.Values:
    values: native.Values = {}
    for claim in said:
        held = values.setdefault(claim.statement.prop, [])
        if claim.statement.value not in held:
            held.append(claim.statement.value)
    return values


def _granular(made: dict[str, Any], said: list[Claim], handling: Handling) -> list[dict[str, Any]]:
    """Which values make the object as strict as it is. No marking here is looser than the object's, so none widens."""
    strict = [number for number, claim in enumerate(said) if claim.handling.tlp is handling.tlp]
    if len(strict) == len(said):
        return []
    own = made["extensions"][EXTENSION]["properties"]
    selectors = []
    for number in strict:
        claim = said[number].statement
        key = extension.snake(claim.prop)
        selectors.append(f"extensions.{EXTENSION}.statements.[{number}]")
        if claim.value in own.get(key, []):
            selectors.append(f"extensions.{EXTENSION}.properties.{key}.[{own[key].index(claim.value)}]")
        if made.get("name") == claim.value:
            selectors.append("name")
    return [{"marking_ref": markings.TLP_MARKINGS[handling.tlp], "selectors": sorted(set(selectors))}]


def _standing_for(producer: Producer) -> dict[str, Any]:
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": producer.object_id,
        "created_by_ref": producer.object_id,
        "created": EPOCH,
        "modified": EPOCH,
        "name": producer.name,
        "identity_class": "organization",
        "object_marking_refs": [markings.TLP_MARKINGS[TLP.GREEN]],
        # Says that this is who speaks, and nobody who is spoken of.
        "extensions": {EXTENSION: {"extension_type": extension.TYPE, "party": producer.party}},
    }
