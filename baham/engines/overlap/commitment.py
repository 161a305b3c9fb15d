"""What an asker commits to before it asks, so that an auditor can later see what any place of a request stood for.

A request has places; each holds a key, hidden, or padding. The commitment is the root of a Merkle tree (kernel/log.py)
over one leaf a place:

    key      SHA-256 of 0x00 ‖ "key" ‖ salt (16 bytes) ‖ SHA-256 of the case reference ‖ the key
    padding  SHA-256 of 0x00 ‖ "pad" ‖ salt

The salts are random, so the root tells nothing. Opening a place shows its salt, case, key and blind; the auditor
computes the leaf, its way to the root, and the element that stood in the request. An asker that put another key there
would have to find a discrete logarithm; one that hid a question in the padding, a preimage of SHA-512.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from baham.kernel.log import inclusion_proof, leaf_hash, root, verify_inclusion

from . import group, oprf
from .group import ELEMENT, BadElement

SALT = 16
_PADDING = b"Baham overlap padding 1"


@dataclass(frozen=True, slots=True)
class Place:
    """What one place of a request stands for: a key with its case and its blind, or (an empty key) padding. The blind
    multiplies the key's element, or (`added`) is added to it as a multiple of the generator. Of one that was `emptied`
    its leaf is left, so that the others can be opened."""

    salt: bytes
    key: bytes = b""
    case: str = ""
    blind: bytes = b""
    added: bool = False
    emptied: bytes = b""

    @property
    def leaf(self) -> bytes:
        """The hash that stands in the tree."""
        if self.emptied:
            return self.emptied
        if not self.key:
            return leaf_hash(b"pad" + self.salt)
        return leaf_hash(b"key" + self.salt + _hash_of(self.case) + self.key)

    @property
    def element(self) -> bytes:
        """The element that must stand in the request. Raises BadElement where key and blind give none."""
        if not self.key:
            return padding(self.salt)
        element = oprf.hash_to_group([self.key])
        return (
            group.add(element, group.multiply_base(self.blind)) if self.added else group.multiply(self.blind, element)
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """One place, opened: where it stands in a request of `size` places, and its way to the root."""

    index: int
    size: int
    place: Place
    way: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """What an opening proves, or why it proves nothing."""

    good: bool
    reason: str


@lru_cache(maxsize=1_024)
def _hash_of(case: str) -> bytes:
    return hashlib.sha256(case.encode()).digest()


def case_digest(salt: bytes, case: str) -> bytes:
    """What a request says of its case: SHA-256 of 16 random bytes and the reference, so that nobody can guess it."""
    return hashlib.sha256(salt + case.encode()).digest()


def padding(salt: bytes) -> bytes:
    """The element of a place of padding: nobody knows how it relates to the element of a key."""
    return group.from_uniform(padding_bytes(salt))


def padding_bytes(salt: bytes) -> bytes:
    """The 64 bytes of which a place of padding is made."""
    return oprf.expand_message(salt, _PADDING)


def commit(places: Sequence[Place]) -> bytes:
    """The root over all places, in the order of the request."""
    return root([place.leaf for place in places])


def open_place(places: Sequence[Place], index: int) -> Opening:
    """What shows an auditor one place. IndexError where there is none of this number."""
    way = inclusion_proof([place.leaf for place in places], index)
    return Opening(index, len(places), places[index], tuple(way))


def check(opening: Opening, committed: bytes, elements: bytes) -> Checked:
    """Hold an opening against the root that was committed to and the elements that were sent."""
    if not verify_inclusion(opening.place.leaf, opening.index, opening.size, opening.way, committed):
        return Checked(False, "the place does not belong to the root that was committed to")
    sent = elements[ELEMENT * opening.index : ELEMENT * (opening.index + 1)]
    try:
        same = opening.place.element == sent
    except BadElement as error:
        return Checked(False, f"the blind is none: {error}")
    if not same:
        return Checked(False, "another element was sent than the one that this place stands for")
    if not opening.place.key:
        return Checked(True, "the place was padding")
    case = opening.place.case
    if not case.strip():
        return Checked(False, "the key was asked about without a case")
    return Checked(True, f"the key was asked about for the case {case!r}")
