"""STIX objects of others as entities: each value with the object and field in which it stood.

STIX speaks of campaigns, malware and techniques as well as of persons and bodies. What FollowTheMoney has no schema for
becomes the nearest it has, else a Thing, with the STIX type kept as a keyword.
"""

import re
from collections.abc import Iterator
from typing import Any

from baham.formats.errors import BadInput, shown
from baham.formats.ftm_model import properties
from baham.formats.stix.schemata import LINKS
from baham.kernel.entity import Entity

NO_ENTITY = frozenset(
    {"marking-definition", "extension-definition", "language-content", "bundle", "sighting", "opinion"}
)
"""Objects that are about other objects and stand for nothing themselves."""

_IDENTITIES = {
    "individual": "Person",
    "organization": "Organization",
    "group": "Organization",
    "class": "Thing",
    "system": "Thing",
}
_SCHEMATA = {
    "threat-actor": "Organization",
    "intrusion-set": "Organization",
    "location": "Address",
    "user-account": "UserAccount",
    "incident": "Event",
}
_TIES = {word: (schema, *ends) for schema, (*ends, word) in LINKS.items() if schema != "UnknownLink"}

_PROPS = {
    "name": "name",
    "aliases": "alias",
    "x_mitre_aliases": "alias",
    "description": "description",
    "roles": "keywords",
    "labels": "keywords",
    "sectors": "sector",
    "goals": "notes",
    "contact_information": "notes",
    "content": "notes",
    "abstract": "summary",
    "pattern": "notes",
    "objective": "notes",
    "threat_actor_types": "keywords",
    "malware_types": "keywords",
    "tool_types": "keywords",
    "x_mitre_platforms": "keywords",
    # Cyber observables have no name but what they are.
    "value": "name",
    "display_name": "name",
    "path": "name",
}
_LOCATION = {
    "name": "full",
    "country": "country",
    "region": "region",
    "administrative_area": "state",
    "city": "city",
    "street_address": "street",
    "postal_code": "postalCode",
    "latitude": "latitude",
    "longitude": "longitude",
    "description": "description",
}
_ACCOUNT = {
    "user_id": "username",
    "account_login": "username",
    "display_name": "name",
    "account_type": "service",
}
_TIE = {"description": "description", "relationship_type": "role"}
_TIMES = (("created", "createdAt"), ("modified", "modifiedAt"))
_TIE_TIMES = (("modified", "modifiedAt"), ("start_time", "startDate"), ("stop_time", "endDate"))
_BY_TYPE = {"location": _LOCATION, "user-account": _ACCOUNT, "relationship": _TIE}

_TYPE = re.compile(r"[a-z][a-z0-9-]{1,249}")
_ID = re.compile(r"[a-z][a-z0-9-]{1,249}--[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?Z")
"""A moment as STIX has it (2.1 §3.2): the day, the time, and the digits of the second, of which there is no limit."""
_MOST = 10_000


class Number(str):
    """A number as it was written: never turned into one, so no number is too long, and NaN is a word."""


def upgraded(found: dict[str, Any]) -> dict[str, Any]:
    """An object of STIX 2.0 as 2.1 has it: its version, and whether a malware is a family (which 2.1 demands).

    2.0 says neither. That it is one is what MITRE says of all of its own when it publishes them as 2.1.
    """
    if "spec_version" in found:
        return found
    made = {**found, "spec_version": "2.1"}
    if found.get("type") == "malware":
        made.setdefault("is_family", True)
    return made


def is_current(found: dict[str, Any]) -> bool:
    """Whether the object stands: its publisher has neither revoked nor deprecated it."""
    return found.get("revoked") is not True and found.get("x_mitre_deprecated") is not True


def check(source: Any, number: int, found: Any) -> tuple[str, str]:
    """The type and id of an object; BadInput, which names it, for what is no STIX object."""
    if not isinstance(found, dict):
        raise BadInput(source, f"is to be an object, and is {kind_of(found)}", field=f"objects[{number}]")
    said = []
    for name, form in (("type", _TYPE), ("id", _ID)):
        value = found.get(name)
        at = f"objects[{number}].{name}"
        if not isinstance(value, str) or isinstance(value, Number):
            raise BadInput(source, "is missing" if value is None else f"is {kind_of(value)}, not a text", field=at)
        if not form.fullmatch(value):
            raise BadInput(source, f"is no STIX {name}: {shown(value)}", field=at)
        said.append(value)
    return said[0], said[1]


