"""Tokens as arrays, so that thousands of pairs are compared in one pass; names as runs of token positions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .normalise import Token

_BASE = 1_000_003
_WRAP = 0xFFFFFFFFFFFFFFFF

Ints = NDArray[np.int64]


def skeleton_hash(skeleton: str) -> tuple[int, int]:
    """(hash, base to the length), both modulo 2**64: hash(ab) == hash(a) * power(b) + hash(b), so joins need
    no strings."""
    value, power = 0, 1
    for char in skeleton:
        value = (value * _BASE + ord(char)) & _WRAP
        power = (power * _BASE) & _WRAP
    return value, power


def letters(key: str) -> int:
    """The set of characters in a key as a 64-bit mask: two keys whose sets differ much cannot be alike."""
    mask = 0
    for char in key:
        mask |= 1 << (ord(char) & 63)
    return mask


# Columns of fixed width, by name and type: what a scorer needs of a token before it looks at any string.
COLUMNS = {
    "arabic": np.bool_, "kind": np.uint8, "bits": np.float32, "hashed": np.uint64, "power": np.uint64,
    "letters": np.uint64, "bones": np.uint64, "length": np.uint8, "skeleton_length": np.uint8, "first": np.uint8,
}  # fmt: skip


def columns(tokens: Sequence[Token]) -> dict[str, NDArray[Any]]:
    """The fixed-width columns of some tokens, as an index stores them."""
    hashes = [skeleton_hash(t.skeleton) for t in tokens]
    values: dict[str, list[Any]] = {
        "arabic": [t.arabic for t in tokens],
        "kind": [t.kind for t in tokens],
        "bits": [t.bits for t in tokens],
        "hashed": [h for h, _ in hashes],
        "power": [p for _, p in hashes],
        "letters": [letters(t.key) for t in tokens],
        "bones": [letters(t.skeleton) for t in tokens],
        "length": [len(t.key) for t in tokens],
        "skeleton_length": [len(t.skeleton) for t in tokens],
        "first": [ord(t.key[0]) for t in tokens],
    }
    return {name: np.array(values[name], dtype=dtype) for name, dtype in COLUMNS.items()}


@dataclass(slots=True)
class Tokens:
    """n tokens by column: three keys as strings and the fixed-width COLUMNS, `bits` widened to float64[n].

    `letters` and `bones` are the masks of key and skeleton, `first` the code of the key's first character.
    """

    keys: list[str]
    sounds: list[str]
    skeletons: list[str]
    arabic: NDArray[np.bool_]
    kind: NDArray[np.uint8]
    bits: NDArray[np.float64]
    hashed: NDArray[np.uint64]
    power: NDArray[np.uint64]
    letters: NDArray[np.uint64]
    bones: NDArray[np.uint64]
    length: NDArray[np.uint8]
    skeleton_length: NDArray[np.uint8]
    first: NDArray[np.uint8]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "Tokens":
        keys = [t.key for t in tokens], [t.sound for t in tokens], [t.skeleton for t in tokens]
        return cls.joined(*keys, columns(tokens))

    @classmethod
    def joined(
        cls, keys: list[str], sounds: list[str], skeletons: list[str], fixed: dict[str, NDArray[Any]]
    ) -> "Tokens":
        # bits pass through float32, the precision an index stores, so that both ways give the same score.
        return cls(keys, sounds, skeletons, **{**fixed, "bits": fixed["bits"].astype(np.float64)})


@dataclass(slots=True)
class Names:
    """m names over one table of tokens: name i is `ids[start[i]:start[i + 1]]`, positions in the table,
    reading order."""

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
