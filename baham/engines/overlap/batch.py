"""A batch of keys as it goes to the holder and comes back: padded, in no order, and checked.

Requests have 16, 64, 256, 1,024, 4,096 places, then multiples of 1,024, so their size tells the number of keys roughly.

Two ways to check the answer. Up to 1,024 places the holder proves them all, as RFC 9497 has it: three more
multiplications a place. Above, the asker puts one more element behind the others, a blinded sum of its keys' elements
(P_1 + … + P_n); the holder proves that one alone, after RFC 9497; and the asker checks that its unblinded answer is the
sum of the unblinded others. Two additions a place. The blinds are the weights: an answer wrong by E_i in some places
passes only if the sum of E_i / r_i vanishes, with r_i random and known to the asker alone. A holder that knows all P_i
still sees of r_i only r_i P_i; in the algebraic group model it would have to find a discrete logarithm
(docs/overlap.md).
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the asker keeps: what each place stands for, and (where there is one) the blind of the sum."""

    places: tuple[commitment.Place, ...]
    elements: bytes
    sum_blind: bytes = b""

    @property
    def commitment(self) -> bytes:
        """The root over the places."""
        return commitment.commit(self.places)


def places_for(keys: int) -> int:
    """How many places a request with so many keys has. ValueError for none and for too many."""
    if not 0 < keys <= MOST:
        raise ValueError(f"{keys:,} keys: a request has from 1 to {MOST:,}")
    return next((size for size in _BUCKETS if keys <= size), -(-keys // _STEP) * _STEP)


def summed(elements: int) -> bool:
    """Whether a request of so many elements ends with a sum."""
    return elements > PROVEN


def elements_for(keys: int) -> int:
    """How many elements go to the holder for so many keys: the places, and the sum where there is one."""
    size = places_for(keys)
    return size + summed(size)


def fewer(keys: int) -> int:
    """The largest number of keys that fills a smaller request than so many would; 0 where there is none."""
    size = places_for(keys)
    return size - _STEP if size > _BUCKETS[-1] else max((one for one in _BUCKETS if one < size), default=0)


def ask(keys: Sequence[tuple[bytes, str]], threads: int = 1) -> Asked:
    """Make a request of (key, case reference). ValueError for a key that stands there twice, none, or too many."""
    blinds = group.random_scalars(len(keys))
    inputs, places, elements = hide(keys, blinds, threads)
    if not summed(len(places)):
        return Asked(places, elements)
    sum_blind = group.random_scalars(1)
    return Asked(places, elements + group.multiply(sum_blind, group.total(inputs)), sum_blind)


def hide(
    keys: Sequence[tuple[bytes, str]], blinds: bytes, threads: int = 1
) -> tuple[bytes, tuple[commitment.Place, ...], bytes]:
    """The elements of the keys, and places with what is sent for each: keys behind these blinds, padding, shuffled."""
    if len({key for key, _ in keys}) < len(keys):
        raise ValueError("a key stands there twice")
    if not all(key for key, _ in keys):
        raise ValueError("a key is empty")
    size = places_for(len(keys))
    inputs = oprf.hash_to_group([key for key, _ in keys], threads)
    hidden = group.multiply(blinds, inputs, threads)
    salts = os.urandom(commitment.SALT * size)
    salt = [salts[i : i + commitment.SALT] for i in range(0, len(salts), commitment.SALT)]
    rows = [
        (commitment.Place(salt[i], key, case, blinds[ELEMENT * i : ELEMENT * (i + 1)]),
         hidden[ELEMENT * i : ELEMENT * (i + 1)])
        for i, (key, case) in enumerate(keys)
    ]  # fmt: skip
    pads = [commitment.Place(one) for one in salt[len(keys) :]]
    stuffing = group.from_uniform(b"".join([commitment.padding_bytes(one.salt) for one in pads]), threads)
    rows += [(one, stuffing[ELEMENT * i : ELEMENT * (i + 1)]) for i, one in enumerate(pads)]
    secrets.SystemRandom().shuffle(rows)
    return inputs, tuple(row[0] for row in rows), b"".join([row[1] for row in rows])


def answer(secret: bytes, public: bytes, elements: bytes, threads: int = 1) -> tuple[bytes, bytes]:
    """The holder's part: (response, proof). Raises BadElement where the request holds what is no element."""
    response = oprf.evaluate(secret, elements, threads)
    if not summed(group.count(elements)):
        return response, oprf.prove(secret, public, elements, response)
    return response, oprf.prove(secret, public, elements[-ELEMENT:], response[-ELEMENT:])


def finish(
    asked: Asked, public: bytes, response: bytes, proof: bytes, threads: int = 1
) -> list[tuple[commitment.Place, bytes]]:
    """Each key's place with its output (64 bytes), once the answer is found right. Raises BadProof, BadElement."""
    if len(response) != len(asked.elements):
        raise BadProof(f"{group.count(response)} elements answer {group.count(asked.elements)}")
    if not asked.sum_blind:
        oprf.verify(proof, public, asked.elements, response)
    else:
        oprf.verify(proof, public, asked.elements[-ELEMENT:], response[-ELEMENT:])
    at = [i for i, place in enumerate(asked.places) if place.key]
    places = [asked.places[i] for i in at]
    state = oprf.Blinded(tuple(place.key for place in places), b"".join([place.blind for place in places]))
    plain = oprf.unblind(state, b"".join([response[ELEMENT * i : ELEMENT * (i + 1)] for i in at]), threads)
    if asked.sum_blind:
        expected = group.multiply(group.invert(asked.sum_blind), response[-ELEMENT:])
        if group.total(plain) != expected:
            raise BadProof("not every place was answered with the key that the holder has published")
    return list(zip(places, oprf.outputs_of(state.inputs, plain), strict=True))
