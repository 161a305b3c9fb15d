"""A sparse matrix on disk, of which a product touches only the rows it needs."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sparse_dot_topn import sp_matmul_topn

from .storage import Store


class Postings:
    """rows x columns by row: `start` int[rows + 1], `column` int32[n], `weight` float32[n], all memory-mapped.

    sparse_dot_topn copies the indices of both sides at every call; gathering the rows asked for first keeps a single
    query from copying the whole index.
    """

    def __init__(self, start: NDArray[Any], column: NDArray[Any], weight: NDArray[Any], columns: int) -> None:
        self._start, self._column, self._weight = start, column, weight
        self.rows, self.columns = len(start) - 1, columns

    @classmethod
    def open(cls, store: Store, prefix: str, column: str, columns: int) -> "Postings":
        """The arrays `<prefix>_start`, `<prefix>_<column>` and `<prefix>_weight` of an index."""
        start, places, weight = (store.array(f"{prefix}_{name}") for name in ("start", column, "weight"))
        return cls(start, places, weight, columns)

    def best(self, left: csr_matrix, most: int, least: float) -> csr_matrix:
        """left @ self, keeping in each row the `most` greatest values over `least`. `left` is float32[m, rows]."""
        needed, place = np.unique(left.indices, return_inverse=True)
        if not len(needed) or not self.columns:
            return csr_matrix((left.shape[0], self.columns), dtype=np.float32)
        first = self._start[needed].astype(np.int64)
        lengths = self._start[needed + 1].astype(np.int64) - first
        start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
        flat = np.repeat(first - start[:-1], lengths) + np.arange(start[-1])
        right = csr_matrix(
            (self._weight[flat], self._column[flat], start.astype(np.int32)), shape=(len(needed), self.columns)
        )
        asked = csr_matrix(
            (left.data, place.astype(np.int32), left.indptr.astype(np.int32)), shape=(left.shape[0], len(needed))
        )
        return sp_matmul_topn(asked, right, top_n=most, threshold=least)

    def only(self, keep: NDArray[Any]) -> "Postings":
        """The same rows with the given columns alone, renumbered in that order."""
        whole = csr_matrix((self._weight, self._column, self._start), shape=(self.rows, self.columns), copy=False)
        part = whole[:, keep].tocsr()
        return Postings(part.indptr, part.indices, part.data, len(keep))
