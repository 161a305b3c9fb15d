"""The index over a list: build it once from a stream, open it memory-mapped, screen names against it in batches."""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .build import digest, write_index
from .dates import parse
from .factors import normal_identifier, schemas_agree
from .judge import DEFAULT_THRESHOLD, WEAK_ALIAS, best_of, evidence_of, is_person, judged
from .rooms import Rooms
from .seek import List, Questions, answer
from .storage import Store, generation
from .types import Evidence, Hit, IndexDamaged, Query, Subject

Mask = NDArray[np.bool_]
_BATCH = 256
# Below this a name does not agree whatever else does; such subjects are not looked at further.
_LEAST = 0.05
# How far an agreeing birth year moves a subject up the queue of those looked at closely (not its score).
_YEAR_AHEAD = 0.2
_MASKS_KEPT = 4
_SCHEMATA_KEPT = 256
# The arrays of an index, in the order of the fields of List.
_FILES = (
    "gram_start",
    "gram_token",
    "gram_weight",
    "gram_idf",
    "token_table",
    "token_text",
    "posting_start",
    "posting_name",
    "name_start",
    "name_tokens",
    "name_weight",
    "name_schemas",
    "bearer_start",
    "bearer_row",
    "subject_names",
    "subject_strong",
    "subject_schema",
    "subject_first_year",
    "subject_last_year",
    "written_name",
)


