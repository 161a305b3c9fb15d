"""The private overlap check beside openmined-psi, in one run on one core: `python -m benchmarks.sharing.overlap`.

A holder of 100,000 keys, an asker of 10,000, 500 in common. Each turn is a process of its own, pinned to the same core,
Baham and the peer in turns; printed is the fastest turn of each, as whatever else runs on the machine only
slows. The peer (`make peers`) is run by its own interpreter.
Both find exactly the 500, or the run ends with 1.

Online are request, answer and finish: all that is computed from the moment at which it is known whom to ask about.
`ready` is what `baham overlap ready` does before: the pads, made and kept in files; `request` takes them out of the
files and destroys them there, as `baham overlap ask` does. Whoever has made none ready waits for both: that is the
second figure, `all`. The peer has no such step. What is compared is not quite alike: Baham's answer is checked, its
request padded (to 10,240 places) and committed to; the peer is honest-but-curious. The peer bounds false hits at 1e-9
for a whole request, Baham at 2.4e-10 for each key. `--profile` tells where the time goes.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PEER = Path(os.environ.get("BAHAM_PEERS", Path(__file__).resolve().parents[2] / ".venv-peers" / "bin" / "python"))
STEPS = ("setup", "ready", "request", "answer", "finish")
ONLINE = STEPS[2:]
SHARED = 500
MARK = 2.5
"""Seconds for request, answer and finish together."""


def keys(held: int, asked: int) -> tuple[list[bytes], list[bytes]]:
    """Made-up compound keys of both sides; they share SHARED."""
    name = "n|{}+{}|{}".format
    ours = [name(f"p{n % 9973}", f"q{n}", 1930 + n % 80).encode() for n in range(held)]
    return ours, ours[:SHARED] + [name("x", f"y{n}", 1930 + n % 80).encode() for n in range(asked - SHARED)]


def peak() -> float:
    """The most memory that this process had, in MB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def baham(held: list[bytes], asked: list[bytes], threads: int) -> dict[str, Any]:
    """One turn of Baham: seconds by step, bytes of each message, hits, memory."""
    from baham.engines.overlap import batch, group, oprf, setup
    from baham.measures.sharing.overlap import pads

    group.random_scalars(1)
    started = peak()
    timed = _Timed()
    secret, public = oprf.derive_key(os.urandom(32))
    offer = timed("setup", lambda: setup.write(oprf.outputs(secret, held, threads)))
    with tempfile.TemporaryDirectory(prefix="baham-benchmark-") as home:
        at = Path(home)
        timed("ready", lambda: pads.make(at, "holder", public, len(asked), threads))

        def request() -> tuple[Any, bytes]:
            ahead = pads.take(at, "holder", public, len(asked), threads)
            return _committed(batch.ask([(key, "C-1") for key in asked], public, threads, ahead))

        state, root = timed("request", request)

    def answer() -> tuple[bytes, bytes]:
        group.check(state.elements)  # as the holder does before it charges
        return batch.answer(secret, public, state.elements, threads)

    response, proof = timed("answer", answer)

    def finish() -> int:
        found = batch.finish(state, public, response, proof, threads)
        filter_ = setup.read(offer, setup.bucket(len(held)))
        return sum(filter_.find([output for _, output in found]))

    hits = timed("finish", finish)
    sizes = [len(offer), len(state.elements) + len(root), len(response) + len(proof)]
    return {
        "seconds": timed.seconds,
        "processor": timed.processor,
        "bytes": sizes,
        "hits": hits,
        "memory": [started, peak()],
    }


def _committed(state: Any) -> tuple[Any, bytes]:
    return state, state.commitment


def peer(held: list[bytes], asked: list[bytes]) -> dict[str, Any]:
    """One turn of openmined-psi, as its documentation has it."""
    import private_set_intersection.python as psi

    ours, theirs = [key.decode() for key in held], [key.decode() for key in asked]
    started = peak()
    timed = _Timed()
    server = psi.server.CreateWithNewKey(True)
    client = psi.client.CreateWithNewKey(True)
    offer = timed(
        "setup",
        lambda: server.CreateSetupMessage(1e-9, len(theirs), ours, psi.DataStructure.GCS).SerializeToString(),
    )
    request = timed("request", lambda: client.CreateRequest(theirs).SerializeToString())

    def answer() -> bytes:
        came = psi.Request()
        came.ParseFromString(request)
        return server.ProcessRequest(came).SerializeToString()

    response = timed("answer", answer)

    def finish() -> int:
        setup, came = psi.ServerSetup(), psi.Response()
        setup.ParseFromString(offer)
        came.ParseFromString(response)
        return len(client.GetIntersection(setup, came))

    hits = timed("finish", finish)
    sizes = [len(offer), len(request), len(response)]
    return {
        "seconds": timed.seconds,
        "processor": timed.processor,
        "bytes": sizes,
        "hits": hits,
        "memory": [started, peak()],
    }


class _Timed:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    def __call__(self, step: str, work: Callable[[], Any]) -> Any:
        start, busy = time.perf_counter(), time.process_time()
        made = work()
        self.seconds[step] = time.perf_counter() - start
        self.processor[step] = time.process_time() - busy
        return made


