"""Name screening measured on the public lists, with peers in the same run, all on one core.

The whole table: `python -m benchmarks.names` (about half an hour; needs BAHAM_REALDATA or ../shared/data, `make peers`,
and BAHAM_NAME_BENCH for nomenklatura's labelled pairs: see benchmarks/names/pairs.py). While tuning:
`python -m benchmarks.names --ours-only --side tune --quick`.

Thresholds for a false-positive rate are set on the negatives of the side that is reported, as in the earlier,
exploratory measurement; the default threshold is the engine's.
"""

import argparse
import gc
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from baham.engines.names import DEFAULT_THRESHOLD, NameIndex, Query

from . import engines, lists, made, pairs, peers, reach, scale, show
from .cases import SIDES, Case, Negative, World, world
from .measure import Result


def main() -> None:
    given = _options()
    if hasattr(os, "sched_setaffinity"):
        core = max(os.sched_getaffinity(0)) if given.core is None else given.core
        os.sched_setaffinity(0, {core})
    if not (lists.ROOT / "lists").is_dir():
        raise SystemExit(f"no lists at {lists.ROOT / 'lists'}: set BAHAM_REALDATA")
    begun = time.perf_counter()
    whole = world(given.seed, 0.25 if given.quick else 1.0)
    cases, negatives = whole.of(given.side)
    print(
        f"{len(whole.subjects):,} entities; side {given.side}: {len(cases):,} queries, {len(negatives):,} negatives "
        f"(made in {time.perf_counter() - begun:.1f} s)",
        flush=True,
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            measured = run(given, whole, cases, negatives, Path(folder))
    except peers.Missing as missing:
        raise SystemExit(str(missing)) from missing
    print(f"\n{reach.table(measured)}")


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.names", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--side", choices=SIDES, default="report")
    options.add_argument("--ours-only", action="store_true", help="without the peers and without the million")
    options.add_argument("--quick", action="store_true", help="a quarter of every class")
    options.add_argument("--no-scale", action="store_true", help="without the index of a million")
    options.add_argument("--calibration", action="store_true", help="a reliability table of our scores")
    options.add_argument("--strangers", type=float, default=10.0, help="strangers to each listed person (calibration)")
    options.add_argument("--errors", type=int, default=0, metavar="N", help="print N errors of each class")
    options.add_argument("--name-bench", metavar="CSV", help="nomenklatura's contrib/name_bench/cases.csv")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--core", type=int, help="the core to run on (default: the last)")
    return options.parse_args()


def run(
    given: argparse.Namespace, whole: World, cases: list[Case], negatives: list[Negative], folder: Path
) -> reach.Measured:
    """Quality, pairs, speed and scale, in that order."""
    names, strangers = [c.name for c in cases], [n.name for n in negatives]
    begun = time.perf_counter()
    index = NameIndex.build(whole.subjects, folder / "names")
    print(f"index: {index.counts}, built in {time.perf_counter() - begun:.1f} s", flush=True)
    ask = engines.ours(index)
    ours = Result(cases, ask(names), negatives, ask(strangers))
    show.quality("baham", ours, DEFAULT_THRESHOLD)
    if given.errors:
        show.errors(ours, DEFAULT_THRESHOLD, given.errors)
    if given.calibration:
        show.calibration(ours, given.strangers)
    labelled = _labelled(given)
    if given.ours_only:
        return reach.Measured(ours, {}, labelled)
    _peers_quality(whole, cases, negatives)
    rates = _rates(whole, "tune" if given.side == "report" else "report", folder, 500 if given.quick else 1000)
    small = large = None
    if not given.no_scale:
        small = scale.measure(scale.SMALL, folder / "small")
        large = scale.measure(scale.LARGE, folder / "large")
        show.scale(small)
        show.scale(large)
    return reach.Measured(ours, rates, labelled, small, large)