def entity(source: Any, number: int, found: dict[str, Any], dataset: str, origin: str | None = None) -> Entity | None:
    """What a checked object says, as one entity that its author (`origin`) says; None for one that stands for nothing
    itself. BadInput names the object and the field that is not what it should be.
    """
    kind, name = found["type"], found["id"]
    if kind in NO_ENTITY:
        return None
    made = Entity(name, _schema(kind, found), dataset)
    for field, prop in _BY_TYPE.get(kind, _PROPS).items():
        for at, value in _texts(source, number, field, found.get(field)):
            if value != name or prop != "name":
                made.add(_fitting(made, prop, value), value, record=name, at=at)
    if kind == "relationship":
        _tie(source, number, found, made)
    elif made.schema not in ("Person", "UserAccount"):
        made.add("keywords", kind, record=name, at="type")
    for field, prop in _TIE_TIMES if kind == "relationship" else _TIMES:
        for at, value in _texts(source, number, field, found.get(field)):
            _add_time(source, number, made, prop, value, name, at)
    _references(source, number, found, made)
    for said in made if origin else ():
        # Made a moment ago and known to nobody else; a copy of each would take longer than all the rest.
        object.__setattr__(said, "origin", origin)
    return made


def author(found: dict[str, Any]) -> str | None:
    """The id of the identity that made an object."""
    ref = found.get("created_by_ref")
    return ref if isinstance(ref, str) and _ID.fullmatch(ref) else None


def _schema(kind: str, found: dict[str, Any]) -> str:
    if kind == "identity":
        return _IDENTITIES.get(str(found.get("identity_class")), "LegalEntity")
    if kind == "relationship":
        return _TIES.get(str(found.get("relationship_type")), ("UnknownLink",))[0]
    if kind == "threat-actor" and found.get("resource_level") == "individual":
        return "Person"
    return _SCHEMATA.get(kind, "Thing")


def _fitting(made: Entity, prop: str, value: str) -> str:
    """The property under which a value is kept: what the schema has no place for is a note.

    Publishers repeat the name among the aliases; it stays the name.
    """
    if prop not in properties(made.schema):
        return "notes"
    if prop != "alias":
        return prop
    return "name" if value in made.values("name") else "alias"


def _tie(source: Any, number: int, found: dict[str, Any], made: Entity) -> None:
    _, first, second = _TIES.get(str(found.get("relationship_type")), ("UnknownLink", "subject", "object"))
    for field, prop in (("source_ref", first), ("target_ref", second)):
        value = found.get(field)
        if not isinstance(value, str) or not _ID.fullmatch(value):
            problem = "is missing" if value is None else "is no STIX id"
            raise BadInput(source, problem, field=f"objects[{number}].{field}")
        made.add(prop, value, record=made.id, at=field)


def _add_time(source: Any, number: int, made: Entity, prop: str, value: str, record: str, at: str) -> None:
    day = TIME.fullmatch(value)
    if day is None:
        raise BadInput(source, f"is not a time as STIX has them: {shown(value)}", field=f"objects[{number}].{at}")
    made.add(prop, day[1], original=value, record=record, at=at)


def _references(source: Any, number: int, found: dict[str, Any], made: Entity) -> None:
    given = found.get("external_references", [])
    if not isinstance(given, list) or len(given) > _MOST:
        raise BadInput(source, "is to be a list", field=f"objects[{number}].external_references")
    for position, reference in enumerate(given):
        at = f"external_references[{position}]"
        if not isinstance(reference, dict):
            raise BadInput(source, f"is to be an object, and is {kind_of(reference)}", field=f"objects[{number}].{at}")
        for name, prop in (("url", "sourceUrl"), ("external_id", _id_property(made))):
            value = reference.get(name)
            if isinstance(value, str):
                made.add(prop, value, record=made.id, at=f"{at}.{name}", quality=_named(reference))


def _id_property(made: Entity) -> str:
    known = properties(made.schema)
    return next(prop for prop in ("registrationNumber", "recordId", "keywords") if prop in known)


def _named(reference: dict[str, Any]) -> str:
    name = reference.get("source_name", "")
    return name[:100] if isinstance(name, str) else ""


def _texts(source: Any, number: int, field: str, value: Any) -> Iterator[tuple[str, str]]:
    """The values of a field with the place of each: a text, a number as it was written, or a list of them."""
    if value is None:
        return
    if isinstance(value, str):
        yield field, str(value)
    elif isinstance(value, list) and len(value) <= _MOST and all(isinstance(one, str) for one in value):
        for position, one in enumerate(value):
            yield f"{field}[{position}]", str(one)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield field, str(value)
    else:
        raise BadInput(
            source, f"is to be a text or a list of texts, and is {kind_of(value)}", field=f"objects[{number}].{field}"
        )


def kind_of(value: Any) -> str:
    """What a JSON value is, in words for an error."""
    if isinstance(value, Number):
        return f"the number {shown(value, 20)}"
    names = {
        dict: "an object",
        list: "a list",
        bool: "true or false",
        str: "a text",
        type(None): "nothing",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), "something else")
