"""Preparing the world in BAHAM_HOME: whole, or not at all.

`demo.partial` lies in the folder from the first moment of a preparation to its last; `demo.json`, written at the very
end, says that the world is whole. A preparation that was cut off leaves the first without the second, and the next one
starts over. Nothing here needs Django before a home has been found fit.
"""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from baham.platform import environment

WORLD = 3
"""Goes up when the world changes, so that a home can say which one it holds."""
MARKER, PARTIAL = "demo.json", "demo.partial"
_DATABASE = "baham.sqlite3"
_MADE = (_DATABASE, f"{_DATABASE}-wal", f"{_DATABASE}-shm", f"{_DATABASE}-journal", "audit", "index", "keys", "demo")
_TABLES = ("ledger_dataset", "accounts_user", "audit_entry")

Progress = Callable[[str], None]


class NotOurs(Exception):
    """The folder may not be made into the demonstration world. The text is one line that says what to do."""


def is_whole(home: Path) -> bool:
    """Whether the folder holds the demonstration world, prepared to its end."""
    return (home / MARKER).exists()


def check(home: Path) -> None:
    """Raise NotOurs for a folder with a ledger that is not the demonstration's."""
    if environment.text("BAHAM_DATABASE_URL"):
        raise NotOurs("the demonstration world lives in BAHAM_HOME alone; unset BAHAM_DATABASE_URL for it")
    if home.exists() and not home.is_dir():
        raise NotOurs(f"{home} is not a folder")
    if is_whole(home) or (home / PARTIAL).exists():
        return
    leaves = home / "audit" / "leaves"
    if _holds_rows(home / _DATABASE) or (leaves.exists() and leaves.stat().st_size):
        raise NotOurs(f"{home} holds a ledger that is not the demonstration's; set BAHAM_HOME to another folder")


def _holds_rows(database: Path) -> bool:
    """Whether anything is in a database; what cannot be read is taken to hold something."""
    if not database.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return any(
                connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # our own names only
                for table in _TABLES
                if table in there
            )
    except sqlite3.Error:
        return True


def prepare(home: Path, progress: Progress) -> None:
    """Make the world in a folder that `check` has passed. Raises NotOurs while another process is at it."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(home):
        if is_whole(home):
            return
        for name in _MADE:
            _remove(home / name)
        _make(home, progress)
        _write_marker(home)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold `demo.partial`; it goes only when the marker is there."""
    with (home / PARTIAL).open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotOurs(f"another process is preparing the demonstration world in {home}; wait for it") from None
        yield
        (home / PARTIAL).unlink(missing_ok=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _make(home: Path, progress: Progress) -> None:
    from baham.platform.boot import boot

    progress("Making the tables")
    boot()
    from django.db import connection, transaction
    from django.utils import timezone

    from baham.demo import desk, judgements, matters, partners, reviews, rights, sources, staff
    from baham.platform.measure import switched_on
    from baham.platform.world.history import Calendar, tell

    def told_so_far(done: int, total: int) -> None:
        if done % 10 == 0:
            progress(f"Telling what happened: {done} of {total} events")

    calendar = Calendar(timezone.now())
    progress("Engaging the offices of Sarvan")
    staff.engage(calendar.at(300))
    progress("Writing the lists")
    told = sources.events(home / "demo", calendar)
    told += desk.events(calendar, sources.LOADED["kohsar-desk"][0])
    told += judgements.events(calendar) + matters.events(calendar) + reviews.events(calendar)
    told += partners.events(calendar) + rights.events(calendar)
    told += [event for one in switched_on() if one.demo for event in one.find(one.demo)(calendar)]
    with transaction.atomic():  # one commit, where each event by itself would wait for the disk
        tell(told, told_so_far)
    progress("The demonstration world is ready")
    connection.close()


def _write_marker(home: Path) -> None:
    new = home / f"{MARKER}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump({"world": WORLD, "prepared_at": datetime.now(UTC).isoformat(timespec="seconds")}, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / MARKER)
