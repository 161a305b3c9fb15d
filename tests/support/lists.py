"""Small invented lists, written as CSV and loaded the way users load theirs."""

import csv
from pathlib import Path

from baham.platform.audit.services import Actor
from baham.platform.ledger.guard import MassChange
from baham.platform.ledger.load import Loaded, load
from tests.support.people import actor

PEOPLE = [
    {
        "id": "k-1",
        "name": "Zarghun Talband",
        "alias": "زرغون تلبند",
        "birth_date": "1984",
        "father_name": "Tor Baz",
        "nationality": "sv",
        "id_number": "61-0447-2215",
    },
    {"id": "k-2", "name": "Mirwais Khorvash", "birth_date": "1979-05-02", "nationality": "sv"},
    {"id": "k-3", "name": "Spogmai Nilgari", "birth_date": "1968-00-00", "nationality": "sv", "notes": "=1+1"},
    {"id": "k-4", "name": "The Nilgar Column", "schema": "Organization", "notes": "an invented group"},
]


def write(path: Path, rows: list[dict[str, str]] = PEOPLE) -> Path:
    """The rows as a CSV file."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def load_rows(tmp_path: Path, rows: list[dict[str, str]] = PEOPLE, name: str = "home-dept", **more: object) -> Loaded:
    """Load the rows as the next version of a list."""
    number = len(list(tmp_path.glob("*.csv")))
    path = write(tmp_path / f"{name}-{number}.csv", rows)
    return bring(
        path, name, actor(), about={"title": "Home Department list", "publisher": "Home Department, Kohsar"}, **more
    )


def bring(path: Path, name: str, actor: Actor, **more: object) -> Loaded:
    """Load a file as somebody does who was told what it ends and means it: lists of a test are small."""
    try:
        return load(path, name, actor, **more)
    except MassChange as stopped:
        return load(
            path, name, actor, **more, confirmed=stopped.confirmed("Each of these was looked up at the source.")
        )
