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

from . import grams
from .dates import parse
from .factors import normal_identifier
from .normalise import tokenise
from .storage import Builder
from .table import Tokens
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
    ids, id_start, document_hash, document_row = array("Q"), array("q", [0]), array("Q"), array("i")
    schemas: dict[str, int] = {}
    with Builder(path) as out:
        records, names = out.blob("records"), out.blob("ids")
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
            id_start.append(id_start[-1] + names.write(subject.id.encode("utf-8", "surrogatepass")))
            for identifier in {normal_identifier(i) for i in subject.identifiers} - {""}:
                document_hash.append(digest(identifier))
                document_row.append(row)
        if len(schemas) > 255:
            raise ValueError("more than 255 different schemas")
        _write_ids(out, _np(ids, np.uint64))
        tokens = vocabulary.tokens()
        out.array("token_table", tokens.table)
        out.array("token_text", tokens.text)
        for name, values in grams.build(tokens)._asdict().items():
            out.array(f"gram_{name}", values)
        _write_names(out, tokens, name_tokens, name_start, name_hash, subject_names, _np(schema, np.uint8))
        out.array("id_start", _np(id_start, np.int64))
        out.array("record_start", _np(record_start, np.int64))
        out.array("subject_strong", _np(strong, np.int32))
        out.array("subject_schema", _np(schema, np.uint8))
        out.array("subject_first_year", _np(first_year, np.int16))
        out.array("subject_last_year", _np(last_year, np.int16))
        documents = _np(document_hash, np.uint64)
        order = np.argsort(documents, kind="stable")
        out.array("document_hash", documents[order])
        out.array("document_row", _np(document_row, np.int32)[order])
        counts = {"subjects": len(strong), "names": len(name_hash), "tokens": len(tokens.table)}
        out.commit({"counts": counts, "schemas": list(schemas)})


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else list(value)


def _np(values: "array[Any]", dtype: Any) -> NDArray[Any]:
    return np.frombuffer(values, dtype=dtype) if len(values) else np.zeros(0, dtype=dtype)


def _years(subject: Subject) -> tuple[int, int]:
    spans = [span for span in map(parse, subject.birth_dates) if span is not None]
    return (min(s.years[0] for s in spans), max(s.years[1] for s in spans)) if spans else (0, 0)


def _write_ids(out: Builder, ids: NDArray[np.uint64]) -> None:
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    if len(ordered) > 1 and (twice := np.flatnonzero(ordered[1:] == ordered[:-1])).size:
        raise ValueError(f"subject number {int(order[twice[0] + 1]) + 1} has an id that came before")
    out.array("id_hash", ordered)
    out.array("id_row", order.astype(np.int32))


def _write_names(
    out: Builder,
    tokens: Tokens,
    name_tokens: "array[int]",
    name_start: "array[int]",
    name_hash: "array[int]",
    subject_names: "array[int]",
    schemas: NDArray[np.uint8],
) -> None:
    """Equal runs of tokens are one name: `written_name` maps each name as listed to it, `bearer_*` a name to its
    subjects, `posting_*` a token to its names."""
    starts, flat_tokens = _np(name_start, np.int64), _np(name_tokens, np.int32)
    _, chosen, name_of = np.unique(_np(name_hash, np.uint64), return_index=True, return_inverse=True)
    lengths = (starts[1:] - starts[:-1])[chosen] if len(chosen) else np.zeros(0, dtype=np.int64)
    start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    flat = np.repeat(starts[:-1][chosen] - start[:-1], lengths) + np.arange(start[-1])
    ids = flat_tokens[flat] if len(flat) else np.zeros(0, dtype=np.int32)
    names, bounds = len(chosen), _np(subject_names, np.int64)
    owner = np.repeat(np.arange(names), lengths)
    weight = np.bincount(owner, weights=tokens.table["bits"][ids].astype(np.float64), minlength=names)
    subject = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    bearer_start, bearer_row = _grouped(name_of, subject, names)
    kinds = np.uint64(1) << np.minimum(schemas[bearer_row], 63).astype(np.uint64)
    mask = np.zeros(names, dtype=np.uint64)
    np.bitwise_or.at(mask, np.repeat(np.arange(names), np.diff(bearer_start)), kinds)
    posting_start, posting_name = _grouped(ids, owner, len(tokens.table))
    out.array("name_start", start)
    out.array("name_tokens", ids)
    out.array("name_weight", np.sqrt(weight + 1.0).astype(np.float32))
    out.array("name_schemas", mask)
    out.array("written_name", name_of.astype(np.int32))
    out.array("subject_names", bounds)
    out.array("bearer_start", bearer_start)
    out.array("bearer_row", bearer_row)
    out.array("posting_start", posting_start)
    out.array("posting_name", posting_name)


def _grouped(key: NDArray[Any], value: NDArray[Any], keys: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """(start int64[keys + 1], values int32): the distinct values of each key, ascending."""
    pairs = np.unique((key.astype(np.int64) << 32) | value.astype(np.int64))
    start = np.searchsorted(pairs >> 32, np.arange(keys + 1))
    return start.astype(np.int64), (pairs & 0xFFFFFFFF).astype(np.int32)
