"""A batch of keys as it goes to the holder and comes back: padded, in no order, and checked.

Requests have 16, 64, 256, 1,024, 4,096 places, then multiples of 1,024, so their size tells the number of keys roughly.

Up to 1,024 places a batch is RFC 9497's own: each key's element P is hidden as r·P, and every place is proven. That
costs three more multiplications a place. Larger batches save them in two ways that the holder does not see:

- P is hidden as P + s·G and unblinded by taking away s·(public key) (Jarecki, Krawczyk, Xu, PKC 2021; the public key is
  the one that the holder has signed). Both multiples are known before the keys are: pads, which may be made ready
  beforehand. A pad hides perfectly, once.
- Behind the places stand CHECKS more elements: hidden sums of all keys' elements, each times a secret weight below
  2**BITS. Those the holder proves, after RFC 9497; and the same sums of the unblinded answers must agree with theirs.
  If any key was answered wrongly, at most one value of its weight lets that pass, whatever the others are; the holder
  knows no weight, since the sums are hidden as perfectly as the keys. So it passes with a chance of 2**-16.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from . import commitment, group, oprf
from .group import ELEMENT
from .oprf import BadProof

_BUCKETS = (16, 64, 256, 1_024, 4_096)
_STEP = 1_024
MOST = 1 << 20
"""Places of a request, at the most."""
PROVEN = 1_024
"""Places up to which every one is proven by itself."""
CHECKS, BITS = 2, 8
"""How many sums check a larger batch, and how many bits their weights have: a byte each."""


@dataclass(frozen=True, slots=True)
class Pads:
    """What hides the elements of one batch and unblinds their answers: s, s·G and s·(public key). Used once."""

    scalars: bytes
    hiding: bytes
    undoing: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What the asker keeps: what each place stands for, what was sent, and (of a large batch) pads and weights."""

    places: tuple[commitment.Place, ...]
    elements: bytes
    keys: tuple[int, ...] = ()
    """The places that hold keys, in the order of the pads and weights."""
    pads: Pads | None = None
    weights: tuple[bytes, ...] = ()

    @property
    def commitment(self) -> bytes:
        """The root over the places."""
        return commitment.commit(self.places)


