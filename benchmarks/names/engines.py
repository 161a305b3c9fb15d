"""The engines that answer: ours, and rapidfuzz's token_sort by brute force."""

from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from baham.engines.names import NameIndex, Query, Subject

from .lists import same
from .measure import Ranked

Ask = Callable[[Sequence[str]], Ranked]


def ours(index: NameIndex, threshold: float = 0.0) -> Ask:
    """Our index, five hits a name."""

    def ask(names: Sequence[str]) -> Ranked:
        hits = index.screen([Query(n, schema="Person") for n in names], limit=5, threshold=threshold)
        return [[(h.id, h.score) for h in found] for found in hits]

    return ask


def token_sort(subjects: Sequence[Subject]) -> Ask:
    """rapidfuzz token_sort_ratio of every query with every name of every person, one thread."""
    people = [s for s in subjects if s.schema == "Person"]
    owners = [s.id for s in people for _ in (*s.names, *s.weak_names)]
    texts = [" ".join(same(n)) for s in people for n in (*s.names, *s.weak_names)]

    def ask(names: Sequence[str]) -> Ranked:
        out: Ranked = []
        for i in range(0, len(names), 100):
            asked = [" ".join(same(n)) for n in names[i : i + 100]]
            for row in process.cdist(asked, texts, scorer=fuzz.ratio, dtype=np.float32, workers=1):
                best: dict[str, float] = {}
                near = np.argpartition(row, -60)[-60:]
                for k in near[np.argsort(-row[near], kind="stable")].tolist():
                    best.setdefault(owners[k], float(row[k]) / 100)
                out.append(list(best.items())[:5])
        return out

    return ask
