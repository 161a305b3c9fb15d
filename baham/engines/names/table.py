"""Tokens as rows of numbers and bytes, so that compiled code compares them without touching a Python object."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import leaf
from .normalise import Token

Ints = NDArray[np.int64]
TOKEN = np.dtype(
    [
        ("letters", "<u8"),
        ("bones", "<u8"),
        ("hashed", "<u8"),
        ("at", "<i8"),
        ("bits", "<f4"),
        ("key", "u1"),
        ("sound", "u1"),
        ("skeleton", "u1"),
        ("arabic", "u1"),
        ("kind", "u1"),
        ("name", "<u2"),
        ("other", "<u2"),
    ],
    align=True,
)
"""One token: the sets of characters of key and skeleton as masks, a hash of the skeleton, where its text begins, its
bits, the lengths of key, sound and skeleton, whether it is in Arabic script, its kind, and
its numbers in the lexicon."""


class Tokens(NamedTuple):
    """n tokens: `table` TOKEN[n], and `text` uint8: key, sound and skeleton of each, one after the other, ASCII.

    Read-only: one type for compiled code, whether they come from memory or from a file.
    """

    table: NDArray[Any]
    text: NDArray[np.uint8]

    @classmethod
    def of(cls, tokens: Sequence[Token]) -> "Tokens":
        table = np.zeros(len(tokens), dtype=TOKEN)
        lengths = np.array([(len(t.key), len(t.sound), len(t.skeleton)) for t in tokens], dtype=np.int64).reshape(-1, 3)
        ends = np.cumsum(lengths.sum(1))
        table["at"] = ends - lengths.sum(1)
        table["key"], table["sound"], table["skeleton"] = lengths.T
        for column in ("bits", "arabic", "kind", "name", "other"):
            table[column] = [getattr(t, column) for t in tokens]
        written = "".join([part for t in tokens for part in (t.key, t.sound, t.skeleton)]).encode("ascii")
        text = frozen(np.frombuffer(written, dtype=np.uint8))
        _mark(table, text)
        return cls(frozen(table), text)


class Names(NamedTuple):
    """m names over one table of tokens: name i is `ids[start[i]:start[i + 1]]`, places in the table, reading order."""

    tokens: Tokens
    start: Ints
    ids: NDArray[np.int32]

    @classmethod
    def of(cls, names: Sequence[Sequence[Token]]) -> "Names":
        place: dict[Token, int] = {}
        ids = [place.setdefault(token, len(place)) for name in names for token in name]
        start = np.zeros(len(names) + 1, dtype=np.int64)
        np.cumsum([len(name) for name in names], out=start[1:])
        return cls(Tokens.of(list(place)), frozen(start), frozen(np.array(ids, dtype=np.int32)))


def frozen(values: NDArray[Any]) -> NDArray[Any]:
    """The same array, read-only."""
    view = values.view()
    view.flags.writeable = False
    return view


@leaf
def _mark(table: NDArray[Any], text: NDArray[np.uint8]) -> None:
    """Fill in what is worked out of the letters of key and skeleton."""
    for i in range(len(table)):
        key, bones = table[i].at, table[i].at + table[i].key + table[i].sound
        table[i].letters = _letters(text, key, np.int64(table[i].key))
        table[i].bones = _letters(text, bones, np.int64(table[i].skeleton))
        hashed = np.uint64(0)
        for k in range(np.int64(table[i].skeleton)):
            hashed = hashed * np.uint64(1_000_003) + np.uint64(text[bones + k])
        table[i].hashed = hashed


@leaf
def _letters(text: NDArray[np.uint8], at: int, length: int) -> Any:
    """A set of characters as a 64-bit mask: two keys whose sets differ much cannot be alike."""
    mask = np.uint64(0)
    for k in range(length):
        mask |= np.uint64(1) << np.uint64(text[at + k] & 63)
    return mask
