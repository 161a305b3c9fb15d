"""How long commands take to start: `python -m benchmarks.start`. Against `python -c pass`, in turn, medians of many."""

import statistics
import subprocess
import sys
import tempfile
import time

TURNS = 15
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "baham --help": [sys.executable, "-m", "baham", "--help"],
    "baham sources list": [sys.executable, "-m", "baham", "sources", "list"],
}


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        import os

        environment = {**os.environ, "BAHAM_HOME": home}
        taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
        for turn in range(TURNS + 1):
            for name, command in COMMANDS.items():
                start = time.perf_counter()
                subprocess.run(command, env=environment, capture_output=True, check=True)
                if turn:  # the first writes bytecode and tables
                    taken[name].append((time.perf_counter() - start) * 1e3)
        base = statistics.median(taken["python -c pass"])
        for name, times in taken.items():
            median = statistics.median(times)
            print(f"{name:20} median {median:7.1f} ms, {median / base:5.1f} x")


if __name__ == "__main__":
    main()
