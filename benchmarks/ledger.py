"""Loading, reading and searching a large ledger: `python -m benchmarks.ledger [--entities N]`.

Loads a synthetic list in FtM JSON lines through `baham.platform.ledger.load`, and in the same run, on the same database
engine, inserts the same number of statement rows into an empty table of the same shape without any further work. Then
reads entity pages and searches in process. Prints rates, their ratio, p50 and p95 times, and peak memory.
Run it alone and pinned: `taskset -c 0 python -m benchmarks.ledger`.
"""

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

GIVEN = [
    "zarghun",
    "mirwais",
    "spogmai",
    "gulalai",
    "tor",
    "sher",
    "baz",
    "khan",
    "gul",
    "agha",
    "jan",
    "zarmina",
    "palwasha",
    "storai",
    "ajmal",
    "wali",
    "nazo",
    "malalai",
]
FAMILY = [
    "talband",
    "khorvash",
    "nilgari",
    "rudabari",
    "torsangi",
    "sahrani",
    "markazi",
    "daryabi",
    "kohsari",
    "talkhi",
    "varandi",
]
VALUES = 15


def entities(count: int, seed: int = 7) -> Iterator[str]:
    """Lines of FtM JSON with fifteen values each; invented names with a long tail of rare parts."""
    pick = random.Random(seed)
    for number in range(count):
        given, family = pick.choice(GIVEN), pick.choice(FAMILY)
        rare = f"{pick.choice(FAMILY)[:4]}{number % 49_999:x}"
        properties = {
            "name": [f"{given} {rare} {family}", f"{given} {family} {rare}"],
            "alias": [f"{rare} {given}", f"{given[:4]}oo {family}", f"{family} {given}"],
            "birthDate": [f"19{number % 70 + 30}-0{number % 9 + 1}"],
            "nationality": ["sv"],
            "fatherName": [f"{pick.choice(GIVEN)} {family}"],
            "idNumber": [f"61-{number:07d}", f"K{number:08x}"],
            "birthPlace": [f"{pick.choice(FAMILY)[:-1]}, Kohsar"],
            "address": [f"{number % 200} Canal Road, Rudabar"],
            "notes": [f"An invented entry, number {number}", f"second note {number}"],
            "program": ["TEST"],
        }
        yield json.dumps({"id": f"x-{number}", "schema": "Person", "properties": properties}) + "\n"


def timed(times: int, act: Callable[[int], object]) -> tuple[float, float]:
    """p50 and p95 of an act, in milliseconds."""
    taken = []
    for turn in range(times):
        start = time.perf_counter()
        act(turn)
        taken.append((time.perf_counter() - start) * 1e3)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.95)]


def peak() -> float:
    """Peak memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def raw_insert(path: Path, statements: int) -> float:
    """Rows a second into an empty table of the same shape and keys, in one transaction, values made beforehand."""
    import sqlite3

    database = sqlite3.connect(path)
    database.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
        "CREATE TABLE raw (id INTEGER PRIMARY KEY AUTOINCREMENT, entity_id INTEGER NOT NULL, sid BLOB NOT NULL,"
        " prop TEXT NOT NULL, value TEXT NOT NULL, lang TEXT, original TEXT, record TEXT, field TEXT, quality TEXT,"
        " flags TEXT, origin TEXT, external INTEGER, since INTEGER, until INTEGER);"
        " CREATE INDEX raw_entity ON raw(entity_id);"
    )
    row = (b"s" * 20, "birthPlace", "Torsang, Kohsar", None, None, "line 1", "birthPlace", "", "", None, 0, 1)
    start = time.perf_counter()
    marks = ",".join("?" * 13)
    columns = "entity_id,sid,prop,value,lang,original,record,field,quality,flags,origin,external,since"
    with database:
        for first in range(0, statements, 30_000):
            batch = [(number // VALUES, *row) for number in range(first, min(first + 30_000, statements))]
            database.executemany(f"INSERT INTO raw({columns}) VALUES ({marks})", batch)
    database.close()
    return statements / (time.perf_counter() - start)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BAHAM_HOME"] = folder
        from baham.platform.boot import boot

        boot()
        from baham.platform.audit.services import Actor
        from baham.platform.ledger import fulltext
        from baham.platform.ledger.load import load
        from baham.platform.ledger.models import Entity
        from baham.platform.ledger.record import captions, read

        path = Path(folder) / "list.jsonl"
        with path.open("w") as file:
            file.writelines(entities(count))
        before = peak()
        start = time.perf_counter()
        done = load(path, "synthetic", Actor("benchmark")).version
        seconds = time.perf_counter() - start
        rate = done.statements / seconds
        print(f"load                {done.entities:>12,} entities {done.statements:>12,} statements")
        print(f"                    {seconds:>12.1f} s {rate:>12,.0f} statements/s")
        print(f"peak memory         {peak():>12,.0f} MB (before the load {before:,.0f} MB)")
        raw = raw_insert(Path(folder) / "raw.sqlite3", done.statements)
        print(f"raw insert          {raw:>12,.0f} rows/s; load / raw = {rate / raw:.2f}")
        start = time.perf_counter()
        path.write_text(path.read_text().replace('"second note 5"', '"another note 5"'))
        changed = load(path, "synthetic", Actor("benchmark")).version
        seconds = time.perf_counter() - start
        print(f"load with 1 change  {seconds:>12.1f} s; {changed.changed} changed, {changed.added} added")
        pick = random.Random(11)
        subjects = [Entity.objects.get(key=f"x-{pick.randrange(count)}") for _ in range(200)]
        p50, p95 = timed(200, lambda turn: read(subjects[turn]))
        print(f"read an entity      p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")
        words = [
            "zarghun",
            "zarghun talband",
            "kohsar",
            "invented entry",
            "61-0000042",
            "talb4",
            "zarghun talb1f family",
            "nothing",
        ]
        p50, p95 = timed(200, lambda turn: captions(fulltext.find(words[turn % len(words)], 31)))
        print(f"search              p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")
        page_times()


def page_times() -> None:
    """The same through the whole stack: session, rights, audit entry, template."""
    from django.test import Client
    from django.test.utils import override_settings

    from baham.platform.accounts.models import RoleGrant, User
    from baham.platform.ledger.models import Entity

    user = User.objects.create_user("benchmark", "a long enough password", full_name="Benchmark")
    RoleGrant.objects.create(user=user, role="analyst", granted_by="benchmark")
    client = Client()
    client.force_login(user)
    session = client.session
    session["purpose"] = {"code": "analysis", "case": "benchmark"}
    session.save()
    last = Entity.objects.order_by("-pk").first().pk
    pick = random.Random(13)
    with override_settings(ALLOWED_HOSTS=["testserver"], REQUIRE_MFA=False):
        for name, address in (
            ("entity page", lambda turn: f"/entity/{pick.randrange(1, last)}/"),
            ("search page", lambda turn: f"/search/?q={pick.choice(GIVEN)}+{pick.choice(FAMILY)}"),
        ):
            assert client.get(address(0)).status_code == 200
            p50, p95 = timed(100, lambda turn, address=address: client.get(address(turn)))
            print(f"{name:19} p50 {p50:6.2f} ms, p95 {p95:6.2f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=1_000_000)
    sys.exit(main(parser.parse_args().entities))
