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
from baham.formats.stix.markings import TLP_MARKINGS
from baham.kernel.claim import Claim
from baham.kernel.handling import TLP

TYPE = "property-extension"
MOST_STATEMENTS = 20_000
"""Statements of one entity. The largest of the published lists has some hundreds."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


def definitions() -> Iterator[dict[str, Any]]:
    """The extension-definition object (STIX 2.1 §7.3), the same from everybody who sends it, and who wrote it."""
    author = object_id("identity", "project:baham")
    yield {
        "type": "identity", "spec_version": "2.1", "id": author, "created_by_ref": author, "created": EPOCH,
        "modified": EPOCH, "name": "Baham", "identity_class": "group",
        "description": "The project that defines the extension; no party to any exchange",
        "object_marking_refs": [TLP_MARKINGS[TLP.CLEAR]],
        "extensions": {EXTENSION: {"extension_type": TYPE, "party": ""}},
    }  # fmt: skip
    yield {
        "type": "extension-definition", "spec_version": "2.1", "id": EXTENSION, "created": EPOCH, "modified": EPOCH,
        "created_by_ref": author, "name": "Baham statements", "version": "1.0.0",
        "description": "Persons, bodies and things as statements with their source, grade, handling and chain of hands",
        "schema": "docs/stix-extension.schema.json of Baham, explained in docs/exchange.md", "extension_types": [TYPE],
    }  # fmt: skip


def write(schema: str, canonical_id: str, claims: list[Claim], tie: str | None = None) -> dict[str, Any]:
    """The content of the extension for one entity; of a link also its exact type. Keeps the order of the claims."""
    properties: dict[str, list[str]] = {}
    for claim in claims:
        key = snake(claim.statement.prop)
        if _KEY.fullmatch(key) and claim.statement.value not in properties.setdefault(key, []):
            properties[key].append(claim.statement.value)
    made: dict[str, Any] = {
        "extension_type": TYPE, "schema": schema, "canonical_id": canonical_id, "properties": properties,
        "statements": [row(claim) for claim in claims],
    }  # fmt: skip
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
