"""The holder's book, a SQLite file of its own: epochs, and every request with what it cost. No keys of persons in it.

A request is written down, and its places are charged, before anything is computed for it. After a crash it stands there
as taken and not answered: the same request sent again is then answered without being charged again. One that was
answered is refused when it comes again.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS epoch (
    id TEXT PRIMARY KEY, partner TEXT NOT NULL, asker TEXT NOT NULL, begins TEXT NOT NULL, ends TEXT NOT NULL,
    terms TEXT NOT NULL, public BLOB NOT NULL, size INTEGER NOT NULL, closed TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS request (
    digest BLOB PRIMARY KEY, asker TEXT NOT NULL, partner TEXT NOT NULL, epoch TEXT NOT NULL, nonce BLOB NOT NULL,
    day TEXT NOT NULL, at TEXT NOT NULL, places INTEGER NOT NULL, purpose TEXT NOT NULL, "case" BLOB NOT NULL,
    commitment BLOB NOT NULL, envelope TEXT NOT NULL, answered TEXT NOT NULL DEFAULT '', both INTEGER,
    UNIQUE (asker, nonce));
CREATE INDEX IF NOT EXISTS request_day ON request (partner, day);
CREATE TABLE IF NOT EXISTS knock (
    asker TEXT NOT NULL, nonce BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY (asker, nonce));
"""
FLOOR = 16
"""Places that may be asked about in all however small the set is: one request of the smallest size."""


class Replayed(Exception):
    """The request was answered before."""


class Beyond(Exception):
    """The request goes beyond the quota. The text says which, and how much is left."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many places a partner may still ask about: today, and in all."""

    today: int
    ever: int

    @property
    def left(self) -> int:
        return max(0, min(self.today, self.ever))


class Book:
    """The book at a path. Each call is a connection of its own, so threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._open() as db:
            db.executescript("PRAGMA journal_mode=WAL;" + _TABLES)
        path.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is written, or nothing."""
        db = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA synchronous=FULL")
        try:
            yield db
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
            db.close()

    def begin(self, epoch: str, terms: dict[str, Any], begins: str, ends: str, public: bytes, size: int) -> list[str]:
        """Write down a new epoch; it closes the partner's earlier ones, whose ids are the answer."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            rows = db.execute("SELECT id FROM epoch WHERE partner = ? AND closed = ''", (terms["partner"],)).fetchall()
            db.execute("UPDATE epoch SET closed = ? WHERE partner = ? AND closed = ''", (begins, terms["partner"]))
            db.execute(
                "INSERT INTO epoch (id, partner, asker, begins, ends, terms, public, size) VALUES (?,?,?,?,?,?,?,?)",
                (epoch, terms["partner"], terms["asker"], begins, ends, json.dumps(terms), public, size),
            )
            db.execute("COMMIT")
        return [row["id"] for row in rows]

    def close(self, epoch: str, at: str) -> None:
        """An epoch has ended: nothing is answered under it any more."""
        with self._open() as db:
            db.execute("UPDATE epoch SET closed = ? WHERE id = ? AND closed = ''", (at, epoch))

    def epochs(self) -> list[sqlite3.Row]:
        """The epochs that are not closed."""
        with self._open() as db:
            return db.execute("SELECT * FROM epoch WHERE closed = '' ORDER BY begins, id").fetchall()

    def knock(self, asker: str, nonce: bytes, at: str) -> None:
        """Somebody asks for an offer. Raises Replayed where the same letter came before."""
        with self._open() as db:
            try:
                db.execute("INSERT INTO knock VALUES (?, ?, ?)", (asker, nonce, at))
            except sqlite3.IntegrityError as error:
                raise Replayed from error

    def forget_knocks(self, before: str) -> None:
        """Letters written before this moment are refused by their age; their nonces need not be kept."""
        with self._open() as db:
            db.execute("DELETE FROM knock WHERE at < ?", (before,))

    def quota(self, epoch: sqlite3.Row, day: str) -> Quota:
        """What the partner of an epoch has left."""
        with self._open() as db:
            return _quota(db, epoch, day)

    def look(self, epoch: sqlite3.Row, digest: bytes, at: str, places: int) -> None:
        """Whether a request would be taken, without writing anything. Raises Replayed, Beyond."""
        with self._open() as db:
            if not _is_known(db, digest):
                _hold_against(_quota(db, epoch, at[:10]), places)

    def take(
        self,
        epoch: sqlite3.Row,
        digest: bytes,
        nonce: bytes,
        at: str,
        places: int,
        purpose: str,
        case: bytes,
        commitment: bytes,
        envelope: str,
    ) -> Quota:
        """Write a request down and charge it, or find it taken and not answered. Raises Replayed, Beyond."""
        with self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            left = _quota(db, epoch, at[:10])
            if not _is_known(db, digest):
                _hold_against(left, places)
                try:
                    db.execute(
                        'INSERT INTO request (digest, asker, partner, epoch, nonce, day, at, places, purpose, "case",'
                        " commitment, envelope) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                        (
                            digest,
                            epoch["asker"],
                            epoch["partner"],
                            epoch["id"],
                            nonce,
                            at[:10],
                            at,
                            places,
                            purpose,
                            case,
                            commitment,
                            envelope,
                        ),
                    )
                except sqlite3.IntegrityError as error:
                    raise Replayed from error  # the nonce of another request
                left = Quota(left.today - places, left.ever - places)
            db.execute("COMMIT")
            return left

    def answered(self, digest: bytes, at: str) -> None:
        """The answer has gone out whole."""
        with self._open() as db:
            db.execute("UPDATE request SET answered = ? WHERE digest = ? AND answered = ''", (at, digest))

    def request(self, digest: bytes) -> sqlite3.Row | None:
        """One request by its digest."""
        with self._open() as db:
            row: sqlite3.Row | None = db.execute("SELECT * FROM request WHERE digest = ?", (digest,)).fetchone()
            return row

    def counted(self, digest: bytes, both: int) -> bool:
        """Write down the count of a `count` request; False where it was written before."""
        with self._open() as db:
            done = db.execute("UPDATE request SET both = ? WHERE digest = ? AND both IS NULL", (both, digest))
            return done.rowcount == 1

    def requests(self) -> list[sqlite3.Row]:
        """Every request, oldest first: who, when, how many places, why, and what was committed to."""
        with self._open() as db:
            return db.execute("SELECT * FROM request ORDER BY at, rowid").fetchall()


def _quota(db: sqlite3.Connection, epoch: sqlite3.Row, day: str) -> Quota:
    terms = json.loads(epoch["terms"])
    spent = "SELECT coalesce(sum(places), 0) AS n FROM request WHERE partner = ?"
    today = db.execute(spent + " AND day = ?", (epoch["partner"], day)).fetchone()["n"]
    ever = db.execute(spent, (epoch["partner"],)).fetchone()["n"]
    return Quota(terms["daily"] - today, max(FLOOR, int(terms["share"] * epoch["size"])) - ever)


def _is_known(db: sqlite3.Connection, digest: bytes) -> bool:
    """Whether the request was taken and not answered. Raises Replayed where it was answered."""
    known = db.execute("SELECT answered FROM request WHERE digest = ?", (digest,)).fetchone()
    if known is not None and known["answered"]:
        raise Replayed
    return known is not None


def _hold_against(left: Quota, places: int) -> None:
    if places > left.today:
        raise Beyond(f"the request has {places:,} places, and {max(0, left.today):,} are left today")
    if places > left.ever:
        raise Beyond(f"the request has {places:,} places, and {max(0, left.ever):,} are left in all")
