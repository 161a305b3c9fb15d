"""Ids, times and groups: what makes two exports of the same claims the same objects.

The id of an object follows from the entity's canonical id alone, its times from the claims alone: never from the clock,
never from the order. Source: STIX 2.1 (OASIS, 2021), §2.9 identifiers, §3.2 common properties, §2.16 timestamps.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise

from baham.formats import claims as wire
from baham.formats.canonical import canonical
from baham.kernel.claim import Claim
from baham.kernel.handling import Handling, meet_all

NAMESPACE = uuid.UUID("66d77471-fe41-411d-8156-ef6cd07e18c9")
"""The namespace of every id that Baham derives. Never to be changed: recipients know objects by these ids."""

OBSERVABLES = frozenset({"user-account"})
"""The cyber-observable types that Baham writes. STIX 2.1 §2.9 asks for version 5 in their ids, and 4 in all others."""

EXTENSION = "extension-definition--d8129e7d-e421-40de-ad74-7aea7cb660a3"
"""Baham's one extension of STIX, described in docs/exchange.md."""

EPOCH = "1970-01-01T00:00:00.000Z"
"""Stands for a time that nobody stated: STIX demands one."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Producer:
    """Who sends: the party's id and its name. The object that stands for it has an id derived from the party's."""

    party: str
    name: str

    @property
    def object_id(self) -> str:
        return object_id("identity", f"party:{self.party}")


def object_id(kind: str, key: str) -> str:
    """The STIX id of what `key` names: the same for ever.

    Its UUID is version 5, a hash of the key. STIX 2.1 §2.9 asks for version 4 (random) for all but observables, so
    theirs carry that hash with the version bits of 4: to a reader as good as random, and yet derived.
    """
    derived = uuid.uuid5(NAMESPACE, key)
    return f"{kind}--{derived if kind in OBSERVABLES else uuid.UUID(bytes=derived.bytes, version=4)}"


def entity_id(kind: str, canonical_id: str) -> str:
    """The STIX id of an entity."""
    return object_id(kind, f"entity:{canonical_id}")


def canonical_id(claim: Claim) -> str:
    """The entity that a claim speaks of: its canonical id, or else its own."""
    return claim.statement.canonical_id or claim.statement.entity_id


def groups(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The claims of each entity, both in an order that depends on nothing but the claims."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(canonical_id(claim), []).append(claim)
    for said in found.values():
        said.sort(key=_order)
        if any(_order(one) == _order(other) for one, other in pairwise(said)):
            # One statement by two ways. Writing each to compare them costs more than all the rest, so only here.
            said.sort(key=_full_order)
    return dict(sorted(found.items()))


def whole(claims: Iterable[Claim]) -> Handling:
    """The handling of something made of these claims: the meet of theirs. Most of them are marked alike."""
    return meet_all(list(dict.fromkeys(claim.handling for claim in claims)))


def _order(claim: Claim) -> tuple[str, str]:
    return claim.statement.prop, claim.id


def _full_order(claim: Claim) -> tuple[str, str, bytes]:
    return *_order(claim), canonical(wire.write(claim))


@lru_cache(4096)
def moment(text: str | None) -> str | None:
    """A day or time in ISO 8601 as STIX writes it: UTC, milliseconds, `Z`. None for what is no such time."""
    if not text or not _DAY.match(text):
        return None
    try:
        return stamp(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


@lru_cache(4096)
def stamp(at: datetime) -> str:
    """A moment as STIX writes it. One without a zone is taken as UTC, which is what FollowTheMoney's times are."""
    given = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return given.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def times(claims: Iterable[Claim]) -> tuple[str, str]:
    """`created` and `modified` of an object made of these claims.

    Created is when the first of them was first seen. Modified is the latest of all that happened to them: seen, graded,
    assessed, passed on. Neither is read from the clock.
    """
    first: list[str] = []
    every: list[str] = []
    for claim in claims:
        seen = [found for text in (claim.statement.first_seen, claim.statement.last_seen) if (found := moment(text))]
        first += seen
        every += [found for hand in claim.chain if (found := moment(hand.at))]
        if claim.grade is not None and claim.grade.at is not None:
            every.append(stamp(claim.grade.at))
        if claim.basis.on is not None:
            every.append(f"{claim.basis.on.isoformat()}T00:00:00.000Z")
    created = min(first or every, default=EPOCH)
    return created, max([created, *first, *every])
