"""What the features of a pair of names are worth: a logistic regression, so that the score is a probability.

Fitted by `python -m benchmarks.names.fit` on the TUNE side of the public lists (docs/screening.md), not by hand.
"""

import numpy as np
from numpy.typing import NDArray

from .align import (
    AGREED,
    BITS,
    BLURRED,
    CLASHES,
    CONTRADICTED,
    COVERED,
    CROSSED,
    FAINT,
    FEATURE,
    LONE,
    OMITTED,
    SURE,
    TURNED,
    WHOLE,
)  # fmt: skip
from .compiled import compiled, leaf

TERMS = (
    "constant", "agreed", "contradicted", "omitted", "blurred", "lone", "crossed", "whole", "turned", "agreed_covered",
    "bits", "lone_omitted", "crossed_agreed", "clashes", "faint", "sure_covered",
)  # fmt: skip
PERSON = np.array(
    [-5.35, 2.65, 0.35, -4.02, -1.89, 0.05, 0.73, 0.84, -0.13, 4.30, -0.43, -0.85, -1.24, -3.49, -0.23, 2.39]
)
# Names of bodies are longer and share usual words: the same weights, a little more readily. Not fitted.
OTHER = PERSON.copy()
OTHER[0] += 1.0


@leaf
def terms(space, out):
    """The terms of the regression, in the order of TERMS, from the features in `space` (see align)."""
    agreed, covered = space[FEATURE + AGREED], space[FEATURE + COVERED]
    out[0] = 1.0
    out[1] = agreed
    out[2] = space[FEATURE + CONTRADICTED]
    out[3] = space[FEATURE + OMITTED]
    out[4] = space[FEATURE + BLURRED]
    out[5] = space[FEATURE + LONE]
    out[6] = space[FEATURE + CROSSED]
    out[7] = space[FEATURE + WHOLE] * agreed
    out[8] = space[FEATURE + TURNED]
    out[9] = agreed * covered
    out[10] = min(space[FEATURE + BITS], 40.0) / 40.0
    out[11] = space[FEATURE + LONE] * space[FEATURE + OMITTED]
    out[12] = space[FEATURE + CROSSED] * agreed
    out[13] = min(space[FEATURE + CLASHES], 2.0)
    out[14] = min(space[FEATURE + FAINT], 2.0)
    out[15] = space[FEATURE + SURE] * covered


@leaf
def probability(space, person, work):
    """0..1: that the two names in `space` are one's, among pairs that a search brings up. `work` float64[16]."""
    if space[FEATURE + BITS] <= 0.0:
        return 0.0
    terms(space, work)
    weights = PERSON if person else OTHER
    value = 0.0
    for k in range(len(weights)):
        value += weights[k] * work[k]
    return 1.0 / (1.0 + np.exp(-value))


def term_rows(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[n, len(TERMS)] of `align.feature_rows`: what the regression is fitted on."""
    return np.asarray(_term_rows(features))


@compiled
def _term_rows(features):
    out, space = np.zeros((len(features), len(PERSON))), np.zeros(FEATURE + features.shape[1])
    for i in range(len(features)):
        space[FEATURE:] = features[i]
        terms(space, out[i])
    return out
