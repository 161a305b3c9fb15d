"""What the score of bodies, vessels and aircraft adds to that of persons: one constant, fitted on the TUNE side.

Every entity of the side that has an alias is asked for by one of them twice: with its other names in the list, where it
is to be found, and without the entity, where whoever comes closest is somebody else.
"""

import random

import numpy as np
from numpy.typing import NDArray

from baham.engines.names.align import feature_rows
from baham.engines.names.normalise import tokenise
from baham.engines.names.table import Names
from baham.engines.names.weights import term_rows

from . import cases, lists
from .closest import closest

Floats = NDArray[np.float64]


def constant(weights: Floats, side: str) -> float:
    """Log-odds to add to the score that `weights` give; all other weights stay as they are."""
    listed = lists.listed()
    bearers = cases.bearers_of(listed)
    side_of = cases.sides_of(listed, bearers)
    bodies = [s for s in listed if s.schema != "Person"]
    place = {body.id: i for i, body in enumerate(bodies)}
    flat = [(i, name) for i, body in enumerate(bodies) for name in (*body.names, *body.weak_names)]
    names = Names.of([tokenise(name) for _, name in flat])
    owner, words = np.array([i for i, _ in flat]), [lists.same(name) for _, name in flat]
    score, true = [], []
    for body in bodies:
        if side_of[body.id] != side or len(body.names) < 2:
            continue
        alias = random.Random(body.id).choice(body.names[1:])
        gold = [place[i] for i in cases.gold_of(body, alias, bearers) if i in place]
        question = Names.of([tokenise(alias)])
        near = np.array([k for k in closest(question, names) if words[k] != lists.same(alias)], dtype=np.int64)
        if len(near):
            values = term_rows(feature_rows(question, names, np.zeros_like(near), near)) @ weights
            own = np.isin(owner[near], gold)
            for kept in (np.ones(len(near), dtype=np.bool_), ~own):
                if kept.any():
                    best = np.argmax(np.where(kept, values, -np.inf))
                    score.append(values[best])
                    true.append(own[best])
    return _shift(np.array(score), np.array(true, dtype=np.float64))


def _shift(score: Floats, true: Floats) -> float:
    """The constant of a logistic regression with the score as an offset (Newton's method)."""
    found = 0.0
    for _step in range(50):
        p = 1.0 / (1.0 + np.exp(-(score + found)))
        found -= (p - true).sum() / (p * (1.0 - p)).sum()
    return float(found)
