"""Two names compared and explained: the scorer behind `screen` and `compare`, one pair at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import local

import numpy as np

from .align import BITS, COVER, FEATURE, LIKE, PARTNER, Bench, align
from .normalise import Token
from .table import Names
from .weights import TERMS, probability


@dataclass(frozen=True, slots=True)
class Aligned:
    """`score` 0..1; `bits` of agreement; for each part of the left name its `partner` on the right (-1: none) and their
    likeness; for each part of the right name how well it is `covered`."""

    score: float
    bits: float
    partner: tuple[int, ...]
    likeness: tuple[float, ...]
    covered: tuple[float, ...]


_room = local()


def room() -> tuple[Bench, np.ndarray]:
    """Working space of this thread."""
    if not hasattr(_room, "bench"):
        _room.bench, _room.work = Bench.fresh(), np.zeros(len(TERMS))
    return _room.bench, _room.work


def compare_names(asked: Sequence[Token], listed: Sequence[Token], person: bool = True) -> Aligned:
    """Align and score two names. A name without tokens scores 0."""
    n, m = len(asked), len(listed)
    if not n or not m:
        return Aligned(0.0, 0.0, (-1,) * n, (0.0,) * n, (0.0,) * m)
    names = Names.of([asked, listed])
    bench, work = room()
    table, text = names.tokens
    align(table, text, names.ids[:n], n, table, text, names.ids[n:], m, *bench)
    space = bench.space
    return Aligned(
        float(probability(space, person, work)),
        float(space[FEATURE + BITS]),
        tuple(int(p) for p in space[PARTNER : PARTNER + n]),
        tuple(space[LIKE : LIKE + n].tolist()),
        tuple(space[COVER : COVER + m].tolist()),
    )
