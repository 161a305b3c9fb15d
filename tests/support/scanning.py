"""Looking for a person's values in every byte of a folder: raw, packed, encoded, folded."""

import base64
import gzip
import json
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from baham.kernel.folding import fold, words

_LEAST = 5


def needles(person: Mapping[str, str]) -> dict[str, set[bytes]]:
    """By field, every form in which a value of the person, or a telling word of it, may lie in a file."""
    return {field: forms for field, value in person.items() if (forms := _forms(value))}


def _forms(value: str) -> set[bytes]:
    said = {value, fold(value), "".join(words(value))}
    said |= {word for word in [*value.split(), *words(value)] if len(word) > _LEAST and not word.isdigit()}
    texts: set[str] = set()
    for text in said:
        for form in ("NFC", "NFD", "NFKD"):
            whole = unicodedata.normalize(form, text)
            texts |= {whole, whole.casefold(), whole.upper(), json.dumps(whole)[1:-1]}
    texts = {text for text in texts if len(text) > _LEAST}
    raw = {text.encode() for text in texts} | {text.encode("utf-16-le") for text in texts}
    return raw | {found for text in texts for found in _in_base64(text.encode()) if len(found) > 2 * _LEAST}


def _in_base64(data: bytes) -> Iterator[bytes]:
    """What stays the same of these bytes in base64, wherever they begin."""
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + data)
        yield coded[(0, 2, 3)[lead] : len(coded) - 4 + (len(data) + lead) % 3 if (len(data) + lead) % 3 else None]


def found_in(folder: Path, person: Mapping[str, str]) -> dict[str, set[str]]:
    """Where something of the person lies: {file: fields}."""
    wanted, found = needles(person), {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            blobs = list(_opened(path.read_bytes()))
            fields = {field for field, forms in wanted.items() for blob in blobs for form in forms if form in blob}
            if fields:
                found[str(path.relative_to(folder))] = fields
    return found


def _opened(data: bytes) -> Iterator[bytes]:
    """The bytes, also without case, and what is packed in them."""
    yield data
    yield data.decode("utf-8", "ignore").casefold().encode()
    if data.startswith(b"\x1f\x8b"):
        yield from _opened(gzip.decompress(data))
    if zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _opened(archive.read(name))
    for start in (at for at in range(len(data) - 1) if data[at : at + 2] in (b"\x78\x9c", b"\x78\xda")):
        try:
            yield zlib.decompressobj().decompress(data[start : start + 1_000_000])
        except zlib.error:
            continue
