"""Writing an index from a stream of subjects: one pass, numbers in compact arrays, records straight to disk."""

import json
from array import array
from collections.abc import Iterable
from dataclasses import asdict
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .dates import parse
from .factors import normal_identifier
from .normalise import tokenise
from .storage import Builder
from .types import Subject
from .vocabulary import VocabularyBuilder


def digest(text: str) -> int:
    """A 64-bit key of a string, the same on every machine and in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def write_index(subjects: Iterable[Subject], path: Path) -> None:
    """Build and commit an index at `path`. Raises ValueError where an id comes twice; the old index then stays."""
    vocabulary = VocabularyBuilder()
    name_tokens, name_start = array("i"), array("q", [0])
    name_hash = array("Q")
    subject_names, record_start = array("q", [0]), array("q", [0])
    strong, schema, first_year, last_year = array("i"), array("B"), array("h"), array("h")
    ids, document_hash, document_row = array("Q"), array("Q"), array("i")
    schemas: dict[str, int] = {}
    with Builder(path) as out:
        records = out.blob("records")
        for row, subject in enumerate(subjects):
            line = json.dumps({k: _plain(v) for k, v in asdict(subject).items() if v}).encode("ascii")
            record_start.append(record_start[-1] + records.write(line))
            for name in (*subject.names, *subject.weak_names):
                places = [vocabulary.number(token) for token in tokenise(name)]
                name_tokens.extend(places)
                name_start.append(len(name_tokens))
                name_hash.append(digest(",".join(map(str, places))))
            subject_names.append(len(name_hash))
            strong.append(len(subject.names))
            schema.append(min(schemas.setdefault(subject.schema, len(schemas)), 255))
            low, high = _years(subject)
            first_year.append(low)
            last_year.append(high)
            ids.append(digest(subject.id))
            for identifier in {normal_identifier(i) for i in subject.identifiers} - {""}:
                document_hash.append(digest(identifier))
                document_row.append(row)
        if len(schemas) > 255:
            raise ValueError("more than 255 different schemas")
        _write_ids(out, _np(ids, np.uint64))
        vocabulary.write(out)
        _write_names(out, vocabulary, name_tokens, name_start, name_hash, subject_names)
        out.array("record_start", _np(record_start, np.int64))
        out.array("subject_strong", _np(strong, np.int32))
        out.array("subject_schema", _np(schema, np.uint8))
        out.array("subject_first_year", _np(first_year, np.int16))
        out.array("subject_last_year", _np(last_year, np.int16))
        documents = _np(document_hash, np.uint64)
        order = np.argsort(documents, kind="stable")
        out.array("document_hash", documents[order])
        out.array("document_row", _np(document_row, np.int32)[order])
        counts = {"subjects": len(strong), "names": len(name_hash), "tokens": len(vocabulary)}
        out.commit({"counts": counts, "schemas": list(schemas)})


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else list(value)


def _np(values: "array[Any]", dtype: Any) -> NDArray[Any]:
    return np.frombuffer(values, dtype=dtype) if len(values) else np.zeros(0, dtype=dtype)


def _years(subject: Subject) -> tuple[int, int]:
    spans = [span for span in map(parse, subject.birth_dates) if span is not None]
    return (min(s.first.year for s in spans), max(s.last.year for s in spans)) if spans else (0, 0)


def _write_ids(out: Builder, ids: NDArray[np.uint64]) -> None:
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    if len(ordered) > 1 and (twice := np.flatnonzero(ordered[1:] == ordered[:-1])).size:
        raise ValueError(f"subject number {int(order[twice[0] + 1]) + 1} has an id that came before")
    out.array("id_hash", ordered)
    out.array("id_row", order.astype(np.int32))


def _write_names(
    out: Builder, vocabulary: VocabularyBuilder, name_tokens: "array[int]", name_start: "array[int]",
    name_hash: "array[int]", subject_names: "array[int]",
) -> None:  # fmt: skip
    """Equal runs of tokens are one name: `written_name` maps each name as listed to it, `bearer_*` a name to
    its subjects."""
    starts, tokens = _np(name_start, np.int64), _np(name_tokens, np.int32)
    _, chosen, name_of = np.unique(_np(name_hash, np.uint64), return_index=True, return_inverse=True)
    lengths = (starts[1:] - starts[:-1])[chosen] if len(chosen) else np.zeros(0, dtype=np.int64)
    start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    flat = np.repeat(starts[:-1][chosen] - start[:-1], lengths) + np.arange(start[-1])
    ids = tokens[flat] if len(flat) else np.zeros(0, dtype=np.int32)
    out.array("name_start", start)
    out.array("name_tokens", ids)
    out.array("written_name", name_of.astype(np.int32))
    bounds = _np(subject_names, np.int64)
    out.array("subject_names", bounds)
    names, n = len(chosen), len(bounds) - 1
    bearers = csr_matrix(
        (np.ones(len(name_of), dtype=np.int8), (name_of, np.repeat(np.arange(n), np.diff(bounds)))), shape=(names, n)
    )
    out.array("bearer_start", bearers.indptr.astype(np.int64))
    out.array("bearer_row", bearers.indices.astype(np.int32))
    bits = vocabulary.bits()
    owner = np.repeat(np.arange(names), lengths)
    squares = np.bincount(owner, weights=bits[ids].astype(np.float64) ** 2, minlength=names)
    data = (bits[ids] / np.sqrt(np.maximum(squares, 1e-9))[owner]).astype(np.float32)
    postings = csr_matrix((data, (ids, owner)), shape=(len(bits), names))
    out.array("posting_start", postings.indptr.astype(np.int32))
    out.array("posting_name", postings.indices.astype(np.int32))
    out.array("posting_weight", postings.data.astype(np.float32))
