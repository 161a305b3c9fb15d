"""An index of a million subjects against one of fifteen thousand: build, memory, opening, a second process, speed.

Building and screening each run in a process of their own, so that memory is theirs alone. Both indexes hold the public
lists (where they are at hand) filled up with made-up persons, and are asked the same names.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from . import lists, made

SMALL, LARGE = 15_000, 1_000_000
QUERIES = 4_000


def subjects(n: int) -> Iterator[Any]:
    """The public lists, if they are here, then made-up persons: n in all, streamed."""
    real = lists.listed()[:n] if (lists.ROOT / "lists").is_dir() else []
    yield from real
    yield from made.people(n - len(real))


@dataclass(frozen=True, slots=True)
class Scale:
    """What was measured of one index; seconds, megabytes (10^6 bytes), names a second, milliseconds."""

    subjects: int
    names: int
    build_s: float
    making_s: float
    build_peak_mb: float
    folder_mb: float
    open_s: float
    second_private_mb: float
    second_pss_mb: float
    rate: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    singles: int


def measure(n: int, folder: Path, queries: int = QUERIES) -> Scale:
    """Build an index of n subjects in `folder` and measure it, saying on the way what is being done."""
    say(f"{n:,} subjects: building")
    built = _child("build", n, folder, queries)
    say(f"{n:,} subjects: built in {built['build_s']:.0f} s; asking {queries:,} names in a first process")
    first = _start("screen", n, folder, queries)
    asked = _answer(first)
    say(f"{n:,} subjects: {asked['rate']:,.0f} names/s; asking again in a second process while the first one lives")
    second = _child("screen", n, folder, queries)
    assert first.stdin is not None
    first.stdin.close()
    first.wait(timeout=60)
    return Scale(
        n,
        built["names"],
        built["build_s"],
        built["making_s"],
        built["peak_mb"],
        built["folder_mb"],
        max(asked["open_s"], second["open_s"]),
        second["private_mb"],
        second["pss_mb"],
        asked["rate"],
        asked["p50_ms"],
        asked["p95_ms"],
        asked["p99_ms"],
        asked["singles"],
    )


def say(text: str) -> None:
    """A line of progress, on stderr."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def _start(what: str, n: int, folder: Path, queries: int = 0) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "benchmarks.names.scale", what, str(n), str(folder), str(queries)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"benchmarks.names.scale ended with {process.wait()}; what it said is above")
    return dict(json.loads(line))


def _child(what: str, n: int, folder: Path, queries: int = 0) -> dict[str, Any]:
    process = _start(what, n, folder, queries)
    answer = _answer(process)
    assert process.stdin is not None
    process.stdin.close()
    process.wait(timeout=60)
    return answer


def _memory() -> tuple[float, float]:
    """(private, proportional) memory of this process in megabytes; private is what no other process shares now."""
    sizes: dict[str, int] = {}
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]:
        name, value, *_ = line.split()
        sizes[name.rstrip(":")] = int(value)
    return (sizes["Private_Clean"] + sizes["Private_Dirty"]) * 1024 / 1e6, sizes["Pss"] * 1024 / 1e6


def _build(n: int, folder: Path, queries: int) -> dict[str, Any]:
    from baham.engines.names import NameIndex

    # The first fifteen thousand are in both indexes, so both are asked the same names.
    first = list(islice(subjects(SMALL), min(n, SMALL)))
    folder.with_suffix(".asked").write_text(json.dumps(made.queries(queries + 200, first)), encoding="utf-8")
    del first
    begun = time.perf_counter()
    for _ in subjects(n):
        pass
    making = time.perf_counter() - begun

    def stream() -> Iterator[Any]:
        for i, subject in enumerate(subjects(n), start=1):
            yield subject
            if not i % 200_000:
                say(f"  {i:,} subjects read")

    begun = time.perf_counter()
    index = NameIndex.build(stream(), folder)
    took = time.perf_counter() - begun
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {
        "build_s": took,
        "making_s": making,
        "peak_mb": int(peak.split()[1]) * 1024 / 1e6,
        "names": index.counts["names"],
        "folder_mb": size / 1e6,
    }


def _screen(n: int, folder: Path, queries: int) -> tuple[dict[str, Any], object]:
    """What was measured, and the open index: whoever lets go of it unmaps its files, and then another process that
    reads the same pages no longer shares them with anybody, and would be charged for the whole index."""
    import numpy as np

    from baham.engines.names import NameIndex, Query, Subject

    # The library's code, compiled or loaded, is warmed by a small index, so that what is counted is the large one's.
    asked = json.loads(folder.with_suffix(".asked").read_text(encoding="utf-8"))
    warm, singles, batch = asked[:200], asked[200 : 200 + queries // 2], asked[200 + queries // 2 :]
    small = NameIndex.build(
        (Subject(f"warm-{i}", (name,)) for i, name in enumerate(warm)), folder.with_suffix(f".warm-{os.getpid()}")
    )
    small.screen([Query(name) for name in warm])
    small.screen([Query(warm[0])])
    private, pss = _memory()
    begun = time.perf_counter()
    index = NameIndex.open(folder)
    opened = time.perf_counter() - begun
    index.screen([Query(name) for name in warm[:100]])
    for name in warm[100:]:
        index.screen([Query(name)])
    times = []
    for name in singles:
        begun = time.perf_counter()
        index.screen([Query(name, schema="Person")])
        times.append((time.perf_counter() - begun) * 1000)
    begun = time.perf_counter()
    index.screen([Query(name, schema="Person") for name in batch])
    rate = len(batch) / (time.perf_counter() - begun)
    after, after_pss = _memory()
    p50, p95, p99 = (float(np.quantile(times, q)) for q in (0.5, 0.95, 0.99))
    return {
        "open_s": opened,
        "rate": rate,
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "singles": len(singles),
        "private_mb": after - private,
        "pss_mb": after_pss - pss,
    }, index


def main() -> None:
    what, n, folder, queries = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
    if what == "build":
        print(json.dumps(_build(n, folder, queries)), flush=True)
        return
    answer, held = _screen(n, folder, queries)
    print(json.dumps(answer), flush=True)
    # Stay alive with the index open, so that the other process shares its pages, until told to go.
    sys.stdin.read()
    del held


if __name__ == "__main__":
    main()
