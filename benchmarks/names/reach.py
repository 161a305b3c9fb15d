"""What is to be reached, beside what was measured."""

from collections.abc import Callable
from dataclasses import dataclass

from baham.engines.names import DEFAULT_THRESHOLD

from .measure import Result
from .pairs import Confusion
from .scale import Scale


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything a run has measured; None where it was left out."""

    ours: Result
    rates: dict[str, float]
    pairs: Confusion | None = None
    small: Scale | None = None
    large: Scale | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure, what it is at least to be and what is aimed at; `least_is_most` where less is better."""

    title: str
    value: Callable[[Measured], float | None]
    least: float
    aim: float
    unit: str = ""
    less: bool = False


def _at(kind: str) -> Callable[[Measured], float]:
    return lambda m: m.ours.recall(kind, m.ours.threshold(0.05)).value


def _common(m: Measured) -> float:
    """The worse of the two groups of common Pakistani names."""
    return max(m.ours.false_rate(DEFAULT_THRESHOLD, g).value for g in ("pk_common_latin", "pk_common_urdu"))


def _against(peer: str) -> Callable[[Measured], float | None]:
    return lambda m: m.rates["baham"] / m.rates[peer] if peer in m.rates else None


GOALS = [
    Goal("recall@5 at FPR .05, all classes", _at(""), 0.85, 0.95),
    Goal("recall@5 at FPR .05, real aliases held out", _at("heldout_alias"), 0.86, 0.97),
    Goal("recall@5 at FPR .05, real names in Arabic script", _at("arabic_script"), 0.72, 0.92),
    Goal("FPR at the default, common Pakistani names", _common, 0.05, 0.02, less=True),
    Goal(
        "the same against the overall FPR",
        lambda m: _common(m) / m.ours.false_rate(DEFAULT_THRESHOLD).value,
        2.0,
        1.25,
        " ×",
        less=True,
    ),
    Goal("name_bench F1", lambda m: m.pairs.f1 if m.pairs else None, 0.85, 0.90),
    Goal("throughput at 15 k against nomenklatura", _against("nomenklatura"), 50, 500, " ×"),
    Goal("throughput at 15 k against rapidfuzz brute force", _against("rapidfuzz"), 3, 20, " ×"),
    Goal(
        "throughput at 1 M against 15 k",
        lambda m: m.large.rate / m.small.rate if m.large and m.small else None,
        0.2,
        0.5,
        " ×",
    ),
    Goal("one name at 1 M, p99", lambda m: m.large.p99_ms if m.large else None, 5, 1, " ms", less=True),
    Goal(
        "building 1 M (making the persons taken off)",
        lambda m: m.large.build_s - m.large.making_s if m.large else None,
        300,
        60,
        " s",
        less=True,
    ),
    Goal("opening 1 M", lambda m: m.large.open_s if m.large else None, 0.5, 0.05, " s", less=True),
    Goal(
        "a second process at 1 M, memory of its own",
        lambda m: m.large.second_private_mb if m.large else None,
        100,
        100,
        " MB",
        less=True,
    ),
]


def table(measured: Measured) -> str:
    """The figures with "at least" and "aim", and whether each is reached."""
    lines = [f"{'figure':<52}{'measured':>12}{'at least':>12}{'aim':>10}"]
    for goal in GOALS:
        value = goal.value(measured)
        if value is None:
            lines.append(f"{goal.title:<52}{'not run':>12}")
            continue
        reached = [value <= limit if goal.less else value >= limit for limit in (goal.least, goal.aim)]
        said = "reaches the aim" if reached[1] else "enough" if reached[0] else "NOT REACHED"
        sign = "≤" if goal.less else "≥"
        lines.append(
            f"{goal.title:<52}{_number(value):>12}{f'{sign} {goal.least:g}':>12}{f'{sign} {goal.aim:g}':>10}"
            f"{goal.unit:<4} {said}"
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3f}"
