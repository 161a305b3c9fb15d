"""The list's distinct tokens, and which of them a query's tokens may be: an n-gram index over the keys of each
token."""

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .normalise import Token
from .postings import Postings
from .score import counts, similarity
from .storage import Builder, Store
from .table import COLUMNS, Ints, Tokens
from .table import columns as fixed_columns

FEATURES = 1 << 18
# Vocabulary tokens looked at for each query token; more costs time and found nothing more on the lists measured.
_NEAR = 48


def features(key: str, sound: str, skeleton: str) -> dict[int, float]:
    """Hashed n-gram features of one token and their weights: 3-grams of the spelling, 2-grams and whole of the
    skeleton."""
    found: dict[int, float] = {}

    def add(gram: str, weight: float) -> None:
        place = zlib.crc32(gram.encode()) & (FEATURES - 1)
        found[place] = found.get(place, 0.0) + weight

    padded = f"^{key}$"
    for i in range(max(len(padded) - 2, 1)):
        add(padded[i : i + 3], 1.0)
    if skeleton:
        bones = f"^{skeleton}$"
        for i in range(len(bones) - 1):
            add("~" + bones[i : i + 2], 0.7)
        add("=" + skeleton, 1.5)
    if sound:
        add("&" + sound, 1.0)
    return found


class VocabularyBuilder:
    """Numbers tokens as they come; a token is one by its keys, script and kind, whatever its spelling was."""

    def __init__(self) -> None:
        self._place: dict[tuple[str, str, bool, int], int] = {}
        self._tokens: list[Token] = []

    def __len__(self) -> int:
        return len(self._tokens)

    def number(self, token: Token) -> int:
        place = self._place.setdefault((token.key, token.skeleton, token.arabic, token.kind), len(self._tokens))
        if place == len(self._tokens):
            self._tokens.append(token)
        return place

    def bits(self) -> NDArray[np.float32]:
        return np.array([t.bits for t in self._tokens], dtype=np.float32)

    def write(self, out: Builder) -> None:
        n = len(self._tokens)
        columns: list[NDArray[np.int32]] = []
        weights: list[NDArray[np.float32]] = []
        indptr = np.zeros(n + 1, dtype=np.int64)
        offsets = np.zeros(n + 1, dtype=np.int64)
        blob = out.blob("vocabulary")
        for i, token in enumerate(self._tokens):
            found = features(token.key, token.sound, token.skeleton)
            columns.append(np.fromiter(found.keys(), dtype=np.int32, count=len(found)))
            weights.append(np.fromiter(found.values(), dtype=np.float32, count=len(found)))
            indptr[i + 1] = indptr[i] + len(found)
            offsets[i + 1] = offsets[i] + blob.write(f"{token.key}\t{token.sound}\t{token.skeleton}".encode("ascii"))
        column = np.concatenate(columns) if columns else np.zeros(0, dtype=np.int32)
        weight = np.concatenate(weights) if weights else np.zeros(0, dtype=np.float32)
        idf = (np.log((n + 1.0) / (np.bincount(column, minlength=FEATURES) + 1.0)) + 1.0).astype(np.float32)
        grams = csr_matrix((weight * idf[column], column, indptr), shape=(n, FEATURES))
        grams.data /= _norms(grams.indptr, grams.data)
        turned = grams.T.tocsr()
        out.array("gram_start", turned.indptr.astype(np.int32))
        out.array("gram_token", turned.indices.astype(np.int32))
        out.array("gram_weight", turned.data.astype(np.float32))
        out.array("gram_idf", idf)
        out.array("vocabulary_start", offsets)
        for name, values in fixed_columns(self._tokens).items():
            out.array(f"token_{name}", values)


def _norms(indptr: NDArray[Any], data: NDArray[np.float32]) -> NDArray[np.float32]:
    """The length of each row, repeated for each of its entries."""
    lengths = np.diff(indptr)
    squares = np.bincount(
        np.repeat(np.arange(len(lengths)), lengths), weights=data.astype(np.float64) ** 2, minlength=len(lengths)
    )
    return np.repeat(np.sqrt(np.maximum(squares, 1e-12)), lengths).astype(np.float32)


class Vocabulary:
    """The tokens of an opened index, decoded only as they are needed."""

    def __init__(self, store: Store) -> None:
        self._text = store.blob("vocabulary")
        self._start = store.array("vocabulary_start")
        self._columns = {name: store.array(f"token_{name}") for name in COLUMNS}
        self._idf = store.array("gram_idf")
        self.size = len(self._start) - 1
        self._grams = Postings.open(store, "gram", "token", self.size)

    def tokens(self, places: Ints) -> Tokens:
        """The tokens at the given places, as a table in that order."""
        first, last = self._start[places].tolist(), self._start[places + 1].tolist()
        text = memoryview(self._text)  # type: ignore[arg-type]
        parts = [bytes(text[a:b]).decode("ascii").split("\t") for a, b in zip(first, last, strict=True)]
        fixed = {name: column[places] for name, column in self._columns.items()}
        return Tokens.joined([p[0] for p in parts], [p[1] for p in parts], [p[2] for p in parts], fixed)

    def near(self, tokens: Sequence[Token]) -> tuple[Ints, Ints, NDArray[np.float64]]:
        """(row, place, weight): for each query token the vocabulary tokens it may be and what share of its
        weight they earn."""
        indptr, columns = [0], list[int]()
        weights: list[float] = []
        for token in tokens:
            # One letter is like everything: initials are compared in the scorer but find no candidates.
            found = features(token.key, token.sound, token.skeleton) if len(token.key) > 1 else {}
            columns.extend(found.keys())
            weights.extend(found.values())
            indptr.append(len(columns))
        column = np.array(columns, dtype=np.int32)
        weight = np.array(weights, dtype=np.float32) * self._idf[column]
        query = csr_matrix((weight, column, np.array(indptr, dtype=np.int32)), shape=(len(tokens), FEATURES))
        if not self.size or not query.nnz:
            none = np.zeros(0, dtype=np.int64)
            return none, none, np.zeros(0)
        query.data /= _norms(query.indptr, query.data)
        close = self._grams.best(query, _NEAR, 0.15)
        row = np.repeat(np.arange(len(tokens)), np.diff(close.indptr))
        place = close.indices.astype(np.int64)
        distinct, back = np.unique(place, return_inverse=True)
        share = counts(similarity(Tokens.of(tokens), self.tokens(distinct), row, back))
        keep = share > 0
        return row[keep], place[keep], share[keep]
