"""What was taken back and may neither leave nor come in again.

A stone is a keyed hash of a statement's id, or of what it says, so that whoever reads the table learns nothing of what
was recalled. The key is this installation's secret, and never leaves it. What we take back may not return from anybody;
what a partner takes back may not return as its word: it cannot make true words of others impossible.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeVar

from django.conf import settings

from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim
from baham.platform.ledger.rows import insert_many
from baham.platform.release.models import Recall, Tombstone


class Said(NamedTuple):
    """What a statement says, whoever says it: entity, property, value. A relay gives it another id, not other words."""

    entity: str
    prop: str
    value: str


class Of(NamedTuple):
    """A statement's id, or what it says, as the word of one party: of whoever passed it on."""

    party: str
    what: str | Said


What = str | Said | Of
W = TypeVar("W", str, Of, What)


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"baham tombstone\0" + secret.encode()).digest()


def stone_of(what: What) -> bytes:
    """The stone of a statement's id, or of what a statement says, by anybody or by one party; 32 bytes."""
    party, what = what if isinstance(what, Of) else ("", what)
    text = what if isinstance(what, str) else "\0".join(("said", *what))
    if party:
        text = f"of\0{party}\0{text}"
    return hmac.digest(_key(settings.SECRET_KEY), text.encode("utf-8", "surrogatepass"), "sha256")


def set_stones(recall: Recall, what: Iterable[What]) -> None:
    """Put a stone on each; on what bears one already, none, but what is taken back by law lies under that recall from
    then on. Inside the caller's transaction."""
    new = {stone_of(one) for one in what}
    known = list(_standing(new))
    for some in in_chunks(known if recall.ground == Recall.Ground.LEGAL else ()):
        Tombstone.objects.filter(hash__in=some).update(recall=recall)
    new -= set(known)
    insert_many("release_tombstone", ("hash", "recall_id"), [(stone, recall.pk) for stone in sorted(new)])


def recalled_among(what: Collection[str]) -> frozenset[str]:
    """Those of these statement ids that were taken back here. Nothing is hashed where nothing ever was."""
    return frozenset(recalls_of(what))


def recalls_of(what: Collection[W]) -> dict[W, int]:
    """The recall (its row) that took back each of these, of those that were."""
    if not what or not Tombstone.objects.exists():
        return {}
    by_stone = {stone_of(one): one for one in what}
    return {by_stone[stone]: recall for stone, recall in _standing(by_stone).items()}


def taken_back(claims: Sequence[Claim], *, said: bool = True) -> list[int | None]:
    """For each claim the recall (its row) that took it back: by its id, by what it says unless `said` is false, as
    anybody's word or as that of a party in its chain."""
    if not claims or not Tombstone.objects.exists():
        return [None] * len(claims)
    marks = [list(_marks(claim, said)) for claim in claims]
    recalls = recalls_of({mark for some in marks for mark in some})
    return [next((recalls[mark] for mark in some if mark in recalls), None) for some in marks]


def _marks(claim: Claim, said: bool) -> Iterator[What]:
    one = claim.statement
    words = (claim.id, Said(one.entity_id, one.prop, one.value)) if said else (claim.id,)
    yield from words
    for party in {hand.party for hand in claim.chain}:
        if not party.startswith("publisher:"):
            yield from (Of(party, what) for what in words)


def _standing(stones: Collection[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for some in in_chunks(list(stones)):
        standing = Tombstone.objects.filter(hash__in=some).values_list("hash", "recall_id")
        found |= {bytes(stone): recall for stone, recall in standing}
    return found
