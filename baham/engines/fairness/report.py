"""False alarms, finds and the worth of an alarm, group by group and at several thresholds."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from pathlib import Path
from typing import Any

from baham.engines.names import DEFAULT_THRESHOLD, NameIndex, Query, Subject

from .population import DECILES, GENDERS, SCRIPTS, Asked, Population, population
from .tables import TRADITIONS

# A group may bear at the most this many times the overall rate of false alarms.
MOST = 2.0
AIM = 1.25
# Of this many persons asked about, one is listed: what the worth of an alarm (PPV) is reckoned with.
ONE_IN = 1_000
DIMENSIONS: dict[str, tuple[str, ...]] = {
    "how common the name is": DECILES,
    "script": SCRIPTS,
    "naming tradition": TRADITIONS,
    "gender": GENDERS,
}
_FIELD = {
    "how common the name is": "decile",
    "script": "script",
    "naming tradition": "tradition",
    "gender": "gender",
}
_STEPS = (-0.10, -0.05, 0.0, 0.05, 0.10)
_HITS = 5
Found = list[list[tuple[str, float]]]
Row = tuple[Asked, list[tuple[str, float]]]
Scorer = Callable[[Sequence[Subject], Sequence[str], float], Found]


def thresholds(default: float = DEFAULT_THRESHOLD) -> tuple[float, ...]:
    """Five thresholds around the default, which is the middle one."""
    return tuple(round(min(max(default + step, 0.0), 0.99), 4) for step in _STEPS)


def our_scorer(listed: Sequence[Subject], names: Sequence[str], least: float) -> Found:
    """Baham's own index: for each name the (id, score) of its best hits of at least `least`."""
    with tempfile.TemporaryDirectory() as folder:
        index = NameIndex.build(listed, Path(folder) / "names")
        hits = index.screen([Query(name, schema="Person") for name in names], limit=_HITS, threshold=least)
    return [[(hit.id, hit.score) for hit in found] for found in hits]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of `n`, with Wilson's 95 % interval."""

    count: int
    n: int

    @property
    def value(self) -> float:
        return self.count / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 1.0
        z, p, n = 1.96, self.value, self.n
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class At:
    """A group at one threshold.

    `false`: alarms at strangers who are nobody's namesake (FPR). `alarms`: alarms at all strangers, namesakes too.
    `found`: listed persons who are among the hits (TPR).
    """

    threshold: float
    false: Rate
    alarms: Rate
    found: Rate

    @property
    def worth(self) -> float:
        """PPV: the share of alarms that are about the listed person, when one in ONE_IN asked is listed."""
        true, wrong = self.found.value / ONE_IN, self.alarms.value * (1 - 1 / ONE_IN)
        return true / (true + wrong) if true + wrong else 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a dimension, or everybody."""

    dimension: str
    name: str
    at: tuple[At, ...]
    namesakes: Rate

    def operating(self, threshold: float) -> At:
        """The figures at the threshold given."""
        return next(one for one in self.at if one.threshold == threshold)


@dataclass(frozen=True)
class Report:
    """The whole of it: everybody, then each group."""

    everybody: Group
    groups: tuple[Group, ...]
    thresholds: tuple[float, ...]
    listed: int

    @cached_property
    def operating(self) -> float:
        """The default threshold: the middle one."""
        return self.thresholds[len(self.thresholds) // 2]

    def ratio(self, group: Group) -> float:
        """The group's rate of false alarms at the default threshold, in times the overall rate."""
        overall = self.everybody.operating(self.operating).false.value
        own = group.operating(self.operating).false.value
        return own / overall if overall else (float("inf") if own else 1.0)

    def ratio_interval(self, group: Group) -> tuple[float, float]:
        """The ends of the group's interval in times the overall rate (itself taken as known)."""
        overall = self.everybody.operating(self.operating).false.value
        low, high = group.operating(self.operating).false.interval
        return (low / overall, high / overall) if overall else (0.0, float("inf"))

    def over(self, most: float = MOST) -> list[Group]:
        """The groups that bear more than `most` times the overall rate."""
        return [group for group in self.groups if self.ratio(group) > most]

    def problems(self, most: float = MOST) -> list[str]:
        """What is wrong, a line each: groups over the limit, and groups too small or rates too low to be judged."""
        lines = [
            f"{group.dimension}, {group.name}: {self.ratio(group):.2f} times the overall rate of false alarms "
            f"({group.operating(self.operating).false.value:.2%})"
            for group in self.over(most)
        ]
        expected = {(dimension, name) for dimension, names in DIMENSIONS.items() for name in names}
        present = {(group.dimension, group.name) for group in self.groups if group.operating(self.operating).false.n}
        lines += [f"{dimension}, {name}: nobody was measured" for dimension, name in sorted(expected - present)]
        if self.everybody.operating(self.operating).found.value < 0.5:
            lines.append("fewer than half of the listed persons are found: silence is not fairness")
        return lines

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "thresholds": list(self.thresholds),
            "default": self.operating,
            "listed": self.listed,
            "one_in": ONE_IN,
            "most": MOST,
            "problems": self.problems(),
            "groups": [self._group_json(group) for group in (self.everybody, *self.groups)],
        }

    def _group_json(self, group: Group) -> dict[str, Any]:
        return {
            "dimension": group.dimension,
            "group": group.name,
            "namesakes": round(group.namesakes.value, 5),
            "ratio": round(self.ratio(group), 3),
            "ratio_interval": [round(r, 3) for r in self.ratio_interval(group)],
            "at": [
                {
                    "threshold": one.threshold,
                    "fpr": round(one.false.value, 5),
                    "fpr_interval": [round(end, 5) for end in one.false.interval],
                    "strangers": one.false.n,
                    "alarms": round(one.alarms.value, 5),
                    "tpr": round(one.found.value, 5),
                    "listed": one.found.n,
                    "ppv": round(one.worth, 5),
                }
                for one in group.at
            ],
        }


def measure(made: Population | None = None, scorer: Scorer = our_scorer, default: float = DEFAULT_THRESHOLD) -> Report:
    """Ask the scorer about everybody in the made-up world and count. Takes about half a minute with Baham's own."""
    made = made or population()
    steps = thresholds(default)
    rows: list[Row] = []
    for one in made.rounds:
        found = scorer(one.listed, [asked.name for asked in one.asked], min(steps))
        if len(found) != len(one.asked):
            raise ValueError(f"the scorer answered {len(found)} of {len(one.asked)} names")
        rows += zip(one.asked, found, strict=True)
    groups = [
        _group(dimension, name, [row for row in rows if getattr(row[0], _FIELD[dimension]) == name], steps)
        for dimension, names in DIMENSIONS.items()
        for name in names
    ]
    listed = sum(len(one.listed) for one in made.rounds)
    return Report(_group("everybody", "everybody", rows, steps), tuple(groups), steps, listed)


def _group(dimension: str, name: str, rows: list[Row], steps: Sequence[float]) -> Group:
    # The score of the best hit for a stranger; of the right hit for a listed person. -1: none.
    best = [(asked, max((score for _, score in hits), default=-1.0)) for asked, hits in rows if not asked.answer]
    right = [max((s for id, s in hits if id == asked.answer), default=-1.0) for asked, hits in rows if asked.answer]
    others = [score for asked, score in best if not asked.namesake]
    at = tuple(
        At(
            step,
            Rate(sum(score >= step for score in others), len(others)),
            Rate(sum(score >= step for _, score in best), len(best)),
            Rate(sum(score >= step for score in right), len(right)),
        )
        for step in steps
    )
    return Group(dimension, name, at, Rate(len(best) - len(others), len(best)))
