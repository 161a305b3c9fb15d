"""How many identities two parties share, and not which: the step before any other, where an agreement says so.

ECDH-PSI-CA (Cristofaro, Gasti, Tsudik 2012) on ristretto255. Each side hides its own elements behind a secret of one
session and puts them in no order; each hides the other's again and shuffles them. What both hid is alike where the keys
are alike, and nobody knows whose place it came from.

    asker   state, first = begin(keys, places)          first  = a·H(x), with random elements to the number of places
    holder  second, own = respond(keys, first)          second = b·first, own = b·H(y), both shuffled
    asker   count, third = conclude(state, second, own) third  = a·own, shuffled: from it the holder counts too
    holder  count = check(second, third)

Honest-but-curious only: who asks about one person alone and fills up with nothing learns of that one person.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from . import group, oprf
from .group import ELEMENT


@dataclass(frozen=True, slots=True)
class Begun:
    """What the asker keeps: its secret, and how many elements it sent."""

    secret: bytes
    many: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many keys both sides hold."""

    both: int


def begin(keys: Sequence[bytes], places: int, threads: int = 1) -> tuple[Begun, bytes]:
    """The asker's keys, hidden, filled up to so many places. ValueError for a key given twice or too few places."""
    secret = group.random_scalars(1)
    return Begun(secret, places), _hidden(secret, keys, places, threads)


def respond(keys: Sequence[bytes], first: bytes, places: int, threads: int = 1) -> tuple[bytes, bytes]:
    """The holder's part, `second` and `own`; it keeps `second`. Raises BadElement."""
    secret = group.random_scalars(1)
    second = _shuffled(group.multiply(secret, first, threads))
    return second, _hidden(secret, keys, places, threads)


def conclude(state: Begun, second: bytes, own: bytes, threads: int = 1) -> tuple[Counted, bytes]:
    """The asker's count, and what lets the holder count. Raises BadElement."""
    if group.count(second) != state.many:
        raise group.BadElement(f"{group.count(second)} elements came back of {state.many}")
    group.check(second)
    third = _shuffled(group.multiply(state.secret, own, threads))
    return check(second, third), third


def check(second: bytes, third: bytes) -> Counted:
    """How many elements stand in both. Raises BadElement where one side sent an element twice."""
    here, there = _set(second), _set(third)
    if len(here) < group.count(second) or len(there) < group.count(third):
        raise group.BadElement("an element stands there twice")
    return Counted(len(here & there))


def _hidden(secret: bytes, keys: Sequence[bytes], places: int, threads: int) -> bytes:
    if len(set(keys)) < len(keys):
        raise ValueError("a key stands there twice")
    if len(keys) > places:
        raise ValueError(f"{len(keys):,} keys do not fit into {places:,} places")
    inputs = oprf.hash_to_group(keys, threads) + group.random_elements(places - len(keys), threads)
    return _shuffled(group.multiply(secret, inputs, threads))


def _shuffled(elements: bytes) -> bytes:
    rows = [elements[i : i + ELEMENT] for i in range(0, len(elements), ELEMENT)]
    secrets.SystemRandom().shuffle(rows)
    return b"".join(rows)


def _set(elements: bytes) -> set[bytes]:
    return {elements[i : i + ELEMENT] for i in range(0, len(elements), ELEMENT)}
