"""Working space for answering: one room for each thread that asks at the same time, kept for the next."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from .align import Bench
from .grams import BINS, NEAR, Near
from .normalise import KINDS, MAX_TOKENS, Token, tokenise
from .seek import COLUMNS, PRELIMINARY, Room
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
            np.zeros(_TOKENS, dtype=TOKEN),
            np.zeros(_LETTERS, dtype=np.uint8),
            *Near.empty(_TOKENS),
            np.zeros(vocabulary, dtype=np.float32),
            np.zeros(names, dtype=np.float32),
            np.zeros(most, dtype=np.int32),
            np.zeros(most, dtype=np.float32),
            np.zeros(MAX_TOKENS * NEAR, dtype=np.int32),
            np.zeros(BINS, dtype=np.int64),
            np.zeros(PRELIMINARY, dtype=np.int32),
            *Bench.fresh(),
            np.zeros(len(TERMS)),
            np.zeros(vocabulary, dtype=np.int32),
            np.zeros((COLUMNS, MAX_TOKENS)),
            np.zeros(COLUMNS, dtype=np.int32),
        )
        self.used = 0
        # By kind and text, which say all of a token that a name was read into: quicker to look up than the token.
        self._rows: tuple[dict[str, int], ...] = ()
        self._empty()

    def _empty(self) -> None:
        self.used, self._letters = 0, 0
        self._rows = tuple({} for _ in KINDS)

    def ask(self, names: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
        """(start int64[n + 1], ids int32, first new row): the tokens of the names as rows of the room."""
        split = [tokenise(name) for name in names]
        coming = sum(map(len, split))
        if self.used + coming > _TOKENS or self._letters > _LETTERS - 200 * coming:
            self._empty()
        first, rows, fresh, ids = self.used, self._rows, list[Token](), list[int]()
        for name in split:
            for token in name:
                row = rows[token.kind].get(token.text)
                if row is None:
                    row = rows[token.kind][token.text] = first + len(fresh)
                    fresh.append(token)
                ids.append(row)
        if fresh:
            self._write(fresh)
        start = np.zeros(len(split) + 1, dtype=np.int64)
        np.cumsum([len(name) for name in split], out=start[1:])
        return start, np.array(ids, dtype=np.int32), first

    def _write(self, fresh: list[Token]) -> None:
        table, text = Tokens.of(fresh)
        rows = slice(self.used, self.used + len(fresh))
        self.arrays.table[rows] = table
        self.arrays.table["at"][rows] += self._letters
        self.arrays.text[self._letters : self._letters + len(text)] = text
        self.used += len(fresh)
        self._letters += len(text)


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
