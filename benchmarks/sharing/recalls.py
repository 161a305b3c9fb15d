"""Recall, an idle sync, and a proof in a long log: `python -m benchmarks.sharing.recalls`.

Ten thousand statements that five partners hold are taken back: the time until here nothing of them leaves, every
partner has its signed notice, and the messages that carried them carry them no more. Then a sync with nothing new,
beside a million statements; and inclusion proofs in a log of a million entries. One process, one core, SQLite.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

STATEMENTS, PARTNERS, LOG = 10_000, 5, 1_000_000
WHY = "An invented reason that is long enough."


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--statements", type=int, default=1_000_000, help="beside which nothing is new")
    million = asked.parse_args().statements
    with tempfile.TemporaryDirectory(prefix="baham-benchmark-") as home:
        os.environ.update(BAHAM_HOME=home, BAHAM_DATABASE_URL="", BAHAM_HOSTS="testserver")
        from baham.platform.boot import boot

        boot()
        recall(Path(home))
        idle(Path(home), million)
        proofs(Path(home))


def recall(home: Path) -> None:
    """Give five partners ten thousand statements, then take them back."""
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.models import Statement
    from baham.platform.release import recalls
    from baham.platform.release.feed import publish
    from baham.platform.release.models import Holding

    partners = [partner(f"partner-{number}") for number in range(PARTNERS)]
    load(home, STATEMENTS, "home-dept")
    start = time.perf_counter()
    for one in partners:
        publish(Actor("benchmark"), one, "screening")
    given = time.perf_counter() - start
    wanted = dict(Statement.objects.values_list("sid", "entity_id"))
    wanted = {bytes(sid).hex(): entity for sid, entity in wanted.items()}
    start = time.perf_counter()
    done = recalls.recall(Actor("benchmark"), wanted, "error", WHY)
    took = time.perf_counter() - start
    assert done.statements == STATEMENTS and len(done.told) == PARTNERS
    assert Holding.objects.filter(state="recalled").count() == STATEMENTS * PARTNERS
    print(f"given {STATEMENTS:,} statements to {PARTNERS} partners: {given:.1f} s")
    print(f"recall of {STATEMENTS:,} statements held by {PARTNERS} partners, local effect: {took:.2f} s (60; aim 5)")


def idle(home: Path, count: int) -> None:
    """A partner that has everything asks what is new: over HTTP in process, and the comparison of heads."""
    from django.test import Client

    from baham.measures.sharing import sync
    from baham.platform.audit.services import Actor
    from baham.platform.release.identity import ours
    from baham.platform.release.partners import add_key, add_partner

    load(home, count, "million")
    twin, secret = add_partner(Actor("b"), "twin", "Twin", "agency", trusted=True, party=ours().party, reason=WHY)
    add_key(Actor("b"), twin, "sign", ours().card()["sign"])
    sync.link(twin, "http://127.0.0.1:1", "twin", secret)
    browser = Client()

    def ask(self: object, address: str, body: bytes | None) -> dict:
        import base64

        basic = "Basic " + base64.b64encode(f"twin:{secret}".encode()).decode()
        return browser.get(f"/{address}", headers={"Authorization": basic}).json()

    sync._Place._ask = ask  # type: ignore[method-assign]
    times = []
    for _ in range(20):
        start = time.perf_counter()
        assert sync.sync(twin, Actor("benchmark")).nothing_new
        times.append(time.perf_counter() - start)
    print(f"sync with nothing new, {count:,} statements: {1000 * sorted(times)[10]:.1f} ms (2 s; aim .1 s)")


def proofs(home: Path) -> None:
    """Proofs in a log of a million, each from files that were just opened."""
    import random

    from baham.kernel.log import leaf_hash, verify_inclusion
    from baham.platform.audit import tree

    folder = home / "log"
    folder.mkdir()
    leaves = [leaf_hash(str(number).encode()) for number in range(LOG)]
    (folder / "leaves").write_bytes(b"".join(leaves))
    start = time.perf_counter()
    tree.extend(folder, LOG)
    built = time.perf_counter() - start
    chance, times = random.Random(7), []
    for _ in range(2_000):
        number = chance.randrange(LOG)
        start = time.perf_counter()
        proof = tree.prove(folder, number, LOG)
        times.append(time.perf_counter() - start)
        assert verify_inclusion(leaves[number], number, LOG, proof.path, proof.root) and len(proof.path) <= 20
    times.sort()
    print(f"inclusion proof in a log of {LOG:,}: p50 {1000 * times[1000]:.2f} ms, p99 {1000 * times[1980]:.2f} ms "
          f"(5 ms; aim 1 ms); its levels built once in {built:.1f} s")  # fmt: skip


def partner(name: str):  # type: ignore[no-untyped-def]
    """A trusted partner with a standing agreement that was signed."""
    from datetime import timedelta

    from django.utils import timezone

    from baham.platform.audit.services import Actor
    from baham.platform.release import agreements
    from baham.platform.release.models import Agreement
    from baham.platform.release.partners import add_partner

    made, _secret = add_partner(Actor("b"), name, name, "agency", trusted=True, reason=WHY)
    agreed = agreements.put_forward(
        Actor("b"), made, purposes=["screening"], fields=None, standing=True, legal_basis="an invented law",
        ends=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    Agreement.objects.filter(pk=agreed.pk).update(approved_by="c", approved_at=timezone.now())
    return made


def load(home: Path, statements: int, name: str) -> None:
    """An invented list of so many statements, four for each entity, marked AMBER and graded."""
    import csv

    from baham.platform.audit.services import Actor
    from baham.platform.ledger.load import load as load_list

    path = home / f"{name}.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "birth_date", "nationality", "notes"])
        for number in range(statements // 4):
            rows.writerow(
                [f"e{number}", f"Invented Name {number}", f"19{number % 90 + 10}-01-02", "sv", f"row {number}"]
            )
    load_list(path, name, Actor("b"), about={"publisher": name, "tlp": 2, "pap": 1, "grade": "B2",
                                             "scheme": "admiralty-6x6"})  # fmt: skip


if __name__ == "__main__":
    main()
