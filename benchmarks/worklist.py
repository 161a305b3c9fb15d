"""The work list and a matter's page with many open matters: `python -m benchmarks.worklist [--open N]`.

Prepares the demonstration world in a folder of its own, puts real hits on respelled names before the reviewers until so
many are open, and asks for the pages in process, through the whole stack. Prints p50 and p95 and the number of queries.
"""

import argparse
import os
import random
import tempfile
import time
from datetime import timedelta
from pathlib import Path


def main(wanted: int) -> None:
    with tempfile.TemporaryDirectory(prefix="baham-benchmark-") as home:
        os.environ.update(BAHAM_HOME=home, BAHAM_DEMO="1", BAHAM_DATABASE_URL="", BAHAM_HOSTS="testserver")
        from baham.demo.prepare import prepare

        prepare(Path(home), lambda line: None)
        fill(wanted)
        for path in pages():
            measure(path)


def fill(wanted: int) -> None:
    """Hits of the engine on entries of the world, asked about in other spellings, until so many matters are open."""
    from django.db import transaction
    from django.utils import timezone

    from baham.demo.names import respelled
    from baham.engines.names import Query
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.models import Entity
    from baham.platform.review.models import Item
    from baham.platform.review.services import propose
    from baham.platform.screening.services import evidence_as_json, screen

    chance = random.Random(5)
    people = list(Entity.objects.filter(current=True, dataset__screened=True, schema="Person").order_by("pk"))
    there = Item.objects.filter(outcome="").count()
    with transaction.atomic():
        while there < wanted:
            asked = {
                "name": respelled(chance.choice(people).caption, chance),
                "birth_date": f"{chance.randint(1950, 2000)}",
            }
            for found in screen([Query(**asked)], limit=1)[0]:
                propose(
                    "match",
                    "",
                    proposed_by=Actor("korband"),
                    proposal={**asked, "verdict": found.hit.verdict},
                    evidence=[evidence_as_json(one) for one in found.hit.evidence],
                    entity=found.entity,
                    asker="Daryab Commercial Bank",
                    due_at=timezone.now() + timedelta(hours=chance.randint(-40, 140)),
                )
                there += 1
    print(f"{there} matters are open")


def pages() -> list[str]:
    from baham.platform.review.models import Item

    matter = Item.objects.filter(outcome="", kind="match").order_by("pk")[200].pk
    return ["/review/", "/review/?mine=1&sort=subject", "/review/?page=7", f"/review/{matter}/", "/"]


def measure(path: str, turns: int = 60) -> None:
    """One page, asked for again and again by the same reviewer."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from baham.platform.accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username="noor"))
    session = client.session
    session["purpose"] = {"code": "review", "case": "benchmark"}
    session.save()
    for _ in range(3):
        assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    queries = len(asked)  # the next request forgets them
    taken = []
    for _ in range(turns):
        start = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - start) * 1e3)
    taken.sort()
    p50, p95 = taken[turns // 2], taken[int(turns * 0.95) - 1]
    print(f"{path:32} p50 {p50:5.0f} ms  p95 {p95:5.0f} ms  {queries:3} queries")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=500)
    main(parser.parse_args().open)
