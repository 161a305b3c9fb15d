"""Looking for a person's values in every byte of a folder: raw, packed, encoded, folded."""

import base64
import gzip
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

from baham.platform.folding import fold, words

_LEAST = 5
_ZLIB = re.compile(rb"\x78[\x9c\xda]")


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
    files = ((str(path.relative_to(folder)), path.read_bytes()) for path in folder.rglob("*") if path.is_file())
    return _found(files, person)


def found_in_tables(url: str, person: Mapping[str, str]) -> dict[str, set[str]]:
    """Where something of the person stands in a PostgreSQL database, as far as SQL can tell: {table: fields}."""
    import psycopg

    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        tables = cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = []
        for (table,) in tables:
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as copy:
                rows.append((f"table {table}", b"".join(bytes(part) for part in copy)))
    return _found(rows, person)


def _found(blobs: Iterable[tuple[str, bytes]], person: Mapping[str, str]) -> dict[str, set[str]]:
    wanted, found = needles(person), {}
    for name, data in blobs:
        opened = list(_opened(data))
        fields = {field for field, forms in wanted.items() for blob in opened for form in forms if form in blob}
        if fields:
            found[name] = fields
    return found


def _opened(data: bytes) -> Iterator[bytes]:
    """The bytes, also without case, and what is packed in them."""
    yield data
    yield data.decode("utf-8", "ignore").casefold().encode()
    if data.startswith(b"\x1f\x8b"):
        try:
            yield from _opened(gzip.decompress(data))
        except (OSError, EOFError, zlib.error):
            pass  # one file of 65,536 of encrypted bytes begins like this and is no gzip
    if zipfile.is_zipfile(BytesIO(data)):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _opened(archive.read(name))
    for head in _ZLIB.finditer(data):
        try:
            yield zlib.decompressobj().decompress(data[head.start() : head.start() + 1_000_000])
        except zlib.error:
            continue
