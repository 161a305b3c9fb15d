"""Figures and their intervals: recall by class, false positives by group, thresholds at a rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .cases import MIX, NEGATIVE_MIX, Case, Negative

Ranked = list[list[tuple[str, float]]]
Floats = NDArray[np.float64]
Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.2f}–{self.high:.2f}]"


def wilson(hits: int, n: int) -> Share:
    """Wilson's interval of hits out of n."""
    if not n:
        return Share(float("nan"), 0.0, 1.0)
    p, z2 = hits / n, Z * Z
    middle, half = (p + z2 / (2 * n)) / (1 + z2 / n), Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Share(p, max(0.0, middle - half), min(1.0, middle + half))


def mixed(parts: Sequence[tuple[int, int, float]]) -> Share:
    """A weighted mean of shares (hits, n, weight), each stratum's variance by its own Wilson middle."""
    parts = [part for part in parts if part[1]]
    whole = sum(weight for _, _, weight in parts)
    value = sum(weight * hits / n for hits, n, weight in parts) / whole
    spread = 0.0
    for hits, n, weight in parts:
        p = (hits + 2) / (n + 4)
        spread += (weight / whole) ** 2 * p * (1 - p) / n
    return Share(value, max(0.0, value - Z * sqrt(spread)), min(1.0, value + Z * sqrt(spread)))


class Result:
    """What one engine answered to the cases and the negatives of a side."""

    def __init__(self, cases: list[Case], found: Ranked, negatives: list[Negative], false: Ranked) -> None:
        self.cases, self.negatives = cases, negatives
        self.found, self.false = found, false
        # The score at which each case is first answered within the first five (-1: not), and its rank.
        self.score = np.array(
            [max((s for i, s in hits[:5] if i in c.gold), default=-1.0) for c, hits in zip(cases, found, strict=True)]
        )
        self.first = np.array([bool(hits) and hits[0][0] in c.gold for c, hits in zip(cases, found, strict=True)])
        self.top = np.array([hits[0][1] if hits else -1.0 for hits in false])
        self.kinds = np.array([c.kind for c in cases])
        self.groups = np.array([n.group for n in negatives])
        self.alone = np.array([c.alone for c in cases])
        self.kin = np.array([c.kin for c in cases])

    def recall(self, kind: str = "", least: float = 0.0, at: int = 5, only: str = "") -> Share:
        """Share of the cases of a class answered among the first `at` with at least this score ("": in the mix).

        `only`: "alone" for those borne by nobody else in the index, "kin" for those that share a part with a name left.
        """
        good = (self.score >= least) & (self.score >= 0)
        if at == 1:
            good &= self.first
        if kind:
            mask = self.mask(kind, only)
            return wilson(int(good[mask].sum()), int(mask.sum()))
        return mixed(
            [(int(good[self.kinds == k].sum()), int((self.kinds == k).sum()), float(w)) for k, w in MIX.items()]
        )

    def mask(self, kind: str, only: str = "") -> NDArray[np.bool_]:
        """The cases of a class, or some of them (see `recall`)."""
        chosen = {"alone": self.alone, "kin": self.kin, "": np.ones(len(self.cases), dtype=bool)}[only]
        return np.asarray((self.kinds == kind) & chosen)

    def false_rate(self, least: float, group: str = "") -> Share:
        """Share of the negatives of a group with a hit of at least this score ("": in the mix)."""
        bad = self.top >= least
        if group:
            mask = self.groups == group
            return wilson(int(bad[mask].sum()), int(mask.sum()))
        return mixed(
            [
                (int(bad[self.groups == g].sum()), int((self.groups == g).sum()), float(w))
                for g, w in NEGATIVE_MIX.items()
            ]
        )

    def threshold(self, rate: float) -> float:
        """The lowest score at which the share of negatives of the mix with a hit is at most `rate`."""
        weights = np.zeros(len(self.top))
        for group, weight in NEGATIVE_MIX.items():
            mask = self.groups == group
            weights[mask] = weight / max(int(mask.sum()), 1)
        weights /= weights.sum()
        order = np.argsort(-self.top, kind="stable")
        passed = np.cumsum(weights[order]) > rate + 1e-12
        if not passed.any():
            return 0.0
        # Just above the first negative that would be too many: those that share its score fall away with it.
        return float(np.nextafter(self.top[order][int(passed.argmax())], 2.0))

    def reliability(self, strangers: float) -> tuple[list[tuple[float, float, int, float, Share]], float]:
        """Ten bins of score as (from, to, hits, mean score, share that are true), and the expected calibration error.

        Every hit among the first five counts. Negatives are weighted so that there are `strangers` asked names of
        strangers (in the mix of groups) for each name of a listed person (in the mix of classes): whether 0.6 means
        "60 % of such hits are true" depends on that, and in practice nearly everybody asked is a stranger.
        """
        scores, true, weights = [], [], []
        for case, hits in zip(self.cases, self.found, strict=True):
            weight = MIX.get(case.kind, 0) / sum(MIX.values()) / max(int((self.kinds == case.kind).sum()), 1)
            for i, score in hits[:5]:
                scores.append(score)
                true.append(i in case.gold)
                weights.append(weight)
        whole = sum(NEGATIVE_MIX.values())
        for negative, hits in zip(self.negatives, self.false, strict=True):
            share = NEGATIVE_MIX.get(negative.group, 0) / whole / max(int((self.groups == negative.group).sum()), 1)
            for _, score in hits[:5]:
                scores.append(score)
                true.append(False)
                weights.append(share * strangers)
        s, t, w = np.array(scores), np.array(true, dtype=float), np.array(weights)
        bins = np.clip((s * 10).astype(int), 0, 9)
        table, error = [], 0.0
        for b in range(10):
            mask = (bins == b) & (w > 0)
            if not mask.any():
                table.append((b / 10, (b + 1) / 10, 0, 0.0, Share(float("nan"), 0.0, 1.0)))
                continue
            mean, value = float(np.average(s[mask], weights=w[mask])), float(np.average(t[mask], weights=w[mask]))
            # Kish's effective number: weighted hits tell less than as many equal ones.
            n = float(w[mask].sum() ** 2 / (w[mask] ** 2).sum())
            around = wilson(round(value * n), max(round(n), 1))
            table.append((b / 10, (b + 1) / 10, int(mask.sum()), mean, Share(value, around.low, around.high)))
            error += float(w[mask].sum() / w.sum()) * abs(mean - value)
        return table, error
