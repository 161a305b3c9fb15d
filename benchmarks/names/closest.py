"""The listed names that come closest to a question, by brute force: so that a fit does not depend on how the engine
finds its candidates."""

import numpy as np
from numpy.typing import NDArray

from baham.engines.names.edits import similarities
from baham.engines.names.table import Names

_COMPARED = 200


def closest(question: Names, listed: Names) -> NDArray[np.int64]:
    """Listed names that share the most weight with a question, by the likeness of every part with every part."""
    alike = similarities(question.tokens, listed.tokens)
    worth = np.minimum(question.tokens.table["bits"][:, None], listed.tokens.table["bits"][None, :])
    best = (np.where(alike > 0.6, alike - 0.6, 0.0) * worth).max(axis=0)[listed.ids]
    size = listed.tokens.table["bits"][listed.ids].astype(np.float64)
    ends = np.concatenate([[0.0], np.cumsum(best)]), np.concatenate([[0.0], np.cumsum(size)])
    shared, whole = (np.diff(sums[listed.start]) for sums in ends)
    value = shared / np.sqrt(whole + 1.0)
    close = np.argpartition(-value, _COMPARED)[:_COMPARED]
    return np.asarray(close[value[close] > 0])
