"""Reading text that came from elsewhere: bounded in memory, strict in encoding, exact about the line.

Nothing here holds more than one record of a file, and no record may be longer than `RECORD_CAP`.
"""

import csv
import hashlib
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from baham.formats import counted
from baham.formats.errors import BadInput, shown

MIB = 1024 * 1024
LINE_CAP = MIB
RECORD_CAP = 4 * MIB
COLUMNS_CAP = 1000
HEAD = 64 * 1024
BOM = b"\xef\xbb\xbf"

_ARCHIVES = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"Rar!": "rar",
}
_NOT_TEXT = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLite format 3": "an SQLite database",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}


@contextmanager
def opened(path: Path | str) -> Iterator[BufferedReader]:
    """The file, open for reading bytes. BadInput for one that is missing, no file, unreadable, empty, or not text."""
    try:
        # Asked first, because opening a pipe would wait for whoever writes to it.
        mode = Path(path).stat().st_mode
    except FileNotFoundError:
        raise BadInput(path, "there is no such file") from None
    except (OSError, ValueError) as error:
        # A ValueError is what a path with a NUL in it gets.
        raise BadInput(path, f"cannot be opened: {getattr(error, 'strerror', None) or error}") from None
    if stat.S_ISDIR(mode):
        raise BadInput(path, "is a folder, not a file")
    if not stat.S_ISREG(mode):
        raise BadInput(path, "is not a regular file")
    try:
        with Path(path).open("rb") as stream:
            _check_beginning(path, stream.read(512))
            stream.seek(0)
            yield stream
    except OSError as error:
        raise BadInput(path, f"cannot be read: {error.strerror or error}") from None


def _check_beginning(path: Path | str, head: bytes) -> None:
    if not head:
        raise BadInput(path, "the file is empty")
    for magic, name in _ARCHIVES.items():
        if head.startswith(magic):
            hint = " (a spreadsheet is to be saved as CSV)" if name == "zip" else ""
            raise BadInput(path, f"is a {name} archive: unpack it first{hint}")
    if head[257:262] == b"ustar":
        raise BadInput(path, "is a tar archive: unpack it first")
    for magic, name in _NOT_TEXT.items():
        if head.startswith(magic):
            raise BadInput(path, f"is {name}, not text")
    if head[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        raise BadInput(path, "is UTF-32 text: save it as UTF-8", line=1)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadInput(path, "is UTF-16 text: save it as UTF-8", line=1)


def head_of(path: Path | str, size: int = HEAD) -> bytes:
    """The first bytes of a file, for `sniff`."""
    with opened(path) as stream:
        return stream.read(size)


def lines(path: Path | str) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file, each with its number and its line end. BadInput names the line that is at fault."""
    with opened(path) as stream:
        number = 0
        while raw := stream.readline(LINE_CAP + 1):
            number += 1
            if len(raw) > LINE_CAP:
                raise BadInput(path, f"the line is longer than {LINE_CAP:,} bytes", line=number)
            if number == 1:
                raw = raw.removeprefix(BOM)
            if b"\x1a" in raw and raw.rstrip(b"\r\n").endswith(b"\x1a") and not stream.peek(1):
                # The end-of-file mark of CP/M and DOS, with which OFAC ends its files to this day.
                raw = raw.rstrip(b"\r\n")[:-1]
            yield number, _decoded(path, number, raw)


def _decoded(path: Path | str, number: int, raw: bytes) -> str:
    if b"\x00" in raw:
        raise BadInput(path, "holds a NUL byte: not text, or not UTF-8", line=number)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        odd = f"0x{raw[error.start]:02X} at byte {error.start + 1}"
        raise BadInput(path, f"is not UTF-8: {odd} of the line", line=number) from None


class _Feed:
    """Hands lines to csv and keeps count: an unclosed quote would otherwise take the whole file for one value."""

    def __init__(self, path: Path | str) -> None:
        self.path, self.source = path, lines(path)
        self.line, self.first, self.size = 0, 1, 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        self.line, text = next(self.source)
        self.size += len(text)
        if self.size > RECORD_CAP:
            raise BadInput(self.path, "the record is too long: is a quote never closed?", line=self.first)
        return text

    def next_record(self) -> int:
        begun, self.first, self.size = self.first, self.line + 1, 0
        return begun


def rows(path: Path | str, delimiter: str = ",", header: bool = False) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file (RFC 4180), each with the line on which it begins; empty lines are passed over. A last
    row that states how many records there are is none itself; BadInput where it states another number."""
    count, last = -int(header), None
    for line, record in _every_row(path, delimiter):
        if last is not None:  # it was not the last one
            yield last
            count, last = count + 1, None
        if counted.in_row(record) is not None:
            last = line, record
            continue
        yield line, record
        count += 1
    if last is not None:
        stated = counted.in_row(last[1])
        assert stated is not None
        counted.check(path, stated, count, last[0])


def _every_row(path: Path | str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # The limit is the process's, so it is only ever raised; what bounds memory is the feed.
    csv.field_size_limit(max(csv.field_size_limit(), RECORD_CAP))
    feed = _Feed(path)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(path, f"is not well-formed CSV: {error}", line=feed.first) from None
        line = feed.next_record()
        if record and record != [""]:
            yield line, record


def table(path: Path | str, needed: Iterable[str] = (), delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]]]:
    """The records of a CSV file with a header, by column. BadInput for a missing or doubled column, or a ragged row.

    The header itself comes first, as the record in which every column holds its own name.
    """
    header: list[str] = []
    for line, record in rows(path, delimiter, header=True):
        if not header:
            header = [name.strip() for name in record]
            check_header(path, line, header, needed)
            yield line, dict(zip(header, header, strict=True))
        elif len(record) != len(header):
            at = header[len(record)] if len(record) < len(header) else None
            problem = f"the row has {len(record)} values, the header {len(header)}: is the file cut short or unquoted?"
            raise BadInput(path, problem, line=line, field=at)
        else:
            yield line, dict(zip(header, record, strict=True))
    if not header:
        raise BadInput(path, "holds no header row")


