"""What the features of a pair of names are worth: a logistic regression, so that the score is a probability.

Fitted by `python -m benchmarks.names.fit` on the TUNE side of the public lists (docs/screening.md), not by hand.
"""

import numpy as np
from numpy.typing import NDArray

from .align import (
    AGREED,
    APART,
    BITS,
    BLURRED,
    CLASHED,
    CLASHES,
    COVERED,
    CROSSED,
    FEATURE,
    LACKING,
    LONE,
    NUMBERED,
    OMITTED,
    PLACED,
    SHORT,
    STRANGE,
    SURE,
    TELLING,
    WAYS,
    WHOLE,
)
from .compiled import compiled, leaf

TERMS = (
    "constant",
    "agreed",
    "omitted",
    "blurred",
    "lone",
    "crossed",
    "whole",
    "agreed_covered",
    "coincidence",
    "lone_omitted",
    "crossed_agreed",
    "clashes",
    "short",
    "sure_covered",
    "apart",
    "telling",
    "clashed",
    "telling_covered",
    "strange",
    "lacking",
    "numbered",
    "lone_blurred",
    "lone_telling",
    "placed",
)
PERSON = np.array(
    [
        0.53,
        -0.19,
        -1.79,
        -1.55,
        1.32,
        0.37,
        1.65,
        1.65,
        -0.56,
        -2.40,
        -1.21,
        -4.33,
        -0.84,
        1.53,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ]
)
# Names of bodies, vessels and aircraft: by `python -m benchmarks.names.fit_bodies`, but for the weight of numbers and
# single letters that differ, set by hand so that no agreement of words outweighs it, and the constant, raised by .2.
OTHER = np.array(
    [
        0.58,
        -4.01,
        -2.39,
        -4.57,
        -0.70,
        0.23,
        0.55,
        7.71,
        -0.18,
        0.31,
        -1.30,
        -1.84,
        -0.98,
        0.06,
        -6.00,
        -0.16,
        -2.58,
        -0.05,
        -0.17,
        0.88,
        -3.43,
        -2.54,
        0.75,
        -2.06,
    ]
)

SAME_AT_LEAST = 0.37
"""What a name that agrees in all its parts comes to at the least, however common: just over the default threshold."""
# Log2 of the people among whom a coincidence is looked for. Chosen on the TUNE side, among 10 to 24.
_PEOPLE = 18.0


@leaf
def terms(space, out):
    """The terms of the regression, in the order of TERMS, from the features in `space` (see align)."""
    agreed, covered = space[FEATURE + AGREED], space[FEATURE + COVERED]
    out[0] = 1.0
    out[1] = agreed
    out[2] = space[FEATURE + OMITTED]
    out[3] = space[FEATURE + BLURRED]
    out[4] = space[FEATURE + LONE]
    out[5] = space[FEATURE + CROSSED]
    out[6] = space[FEATURE + WHOLE] * agreed
    out[7] = agreed * covered
    # How many would agree as much by chance, in the many ways that the parts of a long name can be told over.
    out[8] = np.log(1.0 + space[FEATURE + WAYS] * 2.0 ** (_PEOPLE - space[FEATURE + BITS]))
    out[9] = space[FEATURE + LONE] * space[FEATURE + OMITTED]
    out[10] = space[FEATURE + CROSSED] * agreed
    out[11] = min(space[FEATURE + CLASHES], 2.0)
    out[12] = space[FEATURE + SHORT]
    out[13] = space[FEATURE + SURE] * covered
    out[14] = space[FEATURE + APART]
    out[15] = space[FEATURE + TELLING]
    out[16] = space[FEATURE + CLASHED]
    out[17] = space[FEATURE + TELLING] * covered
    out[18] = space[FEATURE + STRANGE]
    out[19] = space[FEATURE + LACKING]
    out[20] = space[FEATURE + NUMBERED]
    out[21] = space[FEATURE + LONE] * space[FEATURE + BLURRED]
    out[22] = space[FEATURE + LONE] * space[FEATURE + TELLING]
    out[23] = space[FEATURE + PLACED]


@leaf
def probability(space, person, work):
    """0..1: that the two names in `space` are one of a pair that a search brings up. `work` float64[len(TERMS)]."""
    if space[FEATURE + BITS] <= 0.0:
        return 0.0
    terms(space, work)
    weights = PERSON if person else OTHER
    value = 0.0
    for k in range(len(weights)):
        value += weights[k] * work[k]
    found = 1.0 / (1.0 + np.exp(-value))
    # Thousands may be called Muhammad Khan; whoever asks for exactly a listed name is shown it all the same.
    return max(found, SAME_AT_LEAST) if space[FEATURE + WHOLE] == 1.0 else found


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
