"""TAXII: taking objects in and giving them out, beside medallion: `python -m benchmarks.sharing.taxii [--million]`.

Each server runs in a process of its own pinned to the first core: Baham by `baham serve` with its usual settings on
SQLite, medallion (OASIS's reference server) with its memory backend as its command starts it. This process is the
client of both, pinned to the last core, over one connection on loopback. Ten thousand objects are posted in portions of
500 and read back in pages of 1,000. To Baham they are posted ROUNDS times, each time to a server just started over an
empty collection, and a portion counts with its mean: a tenth is two portions, and now and then one of them waits for
SQLite to write its log back. With --million the last collection is then filled to a million, and pages and single
objects are read from it. What medallion does not answer within CAP seconds is said so. Run it alone.
"""

import argparse
import base64
import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

OBJECTS, PORTION, PAGE, CAP = 10_000, 500, 1_000, 50.0
POSTED, FLAT, GOT, SLOWEST = 5_000, 0.9, 10_000, 0.5
"""The marks: objects a second posted, the last tenth against the first, objects a second read, seconds for a page."""
MILLION, SINGLES = 1_000_000, 2_000
SETTLE = 8.0
"""Seconds after which the worker that `baham serve` starts beside it has started; it shares the core."""
MEDIA = "application/taxii+json;version=2.1"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
ROUNDS = 8
_SECRETS = "benchmark-secrets"
GREEN = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"


def indicator(number: int) -> dict[str, Any]:
    """An invented indicator of some 700 bytes."""
    key = uuid.UUID(int=random.Random(number).getrandbits(128))
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{key}",
        "created_by_ref": "identity--8c1e2f5a-4f7e-4f43-9f0d-000000000001",
        "created": "2026-05-01T00:00:00.000Z",
        "modified": "2026-05-01T00:00:00.000Z",
        "name": f"An invented shop, number {number}",
        "description": "Sells lanterns. " * 8,
        "indicator_types": ["benign"],
        "pattern_type": "stix",
        "pattern": f"[url:value = 'https://shop-{number}.example.org/']",
        "valid_from": "2026-05-01T00:00:00Z",
        "object_marking_refs": [GREEN],
    }


def portions(first: int, count: int) -> Iterator[bytes]:
    """Envelopes of PORTION objects."""
    for start in range(first, first + count, PORTION):
        yield json.dumps({"objects": [indicator(n) for n in range(start, start + PORTION)]}).encode()


class Server:
    """One connection to a TAXII server, and the address of the collection."""

    def __init__(self, port: int, prefix: str, user: str, password: str) -> None:
        self.base = f"{prefix}/collections/{COLLECTION}/"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=CAP)
        login = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.headers = {"Accept": MEDIA, "Content-Type": MEDIA, "Authorization": f"Basic {login}"}

    def ask(self, method: str, address: str, body: bytes | None = None) -> tuple[float, bytes]:
        """The seconds that one request took, and the answer."""
        start = time.perf_counter()
        try:
            answer = self._sent(method, address, body)
        except http.client.RemoteDisconnected:  # a connection that nobody used for a while
            start = time.perf_counter()
            answer = self._sent(method, address, body)
        said = answer.read()
        taken = time.perf_counter() - start
        if answer.status not in (200, 202):
            raise RuntimeError(f"{method} {address}: {answer.status} {said[:300]!r}")
        return taken, said

    def _sent(self, method: str, address: str, body: bytes | None) -> http.client.HTTPResponse:
        self.connection.request(method, f"{self.base}{address}", body, self.headers)
        return self.connection.getresponse()


def post(server: Server, first: int, count: int) -> Iterator[float]:
    """The seconds that each portion took, as they are measured."""
    for body in portions(first, count):
        yield server.ask("POST", "objects/", body)[0]


def read(server: Server, most: int) -> Iterator[float]:
    """The seconds that each page took, up to `most` objects, following `next`, as they are measured."""
    got, following = 0, ""
    while got < most:
        seconds, said = server.ask("GET", f"objects/?limit={PAGE}{following}")
        yield seconds
        page = json.loads(said)
        got += len(page["objects"])
        if not page["more"]:
            break
        following = f"&next={page['next']}"


def singles(server: Server, among: int) -> list[float]:
    """The seconds that single objects took, by ids drawn at random."""
    pick = random.Random(7)
    ids = [indicator(pick.randrange(among))["id"] for _ in range(SINGLES)]
    return [server.ask("GET", f"objects/{one}/")[0] for one in ids]


