"""Recall, an idle sync, and a proof in a long log: `python -m benchmarks.sharing.recalls`.

Ten thousand statements that five partners hold are taken back: the time until here nothing of them leaves, every
partner has its signed notice, and the messages that carried them carry them no more. Then a sync with nothing new over
HTTP on loopback, after a million statements said each way; and inclusion proofs in a log of a million entries. One
core, SQLite.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

STATEMENTS, PARTNERS, LOG = 10_000, 5, 1_000_000
WHY = "An invented reason that is long enough."


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--statements", type=int, default=1_000_000, help="beside which nothing is new")
    million = asked.parse_args().statements
    with tempfile.TemporaryDirectory(prefix="baham-benchmark-") as home:
        os.environ.update(BAHAM_HOME=home, BAHAM_DATABASE_URL="")
        from baham.platform.boot import boot

        boot()
        reached = [recall(Path(home)), idle(Path(home), million), proofs(Path(home))]
    return 0 if all(reached) else 1


def recall(home: Path) -> bool:
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
    return took <= 60


def idle(home: Path, count: int) -> bool:
    """A partner that was said everything, and said as much to us, asks what is new: the comparison of heads, over HTTP
    from a `baham serve` on the same core."""
    from baham.measures.sharing import sync
    from baham.platform.audit.services import Actor
    from baham.platform.release import channel
    from baham.platform.release.feed import publish
    from baham.platform.release.identity import ours
    from baham.platform.release.partners import add_key

    load(home, count, "million")
    twin, secret = agreed_with("twin", party=ours().party)
    add_key(Actor("b"), twin, "sign", ours().card()["sign"])
    start = time.perf_counter()
    said, _ended = publish(Actor("b"), twin, "screening")
    given = time.perf_counter() - start
    for one in channel.messages(twin):
        held = json.loads(one.envelope)
        channel.heard(twin, one.kind, held["envelope"])
    messages = channel.head(twin).size
    assert said >= count and channel.head(twin, channel.IN).size == messages > 0
    times = []
    with served() as address:
        sync.link(twin, address, "twin", secret)
        for _ in range(20):
            start = time.perf_counter()
            assert sync.sync(twin, Actor("benchmark")).nothing_new
            times.append(time.perf_counter() - start)
    took = sorted(times)[10]
    print(
        f"sync with nothing new, {said:,} statements said in {messages:,} messages each way (in {given:.0f} s): "
        f"{1000 * took:.1f} ms over HTTP, the slowest of 20 {1000 * max(times):.1f} ms (2 s; aim .1 s)"
    )
    return took <= 2


@contextmanager
def served() -> Iterator[str]:
    """The address of a `baham serve` over this benchmark's data."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "baham", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "BAHAM_HOSTS": "127.0.0.1"},
    )
    try:
        for _ in range(300):
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def proofs(home: Path) -> bool:
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
    print(
        f"inclusion proof in a log of {LOG:,}: p50 {1000 * times[1000]:.2f} ms, p99 {1000 * times[1980]:.2f} ms "
        f"(5 ms; aim 1 ms); its levels built once in {built:.1f} s"
    )
    return times[1980] <= 0.005


def partner(name: str):  # type: ignore[no-untyped-def]
    """A trusted partner with a standing agreement that was signed."""
    return agreed_with(name)[0]


def agreed_with(name: str, **more):  # type: ignore[no-untyped-def]
    """The same, with its secret."""
    from datetime import timedelta

    from django.utils import timezone

    from baham.platform.audit.services import Actor
    from baham.platform.release import agreements
    from baham.platform.release.models import Agreement
    from baham.platform.release.partners import add_partner

    made, secret = add_partner(Actor("b"), name, name, "agency", trusted=True, reason=WHY, **more)
    agreed = agreements.put_forward(
        Actor("b"),
        made,
        purposes=["screening"],
        fields=None,
        standing=True,
        legal_basis="an invented law",
        ends=timezone.now() + timedelta(days=9),
    )
    Agreement.objects.filter(pk=agreed.pk).update(approved_by="c", approved_at=timezone.now())
    return made, secret


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
    load_list(
        path, name, Actor("b"), about={"publisher": name, "tlp": 2, "pap": 1, "grade": "B2", "scheme": "admiralty-6x6"}
    )


if __name__ == "__main__":
    sys.exit(main())
