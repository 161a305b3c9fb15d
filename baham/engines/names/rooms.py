"""Working space for answering: one room for each thread that asks at the same time, kept for the next."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from .align import Bench
from .grams import BINS, NEAR, Near
from .normalise import MAX_TOKENS, Token, tokenise
from .seek import PRELIMINARY, Room
from .table import TOKEN, Tokens
from .weights import TERMS

# Tokens that a room remembers with what they may be in the vocabulary; names repeat, so most need no second look.
_TOKENS = 8192
_LETTERS = 64 * _TOKENS
_KEPT = 4


class OneRoom:
    """The arrays, and the tokens asked so far: row of each in the arrays."""

    def __init__(self, vocabulary: int, names: int) -> None:
        most = max(vocabulary, names)
        self.arrays = Room(
            np.zeros(_TOKENS, dtype=TOKEN), np.zeros(_LETTERS, dtype=np.uint8), *Near.empty(_TOKENS),
            np.zeros(vocabulary, dtype=np.float32), np.zeros(names, dtype=np.float32),
            np.zeros(most, dtype=np.int32), np.zeros(most, dtype=np.float32),
            np.zeros(MAX_TOKENS * NEAR, dtype=np.int32), np.zeros(BINS, dtype=np.int64),
            np.zeros(PRELIMINARY, dtype=np.int32), *Bench.fresh(remembering=True), np.zeros(len(TERMS)),
        )  # fmt: skip
        self._rows: dict[Token, int] = {}
        self._letters = 0

    @property
    def used(self) -> int:
        return len(self._rows)

    def ask(self, names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
        """(start int64[n + 1], ids int32, first new row): the tokens of the names as rows of the room."""
        split = [tokenise(name) for name in names]
        if len(self._rows) + sum(map(len, split)) > _TOKENS or self._letters > _LETTERS - 200 * sum(map(len, split)):
            self._rows, self._letters = {}, 0
            self.arrays.pairs[:] = 0
        first = len(self._rows)
        rows, fresh, ids = self._rows, list[Token](), list[int]()
        for name in split:
            for token in name:
                row = rows.setdefault(token, len(rows))
                if row == first + len(fresh):
                    fresh.append(token)
                ids.append(row)
        if fresh:
            table, text = Tokens.of(fresh)
            self.arrays.table[first : len(rows)] = table
            self.arrays.table["at"][first : len(rows)] += self._letters
            self.arrays.text[self._letters : self._letters + len(text)] = text
            self._letters += len(text)
        start = np.zeros(len(split) + 1, dtype=np.int64)
        np.cumsum([len(name) for name in split], out=start[1:])
        return start, np.array(ids, dtype=np.int32), first


class Rooms:
    """Rooms for an index of so many tokens and names."""

    def __init__(self, vocabulary: int, names: int) -> None:
        self._size = vocabulary, names
        self._free: list[OneRoom] = []

    @contextmanager
    def taken(self) -> Iterator[OneRoom]:
        """A room that nobody else is in. One that failed midway is thrown away: its arrays may not be clean."""
        try:
            room = self._free.pop()
        except IndexError:
            room = OneRoom(*self._size)
        yield room
        if len(self._free) < _KEPT:
            self._free.append(room)
