"""The weights of names of bodies, vessels and aircraft: `python -m benchmarks.names.fit_bodies` (two minutes).

A logistic regression on the TUNE side of `organisations`, drawn towards the weights that stand, because its strangers
are few: each question gives the best names of the first few entities by the weights of the round before.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from baham.engines.names.align import feature_rows
from baham.engines.names.normalise import tokenise
from baham.engines.names.table import Names
from baham.engines.names.weights import OTHER, TERMS, term_rows

from .closest import closest
from .organisations import MIX, Bodies

Floats = NDArray[np.float64]
_FIRST = 4
_ROUNDS = 8
_STRANGERS = 0.5
"""What all strangers together count against all questions about the listed."""
_RIDGE = 3e-5
# Numbers and single letters on both sides are told apart by a weight set by hand (see weights.py).
_FIXED = (TERMS.index("apart"),)


def fit(side: str = "tune") -> Floats:
    """The weights of TERMS for what is no person."""
    bodies = Bodies(side)
    listed = list(bodies.listed.values())
    flat = [(i, n) for i, s in enumerate(listed) for n in (*s.names, *s.weak_names)]
    names = Names.of([tokenise(n) for _, n in flat])
    owner, ids = np.array([i for i, _ in flat]), np.array([s.id for s in listed])
    asked = [*bodies.questions, *(("", name, frozenset[str]()) for name in bodies.strangers)]
    counts = Counter(kind for kind, _, _ in asked)
    found: list[tuple[Floats, NDArray[np.int64], Floats, float]] = []
    for kind, name, gold in asked:
        question = Names.of([tokenise(name)])
        near = closest(question, names)
        if len(near):
            rows = term_rows(feature_rows(question, names, np.zeros_like(near), near))
            weight = (MIX[kind] / sum(MIX.values()) if kind else _STRANGERS) / counts[kind]
            found.append((rows, owner[near], np.isin(ids[owner[near]], list(gold)).astype(np.float64), weight))
    weights = OTHER.copy()
    for _round in range(_ROUNDS):
        rows, true, weight = [], [], []
        for terms, of, right, share in found:
            order = np.argsort(-(terms @ weights), kind="stable")
            _, at = np.unique(of[order], return_index=True)
            first = order[np.sort(at)[:_FIRST]]
            rows.append(terms[first])
            true.append(right[first])
            weight.append(np.full(len(first), share))
        weights = _drawn(np.concatenate(rows), np.concatenate(true), np.concatenate(weight))
    return weights


def _drawn(terms: Floats, true: Floats, weight: Floats) -> Floats:
    """Newton's method, with a ridge around the weights that stand."""
    found, weight, free = OTHER.copy(), weight / weight.sum(), np.ones(len(OTHER))
    free[list(_FIXED)] = 0.0
    for _step in range(60):
        p = 1.0 / (1.0 + np.exp(-terms @ found))
        slope = (terms.T @ (weight * (p - true)) + _RIDGE * (found - OTHER)) * free
        curve = (terms * (weight * p * (1.0 - p))[:, None]).T @ terms + _RIDGE * np.eye(len(found))
        move = np.linalg.solve(curve, slope) * free
        found = found - move
        if np.abs(move).max() < 1e-6:
            break
    return found


if __name__ == "__main__":
    print("OTHER = np.array([" + ", ".join(f"{value:.2f}" for value in fit()) + "])")
