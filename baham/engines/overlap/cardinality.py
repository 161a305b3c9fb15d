"""How many identities two parties share, and not which: the step before any other, where an agreement says so.

ECDH-PSI-CA (Cristofaro, Gasti, Tsudik 2012) on ristretto255. Each side hides its own elements behind a secret of one
session and puts them in no order; each hides the other's again and shuffles them. What both hid is alike where the keys
are alike, and nobody knows whose place it came from.

    asker   state, first = begin(keys)                  first  = a·H(x), filled up with padding
    holder  second, own = respond(keys, first)          second = b·first, own = b·H(y), both shuffled
    asker   count, third = conclude(state, second, own) third  = a·own, shuffled: from it the holder counts too
    holder  count = check(second, third)

Honest-but-curious only: who asks about one person alone and fills up with nothing learns of that one person.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from . import batch, commitment, group, oprf
from .group import ELEMENT


@dataclass(frozen=True, slots=True)
class Begun:
    """What the asker keeps: its secret, and what each element that it sent stands for."""

    secret: bytes
    places: tuple[commitment.Place, ...]

    @property
    def commitment(self) -> bytes:
        """The root over the places."""
        return commitment.commit(self.places)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many keys both sides hold."""

    both: int


def begin(keys: Sequence[tuple[bytes, str]], threads: int = 1) -> tuple[Begun, bytes]:
    """The asker's (key, case reference)s, hidden behind one secret and filled up. ValueError as `batch.ask`."""
    secret = group.random_scalars(1)
    places, elements, _ = batch.hide(keys, secret * len(keys), threads)
    return Begun(secret, places), elements


def respond(keys: Sequence[bytes], first: bytes, places: int, threads: int = 1) -> tuple[bytes, bytes]:
    """The holder's part, `second` and `own`; it keeps `second`. Raises BadElement."""
    return respond_elements(_elements(keys), first, places, threads)


def respond_elements(elements: bytes, first: bytes, places: int, threads: int = 1) -> tuple[bytes, bytes]:
    """`respond` with the elements of the holder's keys, for who keeps them. Its secret lives as long as the call."""
    secret = group.random_scalars(1)
    second = _shuffled(group.multiply(secret, first, threads))
    return second, _hidden(secret, elements, places, threads)


def conclude(state: Begun, second: bytes, own: bytes, threads: int = 1) -> tuple[Counted, bytes]:
    """The asker's count, and what lets the holder count. Raises BadElement."""
    if group.count(second) != len(state.places):
        raise group.BadElement(f"{group.count(second)} elements came back of {len(state.places)}")
    group.check(second)
    third = _shuffled(group.multiply(state.secret, own, threads))
    return check(second, third), third


def check(second: bytes, third: bytes) -> Counted:
    """How many elements stand in both. Raises BadElement where one side sent an element twice."""
    here, there = _set(second), _set(third)
    if len(here) < group.count(second) or len(there) < group.count(third):
        raise group.BadElement("an element stands there twice")
    return Counted(len(here & there))


def _elements(keys: Sequence[bytes], threads: int = 1) -> bytes:
    if len(set(keys)) < len(keys):
        raise ValueError("a key stands there twice")
    return oprf.hash_to_group(keys, threads)


def _hidden(secret: bytes, elements: bytes, places: int, threads: int) -> bytes:
    spare = places - group.count(elements)
    if spare < 0:
        raise ValueError(f"{group.count(elements):,} keys do not fit into {places:,} places")
    return _shuffled(group.multiply(secret, elements + group.random_elements(spare, threads), threads))


def _shuffled(elements: bytes) -> bytes:
    rows = [elements[i : i + ELEMENT] for i in range(0, len(elements), ELEMENT)]
    secrets.SystemRandom().shuffle(rows)
    return b"".join(rows)


def _set(elements: bytes) -> set[bytes]:
    return {elements[i : i + ELEMENT] for i in range(0, len(elements), ELEMENT)}
