"""What an entity's own STIX type can say of it: one short function for each type.

Each takes the properties (values by name, in order) and gives the fields of that type. Nothing is invented: a date
that is not known to the day is no timestamp, a country that is not in ISO 3166-1 is no country code.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from baham.formats.stix.schemata import (
    COUNTRIES,
    IDENTITY_CLASS,
    LINKS,
    REGIONS,
    RELATED,
    WORDS,
    kind_for,
    label,
    suggested,
)
from baham.kernel.claim import Claim
from baham.kernel.entity import caption
from baham.kernel.grade import Scheme

Values = dict[str, list[str]]
Refer = Callable[[str, str | None], str]
"""`refer(property, entity id)`: the STIX id of whatever a property points to. None: nobody says to whom."""

_CONFIDENCE = {"1": 90, "2": 70, "3": 50, "4": 30, "5": 10}
"""STIX 2.1, appendix A, Admiralty credibility. 6, which nobody can judge, has no number there."""
_FULL_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_URL = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")
_CONTACTS = ("email", "phone", "website", "address")
_ABOUT = ("description", "summary", "notes")
_PLACE = ("street", "postalCode", "city", "state", "region", "country")
_ACCOUNT_TYPES = frozenset(
    {"facebook", "ldap", "nis", "openid", "radius", "skype", "tacacs", "twitter", "unix", "windows-local"}
)


def kind_of(schema: str, values: Values) -> str:
    """The STIX type of an entity. A location has to have a country or a region (STIX 2.1 §4.10); an address where
    nobody knows either goes where all goes that STIX has no type for.
    """
    kind = kind_for(schema)
    return "identity" if kind == "location" and not _area(values) else kind


def identity(schema: str, key: str, values: Values, refer: Refer) -> dict[str, Any]:
    """Persons, bodies, and (with class `unknown` and a label) every thing that STIX has no type for."""
    address = schema == "Address"
    made: dict[str, Any] = {
        "name": _place_name(key, values) if address else name_of(key, values),
        "identity_class": IDENTITY_CLASS.get(schema, "unknown"),
    }
    if schema not in IDENTITY_CLASS or schema in ("Company", "PublicBody"):
        made["labels"] = [label(schema)]
    if contacts := [f"{prop}: {value}" for prop in _CONTACTS for value in values.get(prop, [])]:
        made["contact_information"] = "; ".join(contacts)
    if "position" in values:
        made["roles"] = values["position"]
    return made | _described(values, _PLACE if address else ())


def location(schema: str, key: str, values: Values, refer: Refer) -> dict[str, Any]:
    """An address of which the country or at least the part of the world is known (`kind_of`)."""
    made: dict[str, Any] = {"name": _place_name(key, values)} | _area(values)
    for prop, field in (
        ("city", "city"),
        ("street", "street_address"),
        ("postalCode", "postal_code"),
        ("state", "administrative_area"),
    ):
        if prop in values:
            made[field] = values[prop][0]
    return made | _described(values, () if "country" in made else ("country",))


def incident(schema: str, key: str, values: Values, refer: Refer) -> dict[str, Any]:
    """An event. STIX 2.1 leaves the incident a stub: a name and a description."""
    return {"name": name_of(key, values)} | _described(values)


def user_account(schema: str, key: str, values: Values, refer: Refer) -> dict[str, Any]:
    """An account somewhere. Never a password, whatever a source says."""
    made: dict[str, Any] = {"user_id": next(iter(values.get("username", [])), key)}
    if "name" in values:
        made["display_name"] = values["name"][0]
    services = [value.lower() for value in values.get("service", [])]
    if known := [service for service in services if service in _ACCOUNT_TYPES]:
        made["account_type"] = known[0]
    return made


def relationship(schema: str, key: str, values: Values, refer: Refer) -> dict[str, Any]:
    """A tie between two entities. An end that is not told is an id that no object has.

    Of a type that STIX does not suggest for its ends it is `related-to`, with the type in words in the description.
    """
    source, target, _ = LINKS[schema]
    ends = refer(source, _first(values, source)), refer(target, _first(values, target))
    word = tie_type(schema, values)
    fits = suggested(ends[0].split("--")[0], word, ends[1].split("--")[0])
    made: dict[str, Any] = {
        "relationship_type": word if fits else RELATED,
        "source_ref": ends[0],
        "target_ref": ends[1],
    }
    roles = [value for prop in ("role", "relationship", "status") for value in values.get(prop, [])]
    said = roles if fits or word in roles else [word.replace("-", " "), *roles]
    if said:
        made["description"] = "; ".join(said)
    start, stop = (_day(values, prop) for prop in ("startDate", "endDate"))
    if start:
        made["start_time"] = start
    if stop and (not start or stop > start):
        made["stop_time"] = stop
    return made


def tie_type(schema: str, values: Values) -> str:
    """The exact type of a tie, whether or not STIX suggests it: `family-of`, or a role that is a word of STIX."""
    roles = values.get("role", []) if schema == "UnknownLink" else []
    return next((role for role in roles if role in WORDS), LINKS[schema][2])


def note(schema: str, key: str, values: Values, refer: Refer, about: str = "") -> dict[str, Any]:
    """What is said about somebody: a listing, a document of his. In words, and in the extension."""
    lines = [f"{prop}: {value}" for prop in sorted(values) for value in values[prop] if prop != about]
    targets = [refer(about, value) for value in values.get(about, [])] or [refer(about, None)]
    return {"abstract": schema, "content": "\n".join(lines) or schema, "object_refs": sorted(set(targets))}


WRITERS: dict[str, Callable[..., dict[str, Any]]] = {
    "identity": identity,
    "location": location,
    "incident": incident,
    "user-account": user_account,
    "relationship": relationship,
    "note": note,
}


def name_of(key: str, values: Values) -> str:
    """What to call it: its first name in Latin script, else its first, else the next best, else its id."""
    named = [(prop, value) for prop, found in values.items() for value in sorted(found, key=_latin_first)]
    return caption(key, named)


def confidence(claims: Iterable[Claim]) -> int | None:
    """The lowest credibility among the claims as STIX counts it. None as soon as one is not graded in its scale.

    The letter and digit stay in the extension. What nobody can judge (6) is not "as likely as not": it has no number.
    """
    numbers = [
        _CONFIDENCE.get(claim.grade.credibility) if claim.grade and claim.grade.scheme is Scheme.ADMIRALTY else None
        for claim in claims
    ]
    known = [number for number in numbers if number is not None]
    return min(known) if known and len(known) == len(numbers) else None


def external_references(claims: Iterable[Claim], values: Values) -> list[dict[str, str]]:
    """Where it comes from: the entity's id in each dataset, and the addresses that sources give."""
    ids = sorted({(claim.statement.dataset, claim.statement.entity_id) for claim in claims})
    made = [{"source_name": dataset, "external_id": entity} for dataset, entity in ids]
    urls = [url for url in values.get("sourceUrl", []) if _URL.fullmatch(url)]
    return made + [{"source_name": "source", "url": url} for url in urls]


