"""The tables as they are printed."""

from .cases import MIX, NEGATIVE_MIX
from .measure import Result
from .scale import Scale

RATES = (0.01, 0.05, 0.10)


def quality(title: str, result: Result, default: float) -> None:
    """Recall by class at no threshold, at three false-positive rates and at the default; then FPR by group."""
    least = [result.threshold(rate) for rate in RATES]
    heads = [f"FPR {r:.2f} (t {t:.3f})" for r, t in zip(RATES, least, strict=True)] + [f"default ({default:.2f})"]
    print(f"\n{title}: recall@5 with 95 % intervals")
    print(f"{'class':<22}{'n':>5} {'R@1':>7}{'R@5':>7}  " + "".join(f"{h:<20}" for h in heads))
    for kind in [*(k for k in MIX if (result.kinds == k).any()), ""]:
        _line(result, kind or "ALL CLASSES (mix)", kind, least, default)
        if kind == "heldout_alias":
            _line(result, "  borne by no other", kind, least, default, "alone")
            _line(result, "  sharing a part", kind, least, default, "kin")
    _line(result, "other_script (apart)", "other_script", least, default)
    print(f"\n{'negatives':<22}{'n':>5}  {'FPR at default':<20}" + "".join(f"{f'at t {t:.3f}':<20}" for t in least))
    for group in [*sorted(set(result.groups.tolist())), ""]:
        n = int((result.groups == group).sum()) if group else len(result.negatives)
        label = group + ("" if group in NEGATIVE_MIX else " (apart)") if group else "OVERALL (mix)"
        cells = [result.false_rate(t, group) for t in [default, *least]]
        print(f"{label:<22}{n:>5}  " + "".join(f"{cell!s:<20}" for cell in cells), flush=True)


def _line(result: Result, label: str, kind: str, least: list[float], default: float, only: str = "") -> None:
    n = int(result.mask(kind, only).sum()) if kind else len(result.cases)
    one, five = result.recall(kind, at=1, only=only), result.recall(kind, only=only)
    cells = [result.recall(kind, t, only=only) for t in [*least, default]]
    print(f"{label:<22}{n:>5} {one.value:>7.3f}{five.value:>7.3f}  " + "".join(f"{cell!s:<20}" for cell in cells))


def errors(result: Result, default: float, most: int) -> None:
    """Missed cases and false alarms of each class. Real persons: for the screen of who tunes only."""
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


def calibration(result: Result, weight_of_negatives: float) -> None:
    """Hits' scores in ten bins against the share that are true (see `measure.Result.reliability`)."""
    table, error = result.reliability(weight_of_negatives)
    print(
        f"\nCalibration: all hits of the first five, {weight_of_negatives:g} asked names of strangers to each of a "
        f"listed person\n{'score':<12}{'hits':>7}{'mean score':>12}  true"
    )
    for low, high, hits, mean, true in table:
        print(
            f"{low:.1f}–{high:.1f}     {hits:>7}{mean:>12.3f}  {true}" if hits else f"{low:.1f}–{high:.1f}     {0:>7}"
        )
    print(f"expected calibration error {error:.3f}")


def scale(one: Scale) -> None:
    """One index on a few lines."""
    print(
        f"{one.subjects:>9,} subjects, {one.names:,} names: built in {one.build_s:.1f} s (of which making the subjects "
        f"{one.making_s:.1f} s), peak {one.build_peak_mb:,.0f} MB, {one.folder_mb:,.0f} MB on disk\n"
        f"          opened in {one.open_s * 1000:.1f} ms; a second process takes {one.second_private_mb:.0f} MB of its "
        f"own (Pss {one.second_pss_mb:.0f} MB)\n"
        f"          {one.rate:,.0f} names/s in batch; one name of {one.singles:,} p50 {one.p50_ms:.2f} ms, "
        f"p95 {one.p95_ms:.2f} ms, p99 {one.p99_ms:.2f} ms",
        flush=True,
    )
