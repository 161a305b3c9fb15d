"""Name screening on the public lists: `python -m benchmarks.names [--ours-only] [--quick] [--side tune|report]`.

The thresholds for a false-positive rate are set on the negatives of the same side, as in the earlier measurement.
"""

import argparse
import tempfile
import time
from pathlib import Path

from baham.engines.names import DEFAULT_THRESHOLD, NameIndex

from . import engines
from .cases import MIX, NEGATIVE_MIX, Case, Negative, world
from .measure import Result

RATES = (0.01, 0.05, 0.10)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.names", description=__doc__)
    options.add_argument("--side", choices=("tune", "report"), default="report")
    options.add_argument("--ours-only", action="store_true", help="without the peers")
    options.add_argument("--quick", action="store_true", help="a quarter of every class")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--misses", type=int, default=0, metavar="N", help="print N errors of each class")
    given = options.parse_args()
    said = time.perf_counter()
    all_cases = world(given.seed, 0.25 if given.quick else 1.0)
    cases, negatives = all_cases.of(given.side)
    print(
        f"{len(all_cases.subjects):,} entities; side {given.side}: {len(cases):,} queries, {len(negatives):,} "
        f"negatives (made in {time.perf_counter() - said:.1f} s)", flush=True,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        NameIndex.build(all_cases.subjects, Path(folder) / "names")
        built = time.perf_counter() - begun
        index = NameIndex.open(Path(folder) / "names")
        print(f"index: {index.counts}, built in {built:.1f} s", flush=True)
        ask = engines.ours(index)
        ask([c.name for c in all_cases.cases[:20]])
        report("baham", ask, cases, negatives, DEFAULT_THRESHOLD, given.misses)
    if not given.ours_only:
        report("rapidfuzz token_sort, brute force", engines.token_sort(all_cases.subjects), cases, negatives, 0.85, 0)


def report(
    title: str, ask: engines.Ask, cases: list[Case], negatives: list[Negative], default: float, misses: int
) -> Result:
    begun = time.perf_counter()
    found = ask([c.name for c in cases])
    false = ask([n.name for n in negatives])
    took = time.perf_counter() - begun
    result = Result(cases, found, negatives, false)
    print(f"\n{title}: {(len(cases) + len(negatives)) / took:,.0f} names/s with rank lists, this process")
    least = [result.threshold(rate) for rate in RATES]
    heads = [f"FPR {r:.2f} (t {t:.3f})" for r, t in zip(RATES, least, strict=True)] + [f"default ({default:.2f})"]
    print(f"{'class':<22}{'n':>5} {'R@1':>7}{'R@5':>7}  " + "".join(f"{h:<20}" for h in heads))
    kinds = [k for k in MIX if (result.kinds == k).any()]
    for kind in [*kinds, ""]:
        _line(result, kind or "ALL CLASSES", kind, least, default)
        if kind == "heldout_alias":
            _line(result, "  borne by no other", kind, least, default, alone=True)
    _line(result, "other_script (apart)", "other_script", least, default)
    print(f"\n{'negatives':<22}{'n':>5}  {'FPR at default':<20}" + "".join(f"{f'at t {t:.3f}':<20}" for t in least))
    for group in [*sorted({n.group for n in negatives}), ""]:
        n = int((result.groups == group).sum()) if group else len(negatives)
        label = group + ("" if group in NEGATIVE_MIX else " (apart)") if group else "OVERALL (mix)"
        print(
            f"{label:<22}{n:>5}  {result.false_rate(default, group)!s:<20}"
            + "".join(f"{result.false_rate(t, group)!s:<20}" for t in least), flush=True,
        )  # fmt: skip
    if misses:
        _show_misses(result, default, misses)
    return result


def _line(result: Result, label: str, kind: str, least: list[float], default: float, alone: bool = False) -> None:
    n = int(((result.kinds == kind) & (result.alone | (not alone))).sum()) if kind else len(result.cases)
    one, five = result.recall(kind, at=1, alone=alone), result.recall(kind, alone=alone)
    cells = [result.recall(kind, t, alone=alone) for t in [*least, default]]
    print(f"{label:<22}{n:>5} {one.value:>7.3f}{five.value:>7.3f}  " + "".join(f"{cell!s:<20}" for cell in cells))


def _show_misses(result: Result, default: float, most: int) -> None:
    """Real names of listed persons, to the screen of who tunes: never into a file that is kept."""
    for kind in MIX:
        shown = 0
        for case, score, hits in zip(result.cases, result.score, result.found, strict=True):
            if case.kind == kind and score < default and shown < most:
                shown += 1
                best = f"{hits[0][1]:.2f}" if hits else "none"
                print(f"  missed {kind}: {case.name!r} of {case.source!r}, gold at {score:.2f}, best {best}")
    for group in NEGATIVE_MIX:
        shown = 0
        for negative, hits in zip(result.negatives, result.false, strict=True):
            if negative.group == group and hits and hits[0][1] >= default and shown < most:
                shown += 1
                print(f"  false {group}: {negative.name!r} met {hits[0][0]} at {hits[0][1]:.2f}")


if __name__ == "__main__":
    main()
