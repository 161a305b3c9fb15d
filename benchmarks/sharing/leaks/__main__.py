"""Random policies against every exit: values that leave and should not. `python -m benchmarks.sharing.leaks`

Each round draws lists, markings, grades, chains of hands, judgements that records are one person, standings,
restrictions, recalls, circles, originators' words and an agreement at random (`policies.py`), lets everything leave
that leaves (`exits.py`), and searches the bytes that were written, at each exit, for every value held: inside messages,
files, pages, packs. What is found there is held against the policy written out again from the words of the rules
(`oracle.py`), which asks nothing of the code that decides. Searched for are also, at every exit, what never leaves by
any rule: names and reasons of our graders and officers, and keys by which a record that stays is known.

One leak ends it with exit code 1. A round is rolled back; nothing of it meets the next.
"""

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

CHECKS = 100_000


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m benchmarks.sharing.leaks", description=__doc__)
    asked.add_argument("--checks", type=int, default=CHECKS, help="values held against the policy, over all exits")
    asked.add_argument("--seed", type=int, default=11)
    asked.add_argument("--people", action="store_true", help="people who read pages, in place of the exits to partners")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="baham-benchmark-") as home:
        os.environ.update(BAHAM_HOME=home, BAHAM_DATABASE_URL="", BAHAM_HOSTS="testserver")
        from baham.platform.boot import boot

        boot()
        logging.disable(logging.WARNING)  # that nothing is found at an address is an answer here
        from benchmarks.sharing.leaks import people
        from benchmarks.sharing.leaks.policies import load

        if not given.people:
            load(Path(home))
        start = time.perf_counter()
        find = people.run if given.people else run
        found = find(Path(home), given.checks, given.seed)
    print(found.told(), f"in {time.perf_counter() - start:,.0f} s")
    return 1 if found.leaks else 0


class Found:
    """What was looked at and found, over all rounds."""

    def __init__(self) -> None:
        self.rounds = self.checks = 0
        self.left: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.empty: Counter[str] = Counter()
        self.leaks: Counter[str] = Counter()

    def told(self) -> str:
        """The figures, and of each kind of leak how many there were."""
        lines = [f"{'exit':<24}{'left':>8}{'stayed though allowed':>24}{'wrote nothing':>16}"]
        lines += [
            f"{exit:<24}{self.left[exit]:>8,}{self.kept[exit]:>24,}{self.empty[exit]:>16,}"
            for exit in sorted(self.left.keys() | self.kept.keys() | self.empty.keys())
        ]
        lines += [f"leaks: {sum(self.leaks.values()):,} of {self.checks:,} in {self.rounds:,} random policies"]
        lines += [f"  {count:>6,}  {what}" for what, count in self.leaks.most_common(30)]
        return "\n".join(lines)


def run(home: Path, wanted: int, seed: int = 11) -> Found:
    """Rounds until so many values were held against the policy, over the lists that were loaded."""
    from django.db import transaction

    from benchmarks.sharing.leaks.exits import written
    from benchmarks.sharing.leaks.oracle import judge
    from benchmarks.sharing.leaks.policies import draw

    chance, found = random.Random(seed), Found()
    while found.checks < wanted:
        with transaction.atomic():
            world = draw(chance)
            for exit in written(world, home, chance):
                judge(world, exit, found)
            transaction.set_rollback(True)
        found.rounds += 1
    return found


if __name__ == "__main__":
    sys.exit(main())
