"""What a version of a list would do, and when it stops before it is in force.

A file that was cut short, a supplement loaded as the whole, a forgotten column: each is a valid file, and each would
silence entries that nobody meant to end. So a version that ends more than a share of the list (`Dataset.ending_limit`,
in per cent), changes most of it, takes a property from most that had it, or ends anything while its last line has no
end, stops. It goes on when somebody names the very numbers that they were told, with a reason.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from baham.kernel.decision import LEAST_REASON
from baham.kernel.handling import TLP
from baham.platform.ledger.models import Dataset, Entity, Statement

MOST_EXAMPLES = 8
MOST_COLUMNS = 40
_LEAST_LOST = 3
"""Of so few entries that lose a property, nothing is concluded."""


@dataclass(slots=True)
class Effect:
    """What a version does to the list in force, in entries. `before` is how many were in force, `ended` how many end
    by their own end date in it, `lost` by property how many say it no more, `ending` and `changing` some of them (ids).
    `unfinished`: the last line has no end, and the file in force had one. `tlp` is how the list is handled, `unread`
    the columns of a table that are not read."""

    before: int = 0
    entities: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    ended: int = 0
    unfinished: bool = False
    tlp: int = TLP.CLEAR
    unread: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    ending: list[int] = field(default_factory=list)
    changing: list[int] = field(default_factory=list)

    @property
    def silenced(self) -> int:
        """How many entries would match no more: the number to confirm."""
        return self.removed + self.ended

    def as_json(self) -> dict[str, object]:
        """For a job's result and a page; names nobody."""
        return {
            "before": self.before,
            "entities": self.entities,
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "ended": self.ended,
            "silenced": self.silenced,
            "unfinished": self.unfinished,
            "tlp": TLP(self.tlp).label,
            "unread": [one[:60] for one in self.unread[:MOST_COLUMNS]],
            "lost": dict(self.lost.most_common(MOST_EXAMPLES)),
            "ending": self.ending,
            "changing": self.changing,
        }


@dataclass(frozen=True, slots=True)
class Confirmed:
    """That somebody was told the numbers and means them. `delisting` and `changing` are the numbers as they read them;
    `agreed` is who agreed besides, in the console."""

    delisting: int | None = None
    changing: int | None = None
    reason: str = ""
    agreed: str = ""


@dataclass(frozen=True, slots=True)
class Stops:
    """Which numbers are to be confirmed, and why, each in a sentence."""

    delisting: bool = False
    changing: bool = False
    why: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.delisting or self.changing


class MassChange(Exception):
    """A version stopped before it was in force; nothing has changed. The text is one line: numbers and examples, for
    the terminal, which reads everything; `numbers` names nobody."""

    def __init__(self, dataset: Dataset, path: Path, effect: Effect, stops: Stops, problem: str = "") -> None:
        super().__init__(dataset.name, str(path))
        self.dataset, self.path, self.effect, self.stops, self.problem = dataset, path, effect, stops, problem

    def confirmed(self, reason: str) -> Confirmed:
        """The word of somebody who was told these numbers and means them."""
        return Confirmed(self.effect.silenced, self.effect.changed, reason)

    @property
    def numbers(self) -> str:
        """What would end and change, by number."""
        return f"{self.dataset.name}: {'; '.join(self.stops.why)}{self.problem}"

    def __str__(self) -> str:
        named = ", ".join(examples(self.effect.ending or self.effect.changing))
        return f"{self.numbers} (among them {named})" if named else self.numbers


def stops(dataset: Dataset, effect: Effect) -> Stops:
    """Whether this version is to be confirmed."""
    why, limit = [], dataset.ending_limit
    ending = effect.silenced * 100 > limit * effect.before
    if ending:
        share = 100 * effect.silenced / max(effect.before, 1)
        why.append(
            f"this version would end {effect.silenced} of {effect.before} entries ({share:.0f} %, more than the "
            f"{limit} % set for the list)"
        )
    most = effect.changed * 2 > effect.before > 0
    if most:
        why.append(f"it would change {effect.changed} of {effect.before} entries")
    emptied = [prop for prop, count in effect.lost.items() if _is_emptied(dataset, effect, prop, count)]
    why += [
        f"{effect.lost[prop]} entries would say no {prop} any more: was a column or mapping forgotten?"
        for prop in sorted(emptied)
    ]
    if effect.unfinished and (effect.silenced or effect.changed):
        why.append(
            f"its last line has no end (is the file cut short?), and it would end {effect.silenced} and change "
            f"{effect.changed} entries"
        )
    cut = effect.unfinished
    return Stops(
        ending or (cut and effect.silenced > 0), most or bool(emptied) or (cut and effect.changed > 0), tuple(why)
    )


def check(dataset: Dataset, path: Path, effect: Effect, confirmed: Confirmed | None) -> None:
    """Raises MassChange where this version is to be confirmed and was not, or not by the numbers that it has."""
    found = stops(dataset, effect)
    if not found:
        return
    given = confirmed or Confirmed()
    wrong = []
    if found.delisting and given.delisting != effect.silenced:
        wrong.append(
            "the number of entries that end"
            + ("" if given.delisting is None else f": {given.delisting} was confirmed, it is {effect.silenced}")
        )
    if found.changing and given.changing != effect.changed:
        wrong.append(
            "the number of entries that change"
            + ("" if given.changing is None else f": {given.changing} was confirmed, it is {effect.changed}")
        )
    if not wrong and len(" ".join(given.reason.split())) < LEAST_REASON:
        wrong.append(f"a reason of at least {LEAST_REASON} characters")
    if wrong:
        raise MassChange(dataset, path, effect, found, f"; to be confirmed: {' and '.join(wrong)}")


def _is_emptied(dataset: Dataset, effect: Effect, prop: str, count: int) -> bool:
    """Whether most of those that said a property, and more than the list's share, say it no more."""
    if count < _LEAST_LOST or count * 100 <= dataset.ending_limit * effect.before:
        return False
    saying = Statement.objects.filter(entity__dataset_id=dataset.pk, entity__current=True, prop=prop, until=None)
    return count > saying.values("entity").distinct().count()


def examples(pks: list[int]) -> list[str]:
    """What some of these entries are called."""
    named: Mapping[int, str] = dict(Entity.objects.filter(pk__in=pks[:MOST_EXAMPLES]).values_list("pk", "caption"))
    return [named[pk] for pk in pks[:MOST_EXAMPLES] if pk in named]
