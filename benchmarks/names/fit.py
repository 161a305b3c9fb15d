"""The weights of the scorer: `python -m benchmarks.names.fit` (about three minutes) prints what weights.py should hold.

A logistic regression on the TUNE side alone. For every question the names of the list are compared by brute force, so
that nothing depends on how candidates are found; the first few entities by the weights of the round before are its
cases: true where they answer the question. To these come listed names of which one part was exchanged for a part of
another name, which are false: somebody of the same family, or nobody. Questions about listed persons and about
strangers weigh the same, classes and groups as in `cases.MIX` and `cases.NEGATIVE_MIX`.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from baham.engines.names.align import AGREED, COVERED, feature_rows
from baham.engines.names.normalise import PLAIN, Token, tokenise
from baham.engines.names.table import Names
from baham.engines.names.weights import TERMS, term_rows

from .cases import MIX, NEGATIVE_MIX, World, world
from .closest import closest

Floats = NDArray[np.float64]
Score = Callable[[Floats], Floats]
_FIRST = 6
_ROUNDS = 4
_SWAPS = 1500
_SWAP_WEIGHT = 0.04
_RIDGE = 1e-4
# How many times these count: strangers with common names, because it is them that screening stops by mistake, and real
# aliases, because the other classes are made up.
_TIMES = {"pk_common_latin": 16.0, "pk_common_urdu": 5.0, "heldout_alias": 4.0}


class Question:
    """The closest listed names of a question: features, the entity of each, and whether it answers the question."""

    def __init__(self, kind: str, features: Floats, owner: NDArray[np.int64], true: NDArray[np.bool_]) -> None:
        self.kind, self.features, self.owner, self.true = kind, features, owner, true

    def first(self, score: Score) -> list[int]:
        """The best name of each of the first few entities."""
        order = np.argsort(-score(self.features), kind="stable")
        _, at = np.unique(self.owner[order], return_index=True)
        return list(order[np.sort(at)[:_FIRST]])


def main() -> None:
    questions, swapped = collect(world(), "tune")
    weights = fit(questions, swapped)
    for name, value in zip(TERMS, weights, strict=True):
        print(f"{name:<18}{value:8.2f}")
    print("PERSON = np.array([" + ", ".join(f"{value:.2f}" for value in weights) + "])")


def collect(given: World, side: str) -> tuple[list[Question], Floats]:
    """The questions of a side, and the features of listed names against themselves with one part exchanged."""
    people = [s for s in given.subjects if s.schema == "Person"]
    names = [tokenise(n) for s in people for n in (*s.names, *s.weak_names)]
    owner = np.array([i for i, s in enumerate(people) for _ in (*s.names, *s.weak_names)])
    listed = Names.of(names)
    cases, negatives = given.of(side)
    asked = [(c.kind, c.name, c.gold) for c in cases if c.kind in MIX]
    asked += [(n.group, n.name, frozenset()) for n in negatives if n.group in NEGATIVE_MIX]
    ids = np.array([s.id for s in people])
    out = []
    for kind, text, gold in asked:
        tokens = tokenise(text)
        if not tokens:
            continue
        question = Names.of([tokens])
        close = closest(question, listed)
        features = feature_rows(question, listed, np.zeros(len(close), dtype=np.int64), close)
        out.append(Question(kind, features, owner[close], np.isin(ids[owner[close]], list(gold))))
    return out, _swapped(names, listed)


def _swapped(names: Sequence[Sequence[Token]], listed: Names) -> Floats:
    rng = random.Random(5)
    parts = [token for name in names for token in name if token.kind == PLAIN]
    rows = [k for k, name in enumerate(names) if sum(t.kind == PLAIN for t in name) > 1]
    changed, of = [], []
    for k in rng.sample(rows, _SWAPS):
        name = list(names[k])
        i = rng.choice([i for i, token in enumerate(name) if token.kind == PLAIN])
        other = rng.choice(parts)
        if other.key != name[i].key:
            name[i] = other
            changed.append(name)
            of.append(k)
    return feature_rows(Names.of(changed), listed, np.arange(len(changed)), np.array(of))


def fit(questions: Sequence[Question], swapped: Floats) -> Floats:
    """The weights of TERMS, by rounds: each takes its cases as the round before ranks them."""
    counts = Counter(question.kind for question in questions)
    whole = {**_shares(MIX), **_shares(NEGATIVE_MIX)}
    score: Score = lambda features: features[:, AGREED] * features[:, COVERED]  # noqa: E731 - the first round
    weights = np.zeros(len(TERMS))
    for _round in range(_ROUNDS):
        features, true, weight = [swapped], [np.zeros(len(swapped))], [np.zeros(len(swapped))]
        for question in questions:
            rows = question.first(score)
            features.append(question.features[rows])
            true.append(question.true[rows].astype(np.float64))
            share = _TIMES.get(question.kind, 1.0) * whole[question.kind] / counts[question.kind]
            weight.append(np.full(len(rows), share))
        weight[0][:] = _SWAP_WEIGHT * sum(part.sum() for part in weight) / len(swapped)
        weights = logistic(term_rows(np.concatenate(features)), np.concatenate(true), np.concatenate(weight))
        score = lambda given, weights=weights: term_rows(np.ascontiguousarray(given)) @ weights  # noqa: E731
    return weights


def _shares(mix: dict[str, int]) -> dict[str, float]:
    return {kind: 0.5 * share / sum(mix.values()) for kind, share in mix.items()}


def logistic(terms: Floats, true: Floats, weight: Floats) -> Floats:
    """Weighted ridge logistic regression by Newton's method."""
    found, weight = np.zeros(terms.shape[1]), weight / weight.sum()
    for _step in range(60):
        p = 1.0 / (1.0 + np.exp(-terms @ found))
        slope = terms.T @ (weight * (p - true)) + _RIDGE * found
        curve = (terms * (weight * p * (1.0 - p))[:, None]).T @ terms + _RIDGE * np.eye(len(found))
        move = np.linalg.solve(curve, slope)
        found = found - move
        if np.abs(move).max() < 1e-6:
            break
    return found


if __name__ == "__main__":
    main()
