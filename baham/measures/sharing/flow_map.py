"""The flows as a figure: partners in the middle, we on the right, on the left who stands behind them.

Drawn from left to right in every language, as maps are (docs/design.md). Every line and number of it stands in the
table below the figure. A line is as thick as the number's order of magnitude; no name is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from textwrap import wrap

from baham.measures.sharing.flows import Flow

WIDTH = 920
_BEHIND, _PARTNER, _WE = 0, 340, 700
_BOX, _LINE, _GAP, _PAD = 220, 17, 22, 9
_LETTERS = 27
"""What a line of a box holds."""


@dataclass(frozen=True, slots=True)
class Box:
    """A party: where its box stands, and its name in lines."""

    x: int
    y: int
    height: int
    lines: tuple[tuple[int, str], ...]
    sort: str

    @property
    def middle(self) -> int:
        return self.y + self.height // 2

    @property
    def centre(self) -> int:
        return self.x + _BOX // 2


@dataclass(frozen=True, slots=True)
class Line:
    """What goes from one box to another: a curve, its thickness, how many, and where the number stands."""

    path: str
    width: float
    count: int
    x: int
    y: int
    sort: str


@dataclass(frozen=True, slots=True)
class Figure:
    """The whole figure and its height."""

    boxes: list[Box]
    lines: list[Line]
    height: int


def draw(flows: Sequence[Flow], we: str) -> Figure:
    """The figure of these flows; `we` is what we are called."""
    boxes, lines = [], []
    top, partners = 0, []
    for flow in flows:
        behind = [(name, count, "origin") for name, count in flow.origins.items()]
        behind += [(name, 0, "onward") for name in flow.onward]
        at = top
        sides: list[tuple[Box, int, str]] = []
        for name, count, sort in behind:
            box = _box(_BEHIND, at, name, sort)
            sides.append((box, count, sort))
            at = box.y + box.height + _GAP
        own = _box(_PARTNER, top, flow.partner.title, "trusted" if flow.partner.trusted else "not-trusted")
        height = max(at - _GAP - top, own.height + 18)
        own = _box(_PARTNER, top + (height - own.height) // 2, flow.partner.title, own.sort)
        boxes += [own, *(box for box, _count, _sort in sides)]
        for box, count, sort in sides:
            lines.append(_curve(box, own, count, sort, 0) if sort == "origin" else _curve(own, box, 0, sort, 0))
        partners.append((flow, own))
        top += height + _GAP
    height = max(top - _GAP, 60)
    us = _box(_WE, 0, we, "we")
    us = _box(_WE, (height - us.height) // 2, we, "we")
    for flow, own in partners:
        if flow.taken:
            lines.append(_curve(own, us, flow.taken, "taken", -8))
        if flow.given:
            lines.append(_curve(us, own, flow.given, "given", 8))
    return Figure([*boxes, us], lines, height)


def _box(x: int, y: int, name: str, sort: str) -> Box:
    words = wrap(name, _LETTERS) or [name]
    lines = tuple((y + _PAD + 12 + place * _LINE, text) for place, text in enumerate(words))
    return Box(x, y, 2 * _PAD + _LINE * len(words), lines, sort)


def _curve(source: Box, target: Box, count: int, sort: str, shift: int) -> Line:
    """A curve between the sides that face each other, with its number at the end that is the partner's."""
    forth = source.x < target.x
    begin = source.x + _BOX if forth else source.x
    end = target.x if forth else target.x + _BOX
    y1, y2, half = source.middle + shift, target.middle + shift, (begin + end) // 2
    path = f"M{begin} {y1}C{half} {y1} {half} {y2} {end} {y2}"
    near = y2 if sort in ("given", "origin", "onward") else y1
    x = {"given": end + 26, "taken": begin + 26, "origin": end - 30}.get(sort, half)
    return Line(path, round(1.5 + 1.5 * log10(max(count, 1)), 1), count, x, near - 6 if shift <= 0 else near + 17, sort)