def check_header(path: Path | str, line: int, header: list[str], needed: Iterable[str]) -> None:
    """BadInput for a header that lacks a needed column, has one twice, or has more than any table has."""
    if len(header) > COLUMNS_CAP:
        raise BadInput(path, f"the header has more than {COLUMNS_CAP:,} columns", line=line)
    for name in needed:
        if name not in header:
            raise BadInput(path, "the column is missing", line=line, field=name)
    for position, name in enumerate(header):
        if name in header[:position]:
            raise BadInput(path, "the header has the column twice", line=line, field=name or "(no name)")


def split_values(text: str) -> list[str]:
    """The values of a field that holds several, separated by `;`. A value in double quotes may hold a `;` itself."""
    if ";" not in text and '"' not in text:
        return [text]
    values, begin, quoted = [], 0, False
    for position, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            values.append(text[begin:position])
            begin = position + 1
    values.append(text[begin:])
    if quoted:
        # A quote that is never closed is a stray mark (an inch, an abbreviation), so none of them can be trusted.
        values = text.split(";")
    return [value.strip() for value in values if value.strip()]


def unquoted(value: str) -> str:
    """The value without the double quotes around all of it (and with doubled ones inside made single)."""
    if len(value) >= 2 and value[0] == value[-1] == '"':
        return value[1:-1].replace('""', '"').strip()
    return value


class Seen:
    """Which keys were met before, at about 70 bytes each whatever their length."""

    def __init__(self) -> None:
        self._keys: set[int] = set()

    def again(self, key: str) -> bool:
        """Whether the key was asked about before."""
        made = self._short(key)
        if made in self._keys:
            return True
        self._keys.add(made)
        return False

    def __contains__(self, key: str) -> bool:
        return self._short(key) in self._keys

    @staticmethod
    def _short(key: str) -> int:
        return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def is_unfinished(path: Path | str) -> bool:
    """Whether the last line of a text has no end, as where a file was cut short. OFAC's end-of-file mark is one."""
    with opened(path) as stream:
        stream.seek(-1, 2)
        return stream.read(1) not in b"\r\n\x1a"


def checked_time(path: Path | str, line: int, field: str, value: str) -> str:
    """A time as it was written: BadInput unless it is empty or begins with a day in ISO 8601."""
    if value and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.+Z-]{1,30})?", value):
        raise BadInput(path, f"is not a time in ISO 8601: {shown(value)}", line=line, field=field)
    return value


def checked_word(path: Path | str, line: int, field: str, value: str) -> str:
    """An id or a schema: BadInput unless it is short, has no hidden or blank characters, and is there at all."""
    word = value.strip()
    if not word:
        raise BadInput(path, "is empty", line=line, field=field)
    if len(word) > 255 or any(not char.isprintable() or char.isspace() for char in word):
        raise BadInput(path, f"is too long or has blanks in it: {shown(word)}", line=line, field=field)
    return word
