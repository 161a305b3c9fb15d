"""A file of names on one core and on several: `python -m benchmarks.cores [--subjects N] [--names N …] [--jobs N …]`.

Runs `baham screen` as its users do, start to end, with each number of processes in turn, over made-up persons: nineteen
strangers to each name of a listed person in another spelling. Holds the results together byte for byte, and prints of
the fastest turn of each: seconds, names a second, and the ratio to the first. Run it alone and not pinned to one core.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .names import made

STRANGERS = 19


def write_list(path: Path, count: int) -> None:
    """Made-up persons as a list in FtM JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for one in made.people(count):
            entity = {"id": one.id, "schema": one.schema, "properties": {"name": list(one.names)}}
            file.write(json.dumps(entity, ensure_ascii=False) + "\n")


def write_names(path: Path, count: int, listed: int) -> None:
    """A file of names to be screened; those of listed persons as somebody else may spell them."""
    persons = list(made.people(listed))
    like_listed = iter(made.queries(count // (STRANGERS + 1) * 2 + 2, persons))
    strangers = made.people(count, seed=77)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "name"))
        for number in range(count):
            name = next(like_listed) if number % (STRANGERS + 1) == 0 else next(strangers).names[0]
            writer.writerow((number, name))


def baham(home: Path, *words: object) -> float:
    """The seconds that a command took."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "baham", *map(str, words)]
    subprocess.run(command, env={**os.environ, "BAHAM_HOME": str(home)}, check=True)
    return time.perf_counter() - start


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.cores", description=__doc__)
    options.add_argument("--subjects", type=int, default=15_000)
    options.add_argument("--names", type=int, nargs="+", default=[100_000])
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--turns", type=int, default=3)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, names, out = Path(folder) / "home", Path(folder) / "names.csv", Path(folder) / "out.jsonl"
        write_list(Path(folder) / "list.jsonl", given.subjects)
        baham(home, "sources", "load", Path(folder) / "list.jsonl", "--name", "made-up")
        write_names(names, 600, given.subjects)
        baham(home, "screen", names, "--out", out, "--jobs", max(given.jobs))  # builds the index, compiles
        for count in given.names:
            write_names(names, count, given.subjects)
            taken: dict[int, list[float]] = {jobs: [] for jobs in given.jobs}
            results = set()
            for _turn in range(given.turns):
                for jobs, seconds in taken.items():
                    seconds.append(baham(home, "screen", names, "--out", out, "--jobs", jobs))
                    results.add(out.read_bytes())
            if len(results) != 1:
                raise SystemExit("the results are not the same bytes")
            with_hits = sum(bool(json.loads(line)["hits"]) for line in results.pop().splitlines())
            print(f"{count:,} names, {with_hits:,} with a hit, against {given.subjects:,} persons:")
            first = min(next(iter(taken.values())))
            for jobs, seconds in taken.items():
                best = min(seconds)
                print(f"  --jobs {jobs}: {best:6.1f} s, {count / best:7,.0f} names/s, {first / best:.2f} ×", flush=True)


if __name__ == "__main__":
    main()