def places_for(keys: int) -> int:
    """How many places a request with so many keys has. ValueError for none and for too many."""
    if not 0 < keys <= MOST:
        raise ValueError(f"{keys:,} keys: a request has from 1 to {MOST:,}")
    return next((size for size in _BUCKETS if keys <= size), -(-keys // _STEP) * _STEP)


def is_large(keys: int) -> bool:
    """Whether a batch of so many keys is hidden by pads and checked by sums."""
    return places_for(keys) > PROVEN


def elements_for(keys: int) -> int:
    """How many elements go to the holder for so many keys: the places, and the sums where there are any."""
    return places_for(keys) + CHECKS * is_large(keys)


def fewer(keys: int) -> int:
    """The largest number of keys that fills a smaller request than so many would; 0 where there is none."""
    size = places_for(keys)
    return size - _STEP if size > _BUCKETS[-1] else max((one for one in _BUCKETS if one < size), default=0)


def make_ready(public: bytes, keys: int, threads: int = 1) -> Pads:
    """Pads for a large batch of so many keys to the holder of this public key. BadElement for what is no such key."""
    group.check(public)
    scalars = group.random_scalars(keys + CHECKS)
    undoing = group.multiply(scalars, public * (keys + CHECKS), threads)
    return Pads(scalars, group.multiply_base(scalars, threads), undoing)


def ask(keys: Sequence[tuple[bytes, str]], public: bytes, threads: int = 1, pads: Pads | None = None) -> Asked:
    """Make a request of (key, case reference). `pads` may be made ready beforehand, for exactly so many keys.

    ValueError for a key that stands there twice, none, too many, or pads of another number.
    """
    if not is_large(len(keys)):
        return Asked(*hide(keys, group.random_scalars(len(keys)), threads))
    pads = make_ready(public, len(keys), threads) if pads is None else pads
    if group.count(pads.scalars) != len(keys) + CHECKS:
        raise ValueError("the pads are of another number of keys")
    inputs = _elements(keys, threads)
    hidden = group.add_each(inputs, pads.hiding[: len(inputs)], threads)
    places, elements, order = _placed(keys, pads.scalars, hidden, True, threads)
    weights = tuple(os.urandom(len(keys)) for _ in range(CHECKS))
    sums = b"".join([group.weighted(one, inputs, BITS) for one in weights])
    sent = elements + group.add_each(sums, pads.hiding[len(inputs) :])
    return Asked(places, sent, order, pads, weights)


def hide(
    keys: Sequence[tuple[bytes, str]], blinds: bytes, threads: int = 1
) -> tuple[tuple[commitment.Place, ...], bytes, tuple[int, ...]]:
    """Places, what is sent for each, and which places hold the keys: each behind its blind, with padding, shuffled."""
    return _placed(keys, blinds, group.multiply(blinds, _elements(keys, threads), threads), False, threads)


def _elements(keys: Sequence[tuple[bytes, str]], threads: int) -> bytes:
    if len({key for key, _ in keys}) < len(keys):
        raise ValueError("a key stands there twice")
    if not all(key for key, _ in keys):
        raise ValueError("a key is empty")
    return oprf.hash_to_group([key for key, _ in keys], threads)


def _placed(
    keys: Sequence[tuple[bytes, str]], blinds: bytes, hidden: bytes, added: bool, threads: int
) -> tuple[tuple[commitment.Place, ...], bytes, tuple[int, ...]]:
    size = places_for(len(keys))
    salts = os.urandom(commitment.SALT * size)
    salt = [salts[i : i + commitment.SALT] for i in range(0, len(salts), commitment.SALT)]
    blind = [blinds[i : i + ELEMENT] for i in range(0, ELEMENT * len(keys), ELEMENT)]
    rows = [commitment.Place(salt[i], key, case, blind[i], added) for i, (key, case) in enumerate(keys)]
    rows += [commitment.Place(one) for one in salt[len(keys) :]]
    stuffing = b"".join([commitment.padding_bytes(one.salt) for one in rows[len(keys) :]])
    elements = hidden + group.from_uniform(stuffing, threads)
    order = list(range(size))
    secrets.SystemRandom().shuffle(order)  # order[j] is the row that goes to place j
    at = [0] * size
    for place, row in enumerate(order):
        at[row] = place
    sent = b"".join([elements[ELEMENT * row : ELEMENT * (row + 1)] for row in order])
    return tuple(rows[row] for row in order), sent, tuple(at[: len(keys)])


def answer(secret: bytes, public: bytes, elements: bytes, threads: int = 1) -> tuple[bytes, bytes]:
    """The holder's part: (response, proof). Raises BadElement where the request holds what is no element."""
    response = oprf.evaluate(secret, elements, threads)
    proven = _proven(elements)
    return response, oprf.prove(secret, public, elements[proven:], response[proven:])


def _proven(elements: bytes) -> int:
    """From where on the elements of a request are proven one by one: all of a small one, the sums of a large one."""
    return 0 if group.count(elements) <= PROVEN else len(elements) - CHECKS * ELEMENT


def finish(
    asked: Asked, public: bytes, response: bytes, proof: bytes, threads: int = 1
) -> list[tuple[commitment.Place, bytes]]:
    """Each key's place with its output (64 bytes), once the answer is found right. Raises BadProof, BadElement."""
    if len(response) != len(asked.elements):
        raise BadProof(f"{group.count(response)} elements answer {group.count(asked.elements)}")
    proven = _proven(asked.elements)
    oprf.verify(proof, public, asked.elements[proven:], response[proven:])
    places = [asked.places[at] for at in asked.keys]
    mine = b"".join([response[ELEMENT * at : ELEMENT * (at + 1)] for at in asked.keys])
    inputs = tuple(place.key for place in places)
    if asked.pads is None:
        plain = oprf.unblind(oprf.Blinded(inputs, b"".join([place.blind for place in places])), mine, threads)
    else:
        plain = group.subtract_each(mine, asked.pads.undoing[: len(mine)], threads)
        sums = group.subtract_each(response[proven:], asked.pads.undoing[len(mine) :])
        if b"".join([group.weighted(one, plain, BITS) for one in asked.weights]) != sums:
            raise BadProof("not every place was answered with the key that the holder has published")
    return list(zip(places, oprf.outputs_of(inputs, plain), strict=True))
