"""What FollowTheMoney says of somebody in an entity of its own: a listing as Sanction, a document, a wallet.

Sources say these on the entry itself (when it was listed, under which program, its number in the list). Each entry of
each list has one Sanction of its own, made of the claims about that entry and of nothing else, so nothing is in it that
was not let out. Properties are those of followthemoney 4.11 (`Sanction`, `Identification`, `CryptoWallet`).
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from baham.formats.ftm_model import ancestors, properties
from baham.kernel.claim import Claim

_LISTING = frozenset(
    {
        "authority",
        "authorityId",
        "unscId",
        "program",
        "programId",
        "programUrl",
        "provisions",
        "status",
        "duration",
        "reason",
        "listingDate",
        "startDate",
        "endDate",
    }
)
"""What a source says of a listing, under the names that Sanction has for it."""
_IN_WORDS = frozenset({"legalBasis", "celex", "annex", "reviewDate", "regulation"})
"""What it says of a listing and Sanction has no name for."""
_ALSO = frozenset({"modifiedAt", "sourceUrl"})
"""What is of the entry and of its listing alike; alone it is no listing."""
_OTHERS = {
    "identification": ("Identification", "holder", "summary"),
    "publicKey": ("CryptoWallet", "holder", "publicKey"),
}
"""What else is an entity of its own: the schema, the property that names whose it is, and that of the value."""
_SAID_OF = {"Sanction": "Thing", "Identification": "LegalEntity", "CryptoWallet": "LegalEntity"}


def beside(schema: str, said: Iterable[Claim]) -> Iterator[list[Claim]]:
    """The claims of each entity that stands beside one of this schema, from the claims about that one."""
    entries: dict[tuple[str, str], list[Claim]] = {}
    for claim in said:
        entries.setdefault((claim.statement.dataset, claim.statement.entity_id), []).append(claim)
    for own in entries.values():
        yield from _sanction(schema, own)
        yield from _others(schema, own)


def moved(schema: str, prop: str) -> bool:
    """Whether a property that the schema lacks is said beside it."""
    if prop in properties(schema):
        return False
    if prop in _OTHERS:
        return _may_be(_OTHERS[prop][0], schema)
    return (prop in _LISTING or prop in _IN_WORDS) and _may_be("Sanction", schema)


def _may_be(beside: str, schema: str) -> bool:
    return _SAID_OF[beside] in ancestors(schema)


def _sanction(schema: str, own: list[Claim]) -> Iterator[list[Claim]]:
    # What the schema has itself (the status of a company) is of the company; a program is of the listing in any case.
    of = [
        claim
        for claim in own
        if claim.statement.prop == "program"
        or (moved(schema, claim.statement.prop) and claim.statement.prop not in _OTHERS)
    ]
    if not of or not _may_be("Sanction", schema):
        return
    of += [claim for claim in own if claim.statement.prop in _ALSO]
    key = _key("Sanction", of[0])
    link = _as("Sanction", key, of[0], "entity", of[0].statement.entity_id)
    record = _as("Sanction", key, of[0], "recordId", of[0].statement.entity_id)
    made = [_as("Sanction", key, claim, claim.statement.prop, claim.statement.value) for claim in of]
    yield [link, record, *made]


def _others(schema: str, own: list[Claim]) -> Iterator[list[Claim]]:
    for claim in own:
        prop = claim.statement.prop
        if prop in _OTHERS and moved(schema, prop):
            kind, link, target = _OTHERS[prop]
            key = _key(kind, claim, claim.statement.value)
            yield [
                _as(kind, key, claim, link, claim.statement.entity_id),
                _as(kind, key, claim, target, claim.statement.value),
            ]


def _key(kind: str, claim: Claim, *more: str) -> str:
    about = "\x1f".join((claim.statement.dataset, claim.statement.entity_id, *more))
    digest = hashlib.sha1(about.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    return f"{kind.lower()}-{digest[:24]}"


def _as(kind: str, key: str, claim: Claim, prop: str, value: str) -> Claim:
    own = value == claim.statement.value
    said = replace(
        claim.statement,
        entity_id=key,
        canonical_id=None,
        schema=kind,
        prop=prop,
        value=value,
        id="",
        original_value=claim.statement.original_value if own else None,
        flags=claim.statement.flags if own else (),
        lang=claim.statement.lang if own else None,
    )
    return replace(claim, statement=said)