class NameIndex:
    """A list to screen against. Open handles are read-only and may be shared by threads; processes share the pages."""

    def __init__(self, store: Store) -> None:
        self._store = store
        array = store.array
        self._list = List._make(map(array, _FILES))
        self._records, self._record_start = store.blob("records"), array("record_start")
        self._names, self._id_start = store.blob("ids"), array("id_start")
        self._ids = array("id_hash"), array("id_row")
        self._documents = array("document_hash"), array("document_row")
        self._rooms = Rooms(len(self._list.table), len(self._list.name_weight))
        schemas = store.meta["schemas"]
        self._persons = np.array([is_person(schema) for schema in schemas], dtype=np.bool_)
        self._fits: dict[str | None, tuple[Mask, int]] = {}
        self._masks: dict[bytes, NDArray[np.uint8]] = {}

    @classmethod
    def build(cls, subjects: Iterable[Subject], path: str | Path) -> "NameIndex":
        """Write an index of the subjects at `path` (a directory) and open it; an index already there is replaced at
        the end.

        Reads the stream once. Raises ValueError where an id comes twice, and OSError as the disk does; in both cases,
        as when the process is killed, the old index stays.
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
        return len(self._list.subject_strong)

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

    def id(self, row: int) -> str:
        """The id of the subject at a row."""
        return bytes(self._names[self._id_start[row] : self._id_start[row + 1]]).decode("utf-8", "surrogatepass")

    def row(self, id: str) -> int | None:
        """The row of a subject by its id, or None."""
        hashes, rows = self._ids
        place = int(np.searchsorted(hashes, np.uint64(digest(id))))
        if place < len(hashes) and int(hashes[place]) == digest(id):
            row = int(rows[place])
            return row if self.id(row) == id else None
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
        inside = self._mask(within)
        out: list[list[Hit]] = []
        stream = iter(queries)
        while batch := list(islice(stream, _BATCH)):
            out.extend(self._batch(batch, limit, least, inside))
        return out

    def _mask(self, within: Mask | Iterable[str] | None) -> Mask:
        if within is None:
            return np.zeros(0, dtype=np.bool_)
        if isinstance(within, np.ndarray):
            if within.dtype != np.bool_ or within.shape != (len(self),):
                raise ValueError(f"within: expected bool[{len(self)}], got {within.dtype}{list(within.shape)}")
            return within
        mask = np.zeros(len(self), dtype=np.bool_)
        mask[[row for row in map(self.row, within) if row is not None]] = True
        return mask

    def _allowed(self, inside: Mask) -> NDArray[np.uint8]:
        """uint8[names]: which names some subject inside bears; empty where nothing is left out."""
        if not len(inside):
            return np.zeros(0, dtype=np.uint8)
        key = np.packbits(inside).tobytes()
        found = self._masks.get(key)
        if found is None:
            if len(self._masks) >= _MASKS_KEPT:
                self._masks.pop(next(iter(list(self._masks)), b""), None)
            found = np.zeros(len(self._list.name_weight), dtype=np.uint8)
            owner = np.repeat(np.arange(len(found)), np.diff(self._list.bearer_start))
            found[owner[inside[self._list.bearer_row]]] = 1
            self._masks[key] = found
        return found

    def _fit(self, schema: str | None) -> tuple[Mask, int]:
        """Which schemata of the index a query of this schema may be about, as bool[schemata] and as a mask."""
        found = self._fits.get(schema)
        if found is None:
            if len(self._fits) >= _SCHEMATA_KEPT:
                self._fits.clear()  # whoever asks may make up schemata without end
            fits = np.array([schemas_agree(schema, other) for other in self._store.meta["schemas"]], dtype=np.bool_)
            mask = 0
            for code in np.flatnonzero(fits).tolist():
                mask |= 1 << min(code, 63)
            found = self._fits[schema] = fits, mask
        return found

    def _batch(self, queries: Sequence[Query], limit: int, least: float, inside: Mask) -> list[list[Hit]]:
        if limit <= 0:
            return [[] for _ in queries]
        factors = [_has_factors(query) for query in queries]
        most = 3 * limit + 10 if any(factors) else limit + 2
        subjects = np.full((len(queries), most), -1, dtype=np.int64)
        names, values = np.zeros((len(queries), most), dtype=np.int64), np.zeros((len(queries), most))
        depth = [most if given else limit + 2 for given in factors]
        # With other factors a name may score less than the threshold and still come over it.
        floor = min(least, _LEAST) if any(factors) else least / 2
        with self._rooms.taken() as room:
            start, ids, new = room.ask([query.name for query in queries])
            answer(
                self._list,
                room.arrays,
                self._questions(queries, start, ids, depth),
                new,
                room.used,
                self._persons,
                self._allowed(inside),
                inside,
                _YEAR_AHEAD,
                floor,
                WEAK_ALIAS,
                subjects,
                names,
                values,
            )
        by_document = self._by_document(queries, inside)
        columns = zip(queries, factors, subjects.tolist(), names.tolist(), values.tolist(), strict=True)
        return [
            self._hits(query, given, limit, least, rows, at, value, by_document.get(i, ()))
            if rows[0] >= 0 or i in by_document
            else []
            for i, (query, given, rows, at, value) in enumerate(columns)
        ]

    def _questions(
        self, queries: Sequence[Query], start: NDArray[np.int64], ids: NDArray[np.int32], depth: list[int]
    ) -> Questions:
        fits = [self._fit(query.schema) for query in queries]
        spans = [parse(query.birth_date) if query.birth_date else None for query in queries]
        return Questions(
            start,
            ids,
            np.array([fit for fit, _ in fits], dtype=np.bool_).reshape(len(queries), -1),
            np.array([mask for _, mask in fits], dtype=np.uint64),
            np.array([span.years[0] if span else 0 for span in spans], dtype=np.int64),
            np.array([span.years[1] if span else 0 for span in spans], dtype=np.int64),
            np.array(depth, dtype=np.int64),
        )

    def _hits(
        self,
        query: Query,
        factors: bool,
        limit: int,
        least: float,
        rows: list[int],
        names: list[int],
        values: list[float],
        documents: Sequence[int],
    ) -> list[Hit]:
        found: list[tuple[float, int, Hit]] = []
        for row, name, value in zip(rows, names, values, strict=True):
            if row < 0:
                break
            if row in documents or value <= 0 or (not factors and value < least):
                continue
            if factors:
                hit = judged(query, self.subject(row), name, value)
            else:
                # Where only names are compared there is nothing to weigh: the rest is told when it is asked for.
                hit = Hit(self.id(row), value, "possible", tell=partial(self._tell, query, row, name, value))
            if hit.score >= least and hit.score > 0:
                found.append((-hit.score, row, hit))
        for row in documents:
            subject = self.subject(row)
            name, value = best_of(query, subject)
            hit = judged(query, subject, name, value)
            if hit.score >= least and hit.score > 0:
                found.append((-hit.score, row, hit))
        found.sort(key=lambda one: one[:2])
        return [hit for _, _, hit in found[:limit]]

    def _tell(self, query: Query, row: int, name: int, value: float) -> tuple[tuple[Evidence, ...], str]:
        return evidence_of(query, self.subject(row), name, value)

    def _by_document(self, queries: Sequence[Query], inside: Mask) -> dict[int, tuple[int, ...]]:
        """The subjects that bear the very identifier asked for, by query; of any name."""
        hashes, rows = self._documents
        found: dict[int, tuple[int, ...]] = {}
        for i, query in enumerate(queries):
            if not query.id_number or not query.name.strip():
                continue
            number = normal_identifier(query.id_number)
            if len(number) < 4:
                continue
            key = np.uint64(digest(number))
            borne = rows[np.searchsorted(hashes, key) : np.searchsorted(hashes, key, side="right")].tolist()
            found[i] = tuple(row for row in borne if not len(inside) or inside[row])
        return found


def _has_factors(query: Query) -> bool:
    return bool(query.birth_date or query.nationality or query.father_name or query.id_number or query.address)