def _labelled(given: argparse.Namespace) -> pairs.Confusion | None:
    path = pairs.found(given.name_bench)
    if path is None:
        print("\nname_bench: not run (--name-bench or BAHAM_NAME_BENCH; see benchmarks/names/pairs.py)")
        return None
    try:
        rows, digest = pairs.read(path)
    except (OSError, KeyError, ValueError) as error:
        raise SystemExit(f"{path}: not the file of labelled pairs ({error})") from error
    print(f"\nname_bench, {len(rows)} pairs, sha256 {digest[:12]}…: precision, recall, F1")
    scores = {("baham", DEFAULT_THRESHOLD): pairs.ours(rows)}
    if not given.ours_only:
        with peers.Nomenklatura() as peer:
            asked = [(p.one, p.other, p.schema) for p in rows]
            scores["nomenklatura logic-v2", peers.NOMENKLATURA_THRESHOLD] = peer.pairs(asked)
    for (title, threshold), values in scores.items():
        print(f"{f'{title} at {threshold:.2f}':<34}{'all':<18}{pairs.confusion(rows, values, threshold)}")
        agree = [(p, score) for p, score in zip(rows, values, strict=True) if not pairs.against_numbers(p)]
        rest = pairs.confusion([p for p, _ in agree], [score for _, score in agree], threshold)
        print(f"{'':<34}{f'{len(agree)} by numbers':<18}{rest}")
        for group in sorted({p.group for p in rows}):
            print(f"{'':<34}{group:<18}{pairs.confusion(rows, values, threshold, group)}")
    return pairs.confusion(rows, scores["baham", DEFAULT_THRESHOLD], DEFAULT_THRESHOLD)


def _peers_quality(whole: World, cases: list[Case], negatives: list[Negative]) -> None:
    names, strangers = [c.name for c in cases], [n.name for n in negatives]
    brute = peers.token_sort(whole.subjects)
    result = Result(cases, brute(names), negatives, brute(strangers))
    show.quality("rapidfuzz token_sort, brute force", result, peers.TOKEN_SORT_THRESHOLD)
    with peers.Nomenklatura() as peer:
        scale.say(
            f"nomenklatura indexes {len(whole.subjects):,} entities and is asked {len(names + strangers):,} names"
        )
        peer.index(whole.subjects)
        result = Result(cases, peer.screen(names), negatives, peer.screen(strangers))
        show.quality("nomenklatura blocker + logic-v2", result, peers.NOMENKLATURA_THRESHOLD)


def _rates(whole: World, other: str, folder: Path, slow: int) -> dict[str, float]:
    """Names a second in one batch over 15,000 entities: names of the other side, which nobody here was asked before.

    nomenklatura is asked the first `slow` of them. Ours and rapidfuzz are asked as their users would: hits of at
    least the default threshold."""
    listed = [*whole.subjects]
    listed += list(made.people(max(scale.SMALL - len(listed), 0)))
    cases, negatives = whole.of(other)
    asked = _shuffled([c.name for c in cases] + [n.name for n in negatives])
    index = NameIndex.build(listed, folder / "fifteen")
    gc.collect()
    gc.freeze()  # what the parts before have left in memory is nobody's work here
    index.screen([Query("Zarghun Talband", schema="Person")] * 2)
    rates = {
        "baham": _rate(lambda: index.screen([Query(n, schema="Person") for n in asked], limit=5), len(asked)),
    }
    brute = peers.token_sort(listed)
    rates["rapidfuzz"] = _rate(lambda: brute(asked), len(asked))
    with peers.Nomenklatura() as peer:
        peer.index(listed)
        peer.screen(asked[:slow])
        rates["nomenklatura"] = slow / peer.seconds
        blocker = peer.blocker_seconds / peer.seconds
    print(f"\nnames/s in batch over {len(listed):,} entities, one core ({len(asked):,} names; nomenklatura {slow:,})")
    for title, rate in rates.items():
        note = f" (its blocker {blocker:.0%} of the time)" if title == "nomenklatura" else ""
        print(f"{title:<16}{rate:>10,.0f}{note}", flush=True)
    return rates


def _shuffled(names: Sequence[str]) -> list[str]:
    return random.Random(1).sample(list(names), len(names))


def _rate(ask: Callable[[], object], many: int) -> float:
    begun = time.perf_counter()
    ask()
    return many / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
