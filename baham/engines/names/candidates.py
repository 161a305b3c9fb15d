"""Which listed names are worth scoring for a query: postings of its likely tokens, rare tokens first by weight."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .normalise import Token
from .postings import Postings
from .storage import Store
from .table import Ints, Names
from .vocabulary import Vocabulary

# Distinct names scored for each query.
_CANDIDATES = 50
_MASKS_KEPT = 4


class Candidates:
    """Distinct names of an opened index, found by soft TF-IDF over tokens; scoring is left to the caller."""

    def __init__(self, store: Store, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._start, self._tokens = store.array("name_start"), store.array("name_tokens")
        self._bearer_start, self._bearer_row = store.array("bearer_start"), store.array("bearer_row")
        self.size = len(self._start) - 1
        self._postings = Postings.open(store, "posting", "name", self.size)
        self._masked: dict[bytes, tuple[Postings, Ints]] = {}

    def find(self, names: Sequence[Sequence[Token]], mask: NDArray[np.bool_] | None) -> tuple[Ints, Ints]:
        """(query, name) pairs, by query. `mask` bool[subjects] limits to names that some subject in it bears."""
        place: dict[Token, int] = {}
        rows: list[tuple[int, int]] = []
        for i, name in enumerate(names):
            rows.extend((i, place.setdefault(token, len(place))) for token in name)
        row, near, share = self._vocabulary.near(list(place))
        if not len(row):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        bits = np.array([t.bits for t in place])
        soft = csr_matrix((share * bits[row], (row, near)), shape=(len(place), self._vocabulary.size), dtype=np.float32)
        has = csr_matrix(
            (np.ones(len(rows), dtype=np.float32), tuple(np.array(rows).T)),
            shape=(len(names), len(place)),
            dtype=np.float32,
        )
        postings, columns = (self._postings, None) if mask is None else self._within(mask)
        query = (has @ soft).tocsr()
        best = postings.best(query, _CANDIDATES, 1e-3)
        found = best.indices.astype(np.int64)
        return np.repeat(np.arange(len(names)), np.diff(best.indptr)), found if columns is None else columns[found]

    def _within(self, mask: NDArray[np.bool_]) -> tuple[Postings, Ints]:
        key = np.packbits(mask).tobytes()
        found = self._masked.get(key)
        if found is None:
            if len(self._masked) >= _MASKS_KEPT:
                self._masked.pop(next(iter(list(self._masked)), b""), None)
            borne = np.zeros(self.size, dtype=np.bool_)
            owner = np.repeat(np.arange(self.size), np.diff(self._bearer_start))
            borne[owner[mask[self._bearer_row]]] = True
            columns = np.flatnonzero(borne)
            found = self._masked[key] = (self._postings.only(columns), columns)
        return found

    def names(self, which: Ints) -> tuple[Names, Ints]:
        """The distinct names among `which` as a table, and the position in it of each of `which`."""
        distinct, back = np.unique(which, return_inverse=True)
        lengths = self._start[distinct + 1] - self._start[distinct]
        start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        flat = np.repeat(self._start[distinct] - start[:-1], lengths) + np.arange(start[-1])
        tokens, ids = np.unique(self._tokens[flat], return_inverse=True)
        return Names(self._vocabulary.tokens(tokens.astype(np.int64)), start, ids.astype(np.int64)), back

    def bearers(self, which: Ints) -> tuple[Ints, Ints]:
        """(position in `which`, subject) for every subject that bears one of the names."""
        first = self._bearer_start[which]
        lengths = self._bearer_start[which + 1] - first
        owner = np.repeat(np.arange(len(which)), lengths)
        start = np.cumsum(lengths) - lengths
        flat = np.repeat(first - start, lengths) + np.arange(int(lengths.sum()))
        return owner, self._bearer_row[flat].astype(np.int64)
