"""Tokens as arrays, so that thousands of pairs are compared in one pass; names as runs of token positions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .normalise import Token

_BASE = 1_000_003
_WRAP = 0xFFFFFFFFFFFFFFFF

Ints = NDArray[np.int64]


def skeleton_hash(skeleton: str) -> tuple[int, int]:
    """(hash, base to the length), both modulo 2**64: hash(ab) == hash(a) * power(b) + hash(b), so joins need no strings."""
    value, power = 0, 1
    for char in skeleton:
        value = (value * _BASE + ord(char)) & _WRAP
        power = (power * _BASE) & _WRAP
    return value, power


@dataclass(slots=True)
class Tokens:
    """n tokens by column. `bits` float64[n], `arabic` bool[n], `kind` uint8[n]; `hashed`, `power` uint64[n]."""

    keys: list[str]
    sounds: list[str]
    skeletons: list[str]
    arabic: NDArray[np.bool_]
    kind: NDArray[np.uint8]
    bits: NDArray[np.float64]
    hashed: NDArray[np.uint64]
    power: NDArray[np.uint64]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "Tokens":
        hashes = [skeleton_hash(t.skeleton) for t in tokens]
        return cls(
            [t.key for t in tokens],
            [t.sound for t in tokens],
            [t.skeleton for t in tokens],
            np.array([t.arabic for t in tokens], dtype=np.bool_),
            np.array([t.kind for t in tokens], dtype=np.uint8),
            # Through float32, the precision an index stores, so that both ways give the same score.
            np.array([t.bits for t in tokens], dtype=np.float32).astype(np.float64),
            np.array([h for h, _ in hashes], dtype=np.uint64),
            np.array([p for _, p in hashes], dtype=np.uint64),
        )


@dataclass(slots=True)
class Names:
    """m names over one table of tokens: name i is `ids[start[i]:start[i + 1]]`, positions in the table, reading order."""

    tokens: Tokens
    start: Ints
    ids: Ints

    @classmethod
    def of(cls, names: Sequence[Sequence[Token]]) -> "Names":
        seen: dict[tuple[str, str, bool, int], int] = {}
        table: list[Token] = []
        ids: list[int] = []
        start = [0]
        for name in names:
            for token in name:
                place = seen.setdefault((token.key, token.skeleton, token.arabic, token.kind), len(table))
                if place == len(table):
                    table.append(token)
                ids.append(place)
            start.append(len(ids))
        return cls(Tokens.of(table), np.array(start, dtype=np.int64), np.array(ids, dtype=np.int64))
