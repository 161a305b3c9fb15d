"""Our engine as it is asked here."""

from collections.abc import Callable, Sequence

from baham.engines.names import NameIndex, Query

from .measure import Ranked

Ask = Callable[[Sequence[str]], Ranked]


def ours(index: NameIndex, threshold: float = 0.0) -> Ask:
    """The five best of each name, of at least the threshold."""

    def ask(names: Sequence[str]) -> Ranked:
        hits = index.screen([Query(n, schema="Person") for n in names], limit=5, threshold=threshold)
        return [[(h.id, h.score) for h in found] for found in hits]

    return ask