@contextmanager
def started(command: list[str], port: int, core: int, environment: dict[str, str]) -> Iterator[None]:
    """A server on one core, from when it listens."""
    server = subprocess.Popen(
        ["taskset", "-c", str(core), *command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def serving(home: Path, core: int, environment: dict[str, str]) -> Iterator[tuple[Server, Server]]:
    """Baham over a prepared folder: for whom posts there, and for whom reads."""
    port = free_port()
    command = [sys.executable, "-m", "baham", "serve", "--port", str(port)]
    with started(command, port, core, {**environment, "BAHAM_HOME": str(home)}):
        writing, reading = (
            Server(port, "/taxii2/bench", name, secret)
            for name, secret in zip(("writer", "reader"), (home / _SECRETS).read_text().split(" "), strict=True)
        )
        reading.ask("GET", "")
        time.sleep(SETTLE)
        yield writing, reading


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare_baham(home: Path) -> str:
    """A partner who may read and post, as people make it; its secret. Two people sign what it may have."""
    os.environ["BAHAM_HOME"] = str(home)
    from baham.platform.boot import boot

    boot()
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from baham.kernel.handling import TLP
    from baham.measures.sharing.taxii import arrange
    from baham.platform.audit.services import Actor
    from baham.platform.release.models import Agreement
    from baham.platform.release.partners import add_partner

    actor = Actor("benchmark")
    secrets = []
    for name in ("writer", "reader"):
        partner, secret = add_partner(
            actor,
            name,
            f"Bureau {name}",
            "agency",
            trusted=True,
            rate=10_000_000,
            reason="A partner for measuring, made by the benchmark.",
        )
        Agreement.objects.create(
            partner=partner,
            purposes=["screening"],
            fields=None,
            tlp=TLP.AMBER,
            standing=True,
            legal_basis="Benchmark",
            made_by="one",
            approved_by="two",
            approved_at=timezone.now(),
            ends=timezone.now() + timedelta(days=1),
        )
        secrets.append(secret)
        if name == "writer":
            root = arrange.add_root(actor, "bench", "Benchmark")
            made = arrange.add_collection(actor, root, "Invented shops", moderated=False, number=uuid.UUID(COLLECTION))
        arrange.give_access(actor, made, partner, can_read=True, can_write=name == "writer")
    connection.close()
    return " ".join(secrets)


def prepare_medallion(folder: Path) -> Path:
    """medallion's configuration with one empty collection."""
    root = {
        "information": {"title": "Benchmark", "versions": [MEDIA], "max_content_length": 100_000_000},
        "status": [],
        "collections": [
            {
                "id": COLLECTION,
                "title": "Invented shops",
                "can_read": True,
                "can_write": True,
                "media_types": ["application/stix+json;version=2.1"],
                "objects": [],
                "manifest": [],
            }
        ],
    }
    data = folder / "data.json"
    data.write_text(json.dumps({"/discovery": {"title": "x", "api_roots": []}, "bench": root}))
    config = folder / "config.json"
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend"}
    config.write_text(
        json.dumps(
            {
                "backend": {**backend, "filename": str(data)},
                "users": {"bench": "bench"},
                "taxii": {"max_page_size": PAGE},
            }
        )
    )
    return config


@dataclass
class Measured:
    """What was measured, `whole` or until the server did not answer within CAP seconds."""

    seconds: list[float]
    whole: bool = True


def measured(act: Iterator[float]) -> Measured:
    """What an act took, as far as it came."""
    found = Measured([])
    try:
        for one in act:
            found.seconds.append(one)
    except (TimeoutError, OSError):
        found.whole = False
    return found


def rate(found: Measured, each: int) -> str:
    if not found.seconds:
        return f"none in {CAP:.0f} s"
    text = f"{each * len(found.seconds) / sum(found.seconds):,.0f}/s"
    return text if found.whole else f"{text}, then none"


def tenths(seconds: list[float]) -> str:
    """The rate of the last tenth over that of the first."""
    if not seconds:
        return "-"
    tenth = max(len(seconds) // 10, 1)
    return f"{sum(seconds[:tenth]) / sum(seconds[-tenth:]):.2f}"


def part(seconds: list[float], share: float) -> float:
    """A quantile in milliseconds."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1e3


def times(ours: list[float], theirs: Measured, each: int) -> str:
    """How many times as fast; of a server that stopped answering, at least so many, by what it did in CAP seconds."""
    per_second = len(ours) / sum(ours)
    if theirs.whole:
        return f"{per_second / (len(theirs.seconds) / sum(theirs.seconds)):.1f}"
    return f"> {per_second / ((len(theirs.seconds) + 1) / (sum(theirs.seconds) + CAP)):,.0f}"


def beside(ours: list[float], theirs: Measured | None, each: int) -> tuple[str, str]:
    """The peer's rate, and how many times as fast ours is; neither where it was left out."""
    return (rate(theirs, each), times(ours, theirs, each)) if theirs else ("-", "-")


def missed(what: str, posted: list[float], pages: list[float]) -> list[str]:
    """Which marks were not reached, in words."""
    found = []
    if posted:
        per_second = PORTION * len(posted) / sum(posted)
        tenth = max(len(posted) // 10, 1)
        flat = sum(posted[:tenth]) / sum(posted[-tenth:])
        found += [f"{what}: {per_second:,.0f} objects/s posted, of {POSTED:,}"] * (per_second < POSTED)
        found += [f"{what}: last tenth / first {flat:.2f}, of {FLAT}"] * (flat < FLAT)
    per_second = PAGE * len(pages) / sum(pages)
    found += [f"{what}: {per_second:,.0f} objects/s read, of {GOT:,}"] * (per_second < GOT)
    return found + [f"{what}: a page of {max(pages):.2f} s, of {SLOWEST}"] * (max(pages) > SLOWEST)


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m benchmarks.sharing.taxii", description=__doc__)
    options.add_argument("--million", action="store_true", help="fill the collection to a million and read from it")
    options.add_argument("--alone", action="store_true", help="leave medallion out")
    options.add_argument(
        "--home", type=Path, help="keep Baham's data here; what a run with --million left is read again"
    )
    given = options.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BAHAM_", "DJANGO_"))}
    lines: list[tuple[str, str, str, str]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        posted_there = read_there = None
        if not given.alone:
            port = free_port()
            command = [sys.executable, "-W", "ignore", "-m", "medallion.scripts.run", "--port", str(port)]
            with started([*command, str(prepare_medallion(folder))], port, cores[0], environment):
                server = Server(port, "/bench", "bench", "bench")
                posted_there = measured(post(server, 0, OBJECTS))
                read_there = measured(read(server, OBJECTS))
        home = given.home or folder / "home"
        kept = home / _SECRETS
        again = kept.exists()
        if not again:
            home.mkdir(parents=True, exist_ok=True)
            kept.write_text(prepare_baham(home))
        rounds = []
        for number in range(0 if again else ROUNDS - 1):
            copy = shutil.copytree(home, folder / f"home-{number}")
            with serving(copy, cores[0], environment) as (writing, _reading):
                rounds.append(list(post(writing, 0, OBJECTS)))
            shutil.rmtree(copy)
        with serving(home, cores[0], environment) as (writing, reading):
            if not again:
                rounds.append(list(post(writing, 0, OBJECTS)))
            posted = list(map(mean, zip(*rounds, strict=True)))
            pages = list(read(reading, OBJECTS))
            short = missed("10,000", posted, pages)
            lines += (
                []
                if again
                else [
                    ("POST 10,000 in 500s", rate(Measured(posted), PORTION), *beside(posted, posted_there, PORTION)),
                    ("  last tenth / first", tenths(posted), tenths(posted_there.seconds) if posted_there else "-", ""),
                    ("GET pages of 1,000", rate(Measured(pages), PAGE), *beside(pages, read_there, PAGE)),
                ]
            )
            if given.million:
                more = [] if again else list(post(writing, OBJECTS, MILLION - OBJECTS))
                last = list(read(reading, OBJECTS * 5))
                short += missed("1,000,000", more, last)
                one = singles(reading, MILLION)
                lines += (
                    []
                    if again
                    else [
                        ("POST to 1,000,000", rate(Measured(more), PORTION), "", ""),
                        ("  last tenth / first", tenths(more), "", ""),
                    ]
                )
                lines += [
                    ("GET pages at 1,000,000", rate(Measured(last), PAGE), "", ""),
                    ("one object at 1,000,000, p50", f"{part(one, 0.5):.1f} ms", "", ""),
                    ("one object at 1,000,000, p99", f"{part(one, 0.99):.1f} ms", "", ""),
                ]
    print(f"{'':32}{'Baham':>16}{'medallion':>20}{'times':>12}")
    for line in lines:
        print(f"{line[0]:32}{line[1]:>16}{line[2]:>20}{line[3]:>12}")
    print("\n".join(["marks NOT reached:", *short]) if short else "every mark is reached")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
