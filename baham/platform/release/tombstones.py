"""What was taken back and may neither leave nor come in again.

A stone is a keyed hash of a statement's id, or of what it says, so that whoever reads the table learns nothing of what
was recalled. The key is this installation's secret, and never leaves it.
"""

import hashlib
import hmac
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

from django.conf import settings

from baham.platform.ledger.rows import insert_many
from baham.platform.release.models import Recall, Tombstone

_CHUNK = 10_000


class Said(NamedTuple):
    """What a statement says, whoever says it: entity, property, value. A relay gives it another id, not other words."""

    entity: str
    prop: str
    value: str


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"baham tombstone\0" + secret.encode()).digest()


def stone_of(what: str | Said) -> bytes:
    """The stone of a statement's id, or of what a statement says; 32 bytes."""
    text = what if isinstance(what, str) else "\0".join(("said", *what))
    return hmac.digest(_key(settings.SECRET_KEY), text.encode("utf-8", "surrogatepass"), "sha256")


def set_stones(recall: Recall, what: Iterable[str | Said]) -> None:
    """Put a stone on each; on what bears one already, none. Inside the caller's transaction."""
    new = {stone_of(one) for one in what}
    new -= _standing(new)
    insert_many("release_tombstone", ("hash", "recall_id"), [(stone, recall.pk) for stone in sorted(new)])


def recalled_among(what: Collection[str | Said]) -> frozenset[str | Said]:
    """Those of these that were taken back. Nothing is hashed where nothing ever was."""
    if not what or not Tombstone.objects.exists():
        return frozenset()
    by_stone = {stone_of(one): one for one in what}
    return frozenset(by_stone[stone] for stone in _standing(by_stone))


def recalls_of(sids: Collection[str]) -> dict[str, Recall]:
    """The recall that took back each of these statements, of those that were."""
    if not sids or not Tombstone.objects.exists():
        return {}
    by_stone = {stone_of(sid): sid for sid in sids}
    found = Tombstone.objects.filter(hash__in=list(by_stone)).select_related("recall")
    return {by_stone[bytes(one.hash)]: one.recall for one in found}


def _standing(stones: Collection[bytes]) -> set[bytes]:
    rows, found = list(stones), set()
    for start in range(0, len(rows), _CHUNK):
        standing = Tombstone.objects.filter(hash__in=rows[start : start + _CHUNK]).values_list("hash", flat=True)
        found |= {bytes(stone) for stone in standing}
    return found
