"""The name index of a very large list: `python -m benchmarks.index [--subjects N]`. Build, memory, open, one query.

The subjects are the invented entities of `benchmarks.ledger`, two names and three aliases each.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.ledger import entities, peak, timed


def main(count: int) -> None:
    from baham.engines.names import NameIndex, Query, Subject

    def subjects():
        for line in entities(count):
            found = json.loads(line)
            said = found["properties"]
            yield Subject(id=found["id"], names=(*said["name"], *said["alias"]), birth_dates=tuple(said["birthDate"]))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names"
        start = time.perf_counter()
        NameIndex.build(subjects(), path)
        print(
            f"build        {count:,} subjects in {time.perf_counter() - start:.0f} s, peak {peak():,.0f} MB", flush=True
        )
        p50, p95 = timed(20, lambda turn: NameIndex.open(path))
        print(f"open         p50 {p50:.1f} ms, p95 {p95:.1f} ms", flush=True)
        index = NameIndex.open(path)
        index.screen([Query("warm up")])
        p50, p95 = timed(60, lambda turn: index.screen([Query(f"Zarghun talb{turn:x} Talband")], limit=5))
        print(f"one query    p50 {p50:.1f} ms, p95 {p95:.1f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=1_000_000)
    sys.exit(main(parser.parse_args().subjects))