def turn(who: str, given: argparse.Namespace, core: int) -> dict[str, Any]:
    """One turn in a process of its own, pinned to a core (Baham with --threads above 1: not pinned)."""
    interpreter = str(PEER) if who == "peer" else sys.executable
    sizes = ["--held", str(given.held), "--asked", str(given.asked), "--threads", str(given.threads)]
    words = [interpreter, "-m", "benchmarks.sharing.overlap", "--turn", who, *sizes]
    free = who == "baham" and given.threads > 1
    pin = (lambda: os.sched_setaffinity(0, {core})) if hasattr(os, "sched_setaffinity") and not free else None
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, preexec_fn=pin)
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    if made["hits"] != SHARED:
        raise SystemExit(f"{who} found {made['hits']} of {SHARED}")
    return made


def profile(many: int = 2_000) -> None:
    """What one operation of the group takes here, and what a key should take by that."""
    from baham.engines.overlap import batch, group, oprf

    scalars, uniform = group.random_scalars(many), os.urandom(64 * many)
    elements = group.from_uniform(uniform)
    inputs = [b"n|p%d+q|1980" % n for n in range(many)]
    works: dict[str, Callable[[], object]] = {
        "multiplication": lambda: group.multiply(scalars, elements),
        "of the generator": lambda: group.multiply_base(scalars),
        "map to the group": lambda: group.from_uniform(uniform),
        "addition": lambda: group.add_each(elements, elements),
        "hash of an input": lambda: [oprf.expand_message(one, b"tag") for one in inputs],
        "hash of an output": lambda: oprf.outputs_of(inputs, elements),
    }
    costs = {}
    for name, work in works.items():
        start = time.perf_counter()
        work()
        costs[name] = (time.perf_counter() - start) / many * 1e6
        print(f"  {name:<20}{costs[name]:>8.1f} µs")
    rest = sum(costs[name] for name in ("map to the group", "hash of an input", "hash of an output"))
    # Each check adds every key twice (before it is sent and when it has come back), and its buckets.
    additions = 2 + 2 * batch.CHECKS * (1 + 2 * 2**batch.BITS / 10_000)
    online = costs["multiplication"] + additions * costs["addition"] + rest
    print(f"  a key online: 1 multiplication, {additions:.1f} additions, the rest {rest:.0f} µs: {online:.0f} µs")
    print(f"  a key before: {costs['multiplication'] + costs['of the generator']:.0f} µs")


def table(results: dict[str, list[dict[str, Any]]]) -> float:
    """Print the turn of each side that was fastest online, and the medians; Baham's seconds online."""
    heads = "".join(f"{step + ' s':>11}" for step in (*STEPS, "online", "all"))
    print(f"{'':<16}{heads}  {'bytes (setup, request, answer)':<34}MB")
    online = {}
    for who, turns in results.items():
        totals = [sum(one["seconds"][step] for step in ONLINE) for one in turns]
        best = turns[totals.index(min(totals))]
        online[who] = min(totals)
        shown = "".join(f"{best['seconds'].get(step, 0.0):>11.2f}" for step in STEPS) + f"{min(totals):>11.2f}"
        shown += f"{min(totals) + best['seconds'].get('ready', 0.0):>11.2f}"
        sizes = " ".join(f"{size:,}" for size in best["bytes"])
        memory = max(one["memory"][1] for one in turns)
        print(f"{who:<16}{shown}  {sizes:<34}{memory:.0f}   (median online {statistics.median(totals):.2f})")
        busy = [sum(one["processor"][step] for step in ONLINE) for one in turns]
        print(f"{'  processor time':<16}{'':>55}{min(busy):>11.2f}")
    ours = online["baham"]
    if "openmined-psi" in online:
        print(f"online, Baham to the peer: {ours / online['openmined-psi']:.2f}")
    ready = min(one["seconds"]["ready"] for one in results["baham"])
    for what, took in (("pads made ready before", ours), ("no pads made ready", ours + ready)):
        print(f"mark, {what}: {took:.2f} s of at most {MARK} s: {'reached' if took <= MARK else 'NOT reached'}")
    return ours


def main() -> int:
    """The whole run, or (for itself) one turn of one side."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.sharing.overlap", description=__doc__)
    options.add_argument("--held", type=int, default=100_000)
    options.add_argument("--asked", type=int, default=10_000)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--threads", type=int, default=1, help="threads of Baham; the figure reported is that of one")
    options.add_argument("--ours-only", action="store_true", help="without the peer")
    options.add_argument("--profile", action="store_true", help="only what one operation of the group takes")
    options.add_argument("--turn", choices=["baham", "peer"], help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.turn:
        held, asked = keys(given.held, given.asked)
        print(json.dumps(baham(held, asked, given.threads) if given.turn == "baham" else peer(held, asked)))
        return 0
    core = max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    if given.profile:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {core})
        profile()
        return 0
    if not given.ours_only and not PEER.exists():
        raise SystemExit(f"openmined-psi is not installed at {PEER}: make peers (or --ours-only)")
    print(
        f"{given.held:,} held, {given.asked:,} asked, {SHARED} in common; {given.turns} turns, core {core}, "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )
    results: dict[str, list[dict[str, Any]]] = {"baham": [], **({} if given.ours_only else {"openmined-psi": []})}
    for _ in range(given.turns):
        for who in results:
            results[who].append(turn("peer" if who != "baham" else "baham", given, core))
    return 0 if table(results) <= MARK else 1


if __name__ == "__main__":
    sys.exit(main())
