"""Baham's extension of STIX: what STIX has no word for, readable to everybody, and the very statements behind it.

`properties` has FollowTheMoney's properties in snake case, each with its values, for readers who want a date of birth
or a passport number and know nothing of Baham. `statements` has each claim as `formats/claims.py` writes it, so that
Baham reads back exactly what was sent. docs/exchange.md describes it field by field.
"""

import re
from collections.abc import Iterator
from typing import Any

from baham.formats import claims as wire
from baham.formats.errors import BadInput
from baham.formats.stix.ids import EPOCH, EXTENSION, object_id
from baham.formats.stix.markings import TLP_CREATED, TLP_EXTENSION, TLP_MARKINGS
from baham.kernel.claim import Claim
from baham.kernel.handling import TLP

TYPE = "property-extension"
MOST_STATEMENTS = 20_000
"""Statements of one entity. The largest of the published lists has some hundreds."""

_TLP_SCHEMA = (
    "https://raw.githubusercontent.com/oasis-open/cti-stix-common-objects/main/extension-definition-specifications/"
    f"tlp-2.0/{TLP_EXTENSION}.json"
)

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


def definitions() -> Iterator[dict[str, Any]]:
    """The extension-definition objects (STIX 2.1 §7.3) of all that Baham writes, its own and that of TLP 2.0, the same
    from everybody who sends them, each after whoever wrote it."""
    yield _author("project:baham", "Baham", "The project that defines the extension; no party to any exchange")
    yield _definition(
        EXTENSION,
        "project:baham",
        EPOCH,
        "Baham statements",
        "Persons, bodies and things as statements with their source, grade, handling and chain of hands",
        "docs/stix-extension.schema.json of Baham, explained in docs/exchange.md",
    )
    yield _author(
        "project:oasis-cti",
        "OASIS Cyber Threat Intelligence Technical Committee",
        "Defines how TLP 2.0 is written in STIX; no party to any exchange",
    )
    yield _definition(
        TLP_EXTENSION,
        "project:oasis-cti",
        TLP_CREATED,
        "TLP 2.0 marking definitions",
        "The five labels of TLP 2.0 (FIRST, 2022) as marking definitions",
        _TLP_SCHEMA,
    )


def _author(key: str, name: str, about: str) -> dict[str, Any]:
    author = object_id("identity", key)
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": author,
        "created_by_ref": author,
        "created": EPOCH,
        "modified": EPOCH,
        "name": name,
        "identity_class": "group",
        "description": about,
        "object_marking_refs": [TLP_MARKINGS[TLP.CLEAR]],
        "extensions": {EXTENSION: {"extension_type": TYPE, "party": ""}},
    }


def _definition(key: str, author: str, created: str, name: str, about: str, schema: str) -> dict[str, Any]:
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": key,
        "created": created,
        "modified": created,
        "created_by_ref": object_id("identity", author),
        "name": name,
        "version": "1.0.0",
        "description": about,
        "schema": schema,
        "extension_types": [TYPE],
    }


def write(schema: str, canonical_id: str, claims: list[Claim], tie: str | None = None) -> dict[str, Any]:
    """The content of the extension for one entity; of a link also its exact type. Keeps the order of the claims."""
    properties: dict[str, list[str]] = {}
    for claim in claims:
        key = snake(claim.statement.prop)
        if _KEY.fullmatch(key) and claim.statement.value not in properties.setdefault(key, []):
            properties[key].append(claim.statement.value)
    made: dict[str, Any] = {
        "extension_type": TYPE,
        "schema": schema,
        "canonical_id": canonical_id,
        "properties": properties,
        "statements": [row(claim) for claim in claims],
    }
    return made if tie is None else made | {"relationship_type": tie}


def snake(prop: str) -> str:
    """`birthDate` as STIX names properties: `birth_date`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", prop).lower()


def row(claim: Claim) -> dict[str, Any]:
    """A claim as `formats/claims.py` writes it, except that an entity that nobody joined to another stays so."""
    made = wire.write(claim)
    # FollowTheMoney's row says of such an entity that it is its own canonical one.
    made["statement"]["canonical_id"] = claim.statement.canonical_id
    return made


def of(found: dict[str, Any]) -> dict[str, Any] | None:
    """Baham's extension in an object, if it has one."""
    extensions = found.get("extensions")
    ours = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    return ours if isinstance(ours, dict) else None


def read(source: str, place: str, ours: dict[str, Any]) -> list[Claim]:
    """The claims in an extension. BadInput names the object and the statement that is none."""
    rows = ours.get("statements", [])
    if not isinstance(rows, list):
        raise BadInput(source, "is to be a list", field=f"{place}.statements")
    if len(rows) > MOST_STATEMENTS:
        raise BadInput(source, f"has more than {MOST_STATEMENTS:,} statements", field=f"{place}.statements")
    made = []
    for number, row in enumerate(rows):
        try:
            made.append(wire.read(row))
        except (wire.BadClaim, ValueError) as error:
            raise BadInput(source, str(error), field=f"{place}.statements[{number}]") from None
    return made
