"""The index over a list: build it once from a stream, open it memory-mapped, screen names against it in
batches."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .build import digest, write_index
from .candidates import Candidates
from .dates import parse
from .factors import normal_identifier, schemas_agree
from .judge import DEFAULT_THRESHOLD, WEAK_ALIAS, explain
from .normalise import Token, tokenise
from .score import Scores, only_scores, score_pairs
from .storage import Store, generation
from .table import Ints, Names
from .types import Hit, IndexDamaged, Query, Subject
from .vocabulary import Vocabulary

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_BATCH = 256
# Below this a name does not agree whatever else does; such subjects are not looked at further.
_LEAST = 0.3
# How far an agreeing birth year moves a subject up the queue of those looked at closely (not its score).
_YEAR_AHEAD = 0.2


class NameIndex:
    """A list to screen against. Open handles are read-only and may be shared by threads; processes share the pages."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._vocabulary = Vocabulary(store)
        self._candidates = Candidates(store, self._vocabulary)
        self._records, self._record_start = store.blob("records"), store.array("record_start")
        self._written, self._subject_names = store.array("written_name"), store.array("subject_names")
        self._strong, self._schema = store.array("subject_strong"), store.array("subject_schema")
        self._years = store.array("subject_first_year"), store.array("subject_last_year")
        self._ids = store.array("id_hash"), store.array("id_row")
        self._documents = store.array("document_hash"), store.array("document_row")

    @classmethod
    def build(cls, subjects: Iterable[Subject], path: str | Path) -> "NameIndex":
        """Write an index of the subjects at `path` (a directory) and open it; an index already there is
        replaced at the end.

        Reads the stream once. Raises ValueError where an id comes twice, and OSError as the disk does; in both
        cases, as
        when the process is killed, the old index stays.
        """
        write_index(subjects, Path(path))
        return cls.open(path)

    @classmethod
    def open(cls, path: str | Path) -> "NameIndex":
        """Open an index without reading it into memory. Raises IndexDamaged where it is unknown, truncated or
        absent."""
        while True:
            named = generation(Path(path))
            try:
                return cls(Store(Path(path)))
            except IndexDamaged:
                # The index may have been replaced while it was being opened: then the new one is tried.
                if named == generation(Path(path)):
                    raise
            except (KeyError, TypeError, ValueError) as error:
                raise IndexDamaged(path, f"does not hold together ({error})") from error

    def __len__(self) -> int:
        return len(self._strong)

    @property
    def counts(self) -> dict[str, int]:
        """How many subjects, names as written and distinct tokens the index holds."""
        return dict(self._store.meta["counts"])

    def verify(self) -> None:
        """Read the whole index and compare its checksums; raises IndexDamaged at the first difference."""
        self._store.verify()

    def subject(self, row: int) -> Subject:
        """The subject at a row (the order of building), as it was given. Raises IndexError outside 0..len-1."""
        if not 0 <= row < len(self):
            raise IndexError(row)
        text = bytes(self._records[self._record_start[row] : self._record_start[row + 1]])
        facts: dict[str, Any] = json.loads(text)
        shaped: dict[str, Any] = {k: v if isinstance(v, str) else tuple(v) for k, v in facts.items()}
        return Subject(**{"id": "", "names": (), "schema": "", **shaped})

    def row(self, id: str) -> int | None:
        """The row of a subject by its id, or None."""
        hashes, rows = self._ids
        place = int(np.searchsorted(hashes, np.uint64(digest(id))))
        if place < len(hashes) and int(hashes[place]) == digest(id):
            row = int(rows[place])
            return row if self.subject(row).id == id else None
        return None

    def screen(
        self,
        queries: Iterable[Query],
        limit: int = 5,
        threshold: float | None = None,
        within: Mask | Iterable[str] | None = None,
    ) -> list[list[Hit]]:
        """For each query, in order, its hits of at least `threshold` (None: DEFAULT_THRESHOLD), best first,
        `limit` at most.

        `within` limits hits to some subjects: bool[len(index)] by row, or their ids. Ties are in the order of the list.
        A hit's score is what `compare` gives for the pair. Raises ValueError for a mask of another length.
        """
        least = DEFAULT_THRESHOLD if threshold is None else threshold
        mask = self._mask(within)
        out: list[list[Hit]] = []
        stream = iter(queries)
        while batch := list(islice(stream, _BATCH)):
            out.extend(self._batch(batch, limit, least, mask))
        return out

    def _mask(self, within: Mask | Iterable[str] | None) -> Mask | None:
        if within is None:
            return None
        if isinstance(within, np.ndarray):
            if within.dtype != np.bool_ or within.shape != (len(self),):
                raise ValueError(f"within: expected bool[{len(self)}], got {within.dtype}{list(within.shape)}")
            return within
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[[row for row in map(self.row, within) if row is not None]] = True
        return mask

    def _batch(self, queries: Sequence[Query], limit: int, least: float, mask: Mask | None) -> list[list[Hit]]:
        names = [tokenise(query.name) for query in queries]
        asked = Names.of(names)
        close = self._closest(queries, names, asked, min(least, _LEAST), limit, mask)
        by_document = self._by_document(queries, mask)
        q = np.concatenate([close[0], by_document[0]])
        subject = np.concatenate([close[1], by_document[1]])
        if not len(q):
            return [[] for _ in queries]
        code = np.unique(q * len(self) + subject)
        q, subject = np.divmod(code, len(self))
        best, value, scores, place = self._best_names(asked, q, subject)
        documents = set(zip(*(a.tolist() for a in by_document), strict=True))
        out: list[list[Hit]] = [[] for _ in queries]
        for k in np.lexsort((subject, -value, q)).tolist():
            i, row, known = int(q[k]), int(subject[k]), float(value[k])
            query, hits = queries[i], out[i]
            if not names[i] or best[k] < 0:
                continue
            if (i, row) not in documents:
                # Second factors can lift a name over the threshold; alone it must get there itself.
                factors = _has_factors(query)
                if known < (min(least, _LEAST) if factors else least) or (not factors and len(hits) >= limit):
                    continue
            hit = explain(query, self.subject(row), int(best[k]), known, scores, int(place[k]))
            if hit.score >= least and hit.score > 0:
                hits.append(hit)
        return [sorted(hits, key=lambda h: -h.score)[:limit] for hits in out]

    def _closest(
        self, queries: Sequence[Query], names: Sequence[Sequence[Token]], asked: Names, floor: float, limit: int,
        mask: Mask | None,
    ) -> tuple[Ints, Ints]:  # fmt: skip
        """(query, subject) of the subjects whose names come closest, a few more than `limit` for each query."""
        q, name = self._candidates.find(names, mask)
        if not len(q):
            return q, name
        record, place = self._candidates.names(name)
        score = only_scores(asked, record, q, place)
        good = score >= max(floor, 1e-6)
        q, name, score = q[good], name[good], score[good]
        owner, subject = self._candidates.bearers(name)
        q, score = q[owner], score[owner]
        keep = self._allowed(queries)[q, self._schema[subject]]
        if mask is not None:
            keep &= mask[subject]
        q, subject, score = q[keep], subject[keep], score[keep]
        ahead = score + self._year_agrees(queries, q, subject) * _YEAR_AHEAD
        order = np.lexsort((subject, -ahead, q))
        q, subject = q[order], subject[order]
        _, first = np.unique(q * len(self) + subject, return_index=True)
        first.sort()
        q, subject = q[first], subject[first]
        rank = np.arange(len(q)) - np.searchsorted(q, q)
        depth = np.array([limit * 3 + 10 if _has_factors(query) else limit + 5 for query in queries])
        return q[rank < depth[q]], subject[rank < depth[q]]

    def _allowed(self, queries: Sequence[Query]) -> Mask:
        schemas = self._store.meta["schemas"]
        table = {s: [schemas_agree(s, other) for other in schemas] for s in {query.schema for query in queries}}
        return np.array([table[query.schema] for query in queries], dtype=np.bool_).reshape(len(queries), len(schemas))

    def _year_agrees(self, queries: Sequence[Query], q: Ints, subject: Ints) -> Floats:
        spans = [parse(query.birth_date or "") for query in queries]
        low = np.array([s.first.year if s else 0 for s in spans])
        high = np.array([s.last.year if s else 0 for s in spans])
        first, last = self._years[0][subject], self._years[1][subject]
        known = (low[q] > 0) & (first > 0)
        return np.asarray(known & (low[q] <= last) & (first <= high[q]), dtype=np.float64)

    def _by_document(self, queries: Sequence[Query], mask: Mask | None) -> tuple[Ints, Ints]:
        hashes, rows = self._documents
        found: list[tuple[int, int]] = []
        for i, query in enumerate(queries):
            number = normal_identifier(query.id_number or "")
            if len(number) < 4:
                continue
            key = np.uint64(digest(number))
            for row in rows[np.searchsorted(hashes, key) : np.searchsorted(hashes, key, side="right")].tolist():
                if mask is None or mask[row]:
                    found.append((i, row))
        pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def _best_names(self, asked: Names, q: Ints, subject: Ints) -> tuple[Ints, Floats, Scores, Ints]:
        """For each (query, subject): the position of the best name as listed (-1: no names), its score, and
        its row of Scores."""
        first = self._subject_names[subject]
        many = self._subject_names[subject + 1] - first
        pair = np.repeat(np.arange(len(q)), many)
        position = np.arange(len(pair)) - np.repeat(np.cumsum(many) - many, many)
        record, place = self._candidates.names(self._written[first[pair] + position].astype(np.int64))
        scores = score_pairs(asked, record, q[pair], place)
        score = np.where(position < self._strong[subject][pair], scores.score, scores.score * WEAK_ALIAS)
        best, value, row = np.full(len(q), -1, dtype=np.int64), np.zeros(len(q)), np.zeros(len(q), dtype=np.int64)
        order = np.lexsort((position, -score, pair))
        owner, chosen = np.unique(pair[order], return_index=True)
        row[owner] = order[chosen]
        best[owner], value[owner] = position[row[owner]], score[row[owner]]
        return best, value, scores, row


def _has_factors(query: Query) -> bool:
    return bool(query.birth_date or query.nationality or query.father_name or query.id_number or query.address)
