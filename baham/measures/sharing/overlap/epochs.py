"""Epochs: for a week a partner has a key of its own; then the key is destroyed, and with it all that could be asked.

An epoch is made of a prepared file, which is overwritten as soon as it stands. Its secret, and the filter or (mode
`count`) the elements of the set, are private files under `epochs/`; the book says which epochs are open. A crash leaves
either the old state or the new one; what belongs to no open epoch is overwritten the next time somebody looks.
"""

import json
import os
import re
import secrets
import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from baham.engines.overlap import oprf, setup
from baham.engines.overlap.group import ELEMENT
from baham.kernel.clock import utc_text
from baham.measures.sharing.overlap import prepared
from baham.measures.sharing.overlap.book import Book
from baham.measures.sharing.overlap.folder import alone, keep, shred

DAYS = 7
_DIGEST = re.compile(r"[0-9a-f]{64}")
_COUNTING = 24 * 60 * 60
"""Seconds for which a count waits for the asker's last word."""


class Withdrawn(Exception):
    """What was prepared was taken back, or prepared anew, while an epoch was made of it: none begins."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """An open epoch: its row in the book, its terms, and where its private files lie."""

    row: sqlite3.Row
    terms: prepared.Terms
    at: Path

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def entries(self) -> int:
        """The size that is told: the bucket of the set."""
        return setup.bucket(self.row["size"])

    @property
    def secret(self) -> bytes:
        return (self.at / f"{self.id}.secret").read_bytes()

    @property
    def set(self) -> bytes:
        """The filter; in the mode `count` the elements of the set, which never leave as they are."""
        return (self.at / f"{self.id}.set").read_bytes()


def make(book: Book, at: Path, path: Path, now: datetime, threads: int = 1) -> str:
    """Make an epoch of a prepared file and end the partner's earlier ones; the new id. Raises BadTerms, Missing, and
    Withdrawn where the file is no longer that one when the epoch could begin."""
    file = _which(path)
    terms, keys = prepared.read(path)
    ends = min(utc_text(now + timedelta(days=DAYS)), terms.ends)
    if ends <= utc_text(now):
        raise prepared.BadTerms(f"{path.name}: the agreement has ended")
    epoch = f"{terms.partner}-{now:%Y%m%d}-{secrets.token_hex(6)}"
    secret, public = oprf.derive_key(os.urandom(32), epoch.encode())
    content = (
        oprf.hash_to_group(keys, threads) if terms.mode == "count" else setup.write(oprf.outputs(secret, keys, threads))
    )
    with alone(at):
        if _which(path) != file:
            raise Withdrawn(f"{path.name}: taken back or prepared anew")
        keep(at / "epochs" / f"{epoch}.set", content)
        keep(at / "epochs" / f"{epoch}.secret", secret)
        book.begin(epoch, asdict(terms), utc_text(now), ends, public, len(keys))
        shred(path)
        _tidy(book, at, now)
    return epoch


def _which(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise Withdrawn(f"{path.name}: taken back") from error
    return found.st_ino, found.st_mtime_ns


def end(book: Book, at: Path, partner: str, now: datetime) -> int:
    """End a partner's epochs and what was prepared for it, and destroy their keys; how many epochs. Raises BadTerms for
    a name that is none."""
    path = prepared.path_of(at, partner)
    with alone(at):
        shred(path)
        ended = [row["id"] for row in book.epochs() if row["partner"] == partner]
        for epoch in ended:
            book.close(epoch, utc_text(now))
        _tidy(book, at, now)
    return len(ended)


def tidy(book: Book, at: Path, now: datetime) -> list[str]:
    """End what is past its end, and destroy every key and set that belongs to no open epoch; the ids that ended."""
    with alone(at):
        return _tidy(book, at, now)


def _tidy(book: Book, at: Path, now: datetime) -> list[str]:
    over = [row["id"] for row in book.epochs() if row["ends"] <= utc_text(now)]
    for epoch in over:
        book.close(epoch, utc_text(now))
    open_ones = {row["id"] for row in book.epochs()}
    for path in _files(at / "epochs"):
        if path.name.split(".")[0] not in open_ones:
            shred(path)
    for path in _files(at / "counting"):
        request = book.request(bytes.fromhex(path.name)) if _DIGEST.fullmatch(path.name) else None
        if (
            request is None
            or request["epoch"] not in open_ones
            or request["both"] is not None
            or path.stat().st_mtime < now.timestamp() - _COUNTING
        ):
            shred(path)
    return over


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def waiting(at: Path) -> list[Path]:
    """The prepared files of which no epoch has been made yet."""
    return sorted((at / "prepared").glob("*.jsonl")) if (at / "prepared").is_dir() else []


def find(book: Book, at: Path, asker: str, now: datetime, epoch: str | None = None) -> Epoch | None:
    """The open epoch of an asker, or exactly the one named; None where there is none or it has ended."""
    for row in book.epochs():
        if row["asker"] == asker and row["ends"] > utc_text(now) and epoch in (None, row["id"]):
            return Epoch(row, prepared.Terms(**json.loads(row["terms"])), at / "epochs")
    return None


def elements_of(epoch: Epoch) -> bytes:
    """The elements of the set (mode `count`)."""
    content = epoch.set
    return content[: len(content) // ELEMENT * ELEMENT]
