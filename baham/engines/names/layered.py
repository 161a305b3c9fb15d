"""A large index and a small one over it: what changed since the large one was built is found at once, without
building it again. (The idea of the log-structured merge tree: O'Neil and others, Acta Informatica 33, 1996.)"""

from collections.abc import Iterable, Sequence

import numpy as np

from .index import Mask, NameIndex
from .types import Hit, Query, Subject


class LayeredIndex:
    """`base` without the subjects in `replaced` (their ids), and `layer` over it.

    Rows are those of the base, then those of the layer. Answers are what one index over the same subjects would give.
    """

    def __init__(self, base: NameIndex, layer: NameIndex, replaced: Iterable[str]) -> None:
        self.base, self.layer = base, layer
        kept = np.ones(len(base), dtype=np.bool_)
        kept[[row for row in map(base.row, replaced) if row is not None]] = False
        self._kept = kept

    def __len__(self) -> int:
        return len(self.base) + len(self.layer)

    def subject(self, row: int) -> Subject:
        """The subject at a row, as it was given. Raises IndexError outside 0..len-1."""
        return self.base.subject(row) if row < len(self.base) else self.layer.subject(row - len(self.base))

    def row(self, id: str) -> int | None:
        """The row of a subject by its id; None for one that is absent or was replaced and is gone."""
        if (row := self.layer.row(id)) is not None:
            return len(self.base) + row
        row = self.base.row(id)
        return row if row is not None and self._kept[row] else None

    def screen(
        self,
        queries: Iterable[Query],
        limit: int = 5,
        threshold: float | None = None,
        within: Mask | Iterable[str] | None = None,
    ) -> list[list[Hit]]:
        """As `NameIndex.screen`, over both."""
        asked = list(queries)
        lower, upper = self._masks(within)
        below = self.base.screen(asked, limit, threshold, lower)
        above = self.layer.screen(asked, limit, threshold, upper) if len(self.layer) else [[] for _ in asked]
        return [_merged(one, other, limit) for one, other in zip(below, above, strict=True)]

    def _masks(self, within: Mask | Iterable[str] | None) -> tuple[Mask, Mask | None]:
        if within is None:
            return self._kept, None
        if not isinstance(within, np.ndarray):
            mask = np.zeros(len(self), dtype=np.bool_)
            mask[[row for row in map(self.row, within) if row is not None]] = True
            within = mask
        if within.dtype != np.bool_ or within.shape != (len(self),):
            raise ValueError(f"within: expected bool[{len(self)}], got {within.dtype}{list(within.shape)}")
        return within[: len(self.base)] & self._kept, within[len(self.base) :]


def _merged(below: Sequence[Hit], above: Sequence[Hit], limit: int) -> list[Hit]:
    """Best first; of equal ones those of the base first."""
    return sorted([*below, *above], key=lambda hit: -hit.score)[:limit] if above else list(below)
