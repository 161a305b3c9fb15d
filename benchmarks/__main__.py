"""`python -m benchmarks`: every benchmark, one after the other, each in a process of its own on one pinned core;
but `slow` and `cores`, which are about more than one, and `sharing`, which pins its own parts."""

import os
import subprocess
import sys
from pathlib import Path

LISTS = Path(os.environ.get("BAHAM_REALDATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "lists"
# Without the public lists, what needs none of them is still measured.
BENCHMARKS = ["start", "ledger", "worklist", "slow", "cores", "sharing", "names" if LISTS.is_dir() else "index"]


def main() -> int:
    pinned = ["taskset", "-c", "0"] if hasattr(os, "sched_setaffinity") else []
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        command = [
            *(() if name in ("slow", "cores", "sharing") else pinned),
            sys.executable,
            "-m",
            f"benchmarks.{name}",
        ]
        done = subprocess.run(command, env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


sys.exit(main())
