"""The name index of a very large list: `python -m benchmarks.index [--subjects N] [--small N]`.

Build, memory, opening, a second process, names a second in batch and one name alone, for N subjects and for fifteen
thousand in the same run.
"""

import argparse
import tempfile
from pathlib import Path

from benchmarks.names import scale, show


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.index", description=__doc__)
    options.add_argument("--subjects", type=int, default=scale.LARGE)
    options.add_argument("--small", type=int, default=scale.SMALL)
    options.add_argument("--folder", type=Path, help="where the indexes go (default: a temporary folder)")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        small = scale.measure(given.small, Path(folder) / "small")
        show.scale(small)
        large = scale.measure(given.subjects, Path(folder) / "large")
        show.scale(large)
        print(f"in batch, {large.subjects:,} against {small.subjects:,}: {large.rate / small.rate:.2f} ×")


if __name__ == "__main__":
    main()
