"""What was found of two tokens, kept for the next name that bears them: names of a list share their parts. Compiled.

A table of fixed size in which a newer pair takes the place of an older one of the same mark: what is kept is only ever
what would be found again, so that an answer does not depend on what was asked before.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import leaf
from .edits import similarity

_BITS = 15
_SHIFT = 64 - _BITS


def room_for_pairs(kept: bool) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """(pairs, alike): a table of pairs with their likeness; one that keeps nothing where the rows of tokens mean
    something else each time."""
    size = 1 << _BITS if kept else 0
    return np.zeros(size, dtype=np.uint64), np.zeros(size)


@leaf
def likeness(left, left_text, i, right, right_text, j, rows, pairs, alike):
    """`similarity` of two tokens, from the table where it is there."""
    if len(pairs) == 0:
        return similarity(left, left_text, i, right, right_text, j, rows)
    pair = (np.uint64(i + 1) << np.uint64(32)) | np.uint64(j)
    at = np.int64((pair * np.uint64(0x9E3779B185EBCA87)) >> np.uint64(_SHIFT))
    if pairs[at] != pair:
        pairs[at], alike[at] = pair, similarity(left, left_text, i, right, right_text, j, rows)
    return alike[at]
