"""What others wait while fifty connections send a byte a second: `python -m benchmarks.slow [--requests N] [--slow N]`.

Serves an installation of its own with an invented list, asks it as a program and as a browser, first alone and then
with the slow ones there. Half of those bear the program's key, so that their bodies are waited for; whoever is ended
comes again. Prints p50 and p99 of each. Exit code 1 where a p99 with them is more than three times that without, and
more than 50 ms.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PLACE = "127.0.0.1"
ASKED = json.dumps({"queries": {"q": {"schema": "Person", "properties": {"name": ["Zarghun Talband"]}}}})
_MOST, _LEAST = 3.0, 0.050


def main(requests: int, slow: int) -> int:
    with tempfile.TemporaryDirectory(prefix="baham-benchmark-") as home, served(Path(home)) as (port, key):
        asks = {"a program's match": lambda: match(port, key), "the page for signing in": lambda: page(port)}
        alone = {name: measured(ask, requests) for name, ask in asks.items()}
        with slow_ones(port, key, slow) as ended:
            beside = {name: measured(ask, requests) for name, ask in asks.items()}
        print(f"{slow} slow connections, of which {ended[0]} were ended meanwhile and came again")
        return max(told(name, alone[name], beside[name]) for name in asks)


def told(name: str, alone: list[float], beside: list[float]) -> int:
    rows = [(statistics.median(one), statistics.quantiles(one, n=100)[98]) for one in (alone, beside)]
    words = (
        f"{label}: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms"
        for label, (p50, p99) in zip(("alone", "with the slow ones"), rows, strict=True)
    )
    print(f"{name}: {'; '.join(words)}")
    return int(rows[1][1] > max(_MOST * rows[0][1], _LEAST))


def measured(ask: Callable[[], int], requests: int) -> list[float]:
    """How long each of so many took, in seconds, one after the other; each has to be answered with 200."""
    for _ in range(5):
        ask()
    found = []
    for _ in range(requests):
        begun = time.perf_counter()
        status = ask()
        found.append(time.perf_counter() - begun)
        if status != 200:
            raise SystemExit(f"answered with {status}")
    return found


def match(port: int, key: str) -> int:
    head = {"Authorization": f"ApiKey {key}", "Content-Type": "application/json"}
    return _asked(port, "POST", "/yente/match/default", ASKED, head)


def page(port: int) -> int:
    return _asked(port, "GET", "/accounts/login/", None, {})


def _asked(port: int, method: str, path: str, body: str | None, head: dict[str, str]) -> int:
    line = http.client.HTTPConnection(PLACE, port, timeout=60)
    try:
        line.request(method, path, body, head)
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


@contextmanager
def slow_ones(port: int, key: str, count: int) -> Iterator[list[int]]:
    """So many connections that send one byte of their bodies a second, as long as it lasts; how many were ended."""
    over, ended = threading.Event(), [0]

    def send(number: int) -> None:
        while not over.is_set():
            try:
                with socket.create_connection((PLACE, port), timeout=60) as line:
                    known = f"Authorization: ApiKey {key}\r\n" if number % 2 else ""
                    begins = f"POST /yente/match/default HTTP/1.1\r\nHost: {PLACE}\r\n{known}"
                    line.sendall(f"{begins}Content-Length: 100000\r\n\r\n".encode())
                    while not over.wait(1):
                        line.sendall(b"{")
            except OSError:
                ended[0] += 1

    threads = [threading.Thread(target=send, args=[number], daemon=True) for number in range(count)]
    for one in threads:
        one.start()
    time.sleep(2)
    yield ended
    over.set()
    for one in threads:
        one.join()


@contextmanager
def served(home: Path) -> Iterator[tuple[int, str]]:
    """A served installation with a list; its port, and the key of a program."""
    environment = {**os.environ, "BAHAM_HOME": str(home), "BAHAM_DATABASE_URL": ""}

    def baham(*words: str) -> str:
        done = subprocess.run([sys.executable, "-m", "baham", *words], env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr)
        return done.stdout.strip()

    listed = home / "list.csv"
    listed.write_text("id,name\n" + "".join(f"k-{n},Zarghun Talband{n}\n" for n in range(2_000)))
    baham("sources", "load", str(listed), "--name", "invented")
    key = baham("clients", "add", "bench", "--organisation", "Bench", "--rate", "100000", "--reason", "to measure with")
    with socket.create_server((PLACE, 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "baham", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            if server.poll() is not None:
                raise SystemExit("it does not serve")
            try:
                if _asked(port, "GET", "/healthz", None, {}) == 200:
                    break
            except OSError:
                time.sleep(0.2)
        yield port, key
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--slow", type=int, default=50)
    given = parser.parse_args()
    sys.exit(main(given.requests, given.slow))
