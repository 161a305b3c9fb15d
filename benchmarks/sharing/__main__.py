"""`python -m benchmarks.sharing`: every figure of sharing, one benchmark after the other, peers in the same run.

TAXII runs its servers and its client on a core each; the others keep to one core. The overlap check needs `make peers`.
"""

import os
import subprocess
import sys

PARTS = (
    ("taxii", ("--million",), False),
    ("overlap", (), True),
    ("recalls", (), True),
    ("leaks", (), True),
    ("formats", (), True),
)
"""Each with its arguments, and whether it is pinned to one core as a whole."""


def main() -> int:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for name, arguments, pinned in PARTS:
        print(f"\n== {name}", flush=True)
        core = ["taskset", "-c", "0"] if pinned and hasattr(os, "sched_setaffinity") else []
        command = [*core, sys.executable, "-m", f"benchmarks.sharing.{name}", *arguments]
        if code := subprocess.run(command, env=environment, check=False).returncode:
            return code
    return 0


sys.exit(main())