def _place_name(key: str, values: Values) -> str:
    return next((values[prop][0] for prop in ("full", "name") if prop in values), key)


def _area(values: Values) -> dict[str, str]:
    """Where in the world an address is, in the words of STIX. Empty where no source says it in such words."""
    for field, known in (("country", COUNTRIES), ("region", REGIONS)):
        for value in values.get(field, []):
            word = value.upper() if field == "country" else value.lower().replace(" ", "-")
            if word in known:
                return {field: word}
    return {}


def _described(values: Values, also: Iterable[str] = ()) -> dict[str, str]:
    """The description: the properties `also` by name, where the type has no field for them, and what sources say."""
    named = "; ".join(f"{prop}: {value}" for prop in also for value in values.get(prop, []))
    said = [*([named] if named else []), *(value for prop in _ABOUT for value in values.get(prop, []))]
    return {"description": "\n\n".join(said)} if said else {}


def _latin_first(value: str) -> tuple[bool, str]:
    return not value.isascii(), value


def _first(values: Values, prop: str) -> str | None:
    return next(iter(values.get(prop, [])), None)


def _day(values: Values, prop: str) -> str | None:
    days = [value for value in values.get(prop, []) if _FULL_DAY.fullmatch(value)]
    return f"{days[0]}T00:00:00.000Z" if days else None
