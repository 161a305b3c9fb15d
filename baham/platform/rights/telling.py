"""What of the things that are held is told to the person they are about, and what is kept back on which ground.

Pure rules over values, without storage or language. What is on a public list is always told. What belongs to others
(who said it, other persons, officers by name, partners) never is, whatever was decided; what a marking or an originator
closes stays closed until they open it. All else is told, unless people recorded a ground for keeping it.
Sources: Directive (EU) 2016/680, Articles 14 and 15; safeguard S-13.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from baham.kernel.handling import TLP, Handling

LIMIT = TLP.AMBER
"""The strictest marking under which a thing is told. What is unknown counts as AMBER+STRICT, and stays."""
OPEN = Handling(TLP.CLEAR)


class Ground(Enum):
    """Why the law lets something be kept back: Article 15(1), its letters."""

    INQUIRY = "a"
    PREVENTION = "b"
    PUBLIC_SECURITY = "c"
    NATIONAL_SECURITY = "d"
    OTHERS = "e"


class Kept(Enum):
    """What is kept back. Each has the ground that holds where people recorded no other (`GROUNDS`)."""

    SOURCE = "source"
    ORIGINATOR = "originator"
    MARKING = "marking"
    PARTNER = "partner"
    OTHER = "other person"
    OFFICER = "officer"
    RECIPIENT = "recipient"
    MATTER = "matter"
    READER = "reader"
    WORDS = "words"
    WHOLE = "whole"


GROUNDS = {
    Kept.SOURCE: Ground.OTHERS,
    Kept.ORIGINATOR: Ground.PREVENTION,
    Kept.MARKING: Ground.PREVENTION,
    Kept.PARTNER: Ground.PREVENTION,
    Kept.OTHER: Ground.OTHERS,
    Kept.OFFICER: Ground.OTHERS,
    Kept.RECIPIENT: Ground.PREVENTION,
    Kept.MATTER: Ground.INQUIRY,
    Kept.READER: Ground.INQUIRY,
    Kept.WORDS: Ground.OTHERS,
    Kept.WHOLE: Ground.INQUIRY,
}
BY_CHOICE = (Kept.MATTER, Kept.READER, Kept.RECIPIENT, Kept.WORDS)
"""What is told unless people record a ground for keeping it."""
SILENT = frozenset({Kept.SOURCE, Kept.WHOLE})
"""What is not even mentioned (Article 15(3)): that there is a source would show who it is. It is counted on file."""


FREE = frozenset({"reason", "evidence", "in-words"})
"""Labels of lines in somebody's own words. They may name others; whoever decides reads them and may keep them."""


class Part(Enum):
    """Whose a line is: the person's own, or that of somebody whose name is not theirs to be told."""

    OWN = "own"
    SAYS = "says"
    OTHER = "other"
    OFFICER = "officer"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a thing. `label` is a property of FollowTheMoney or a code of `words.py`; `kind` is `text`, `date`
    (a kernel reading), `moment`, `ident` or `word` (a code itself). `instead` is the code told where the value is not.
    `public`: it stands so in a list that its publisher gave to everybody; what we made of it does not.
    """

    label: str
    value: str
    kind: str = "text"
    part: Part = Part.OWN
    instead: str = ""
    public: bool = False


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that is held. `place` names the entry of the registry, `ref` the row, for the file and for oversight.

    `partner`: came from, or is about, another authority. `open_matter`: of a matter that nobody has decided.
    `reading`: says who read. `given`: says who received.
    """

    place: str
    ref: str
    lines: tuple[Line, ...]
    handling: Handling = OPEN
    shows_source: bool = False
    partner: bool = False
    open_matter: bool = False
    reading: bool = False
    given: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """What people decided: the ground of what they keep in addition, or another ground for what is kept anyway.

    With `WHOLE` among them nothing is told but what is public.
    """

    grounds: Mapping[Kept, Ground] = field(default_factory=dict)

    def ground(self, kept: Kept) -> Ground:
        return self.grounds.get(kept, GROUNDS[kept])


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line as it is told. Where it is kept, `value` is empty and `instead` says what may be said in its place."""

    label: str
    value: str
    kind: str
    kept: Kept | None = None
    ground: Ground | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A thing as it is told. Kept as a whole, it has no lines."""

    place: str
    lines: tuple[ToldLine, ...] = ()
    kept: Kept | None = None
    ground: Ground | None = None


def tell(thing: Thing, telling: Telling) -> tuple[Told | None, Counter[Kept]]:
    """The thing as it is told, None where it is not even mentioned, and what was kept of it, for the file. Where it is
    kept as a whole, what of it is public is told all the same, without a word on the rest."""
    kept = _whole(thing, telling)
    public = tuple(_line(thing, line, telling) for line in thing.lines if line.public)
    if kept is not None and kept is not Kept.SOURCE and public:
        return Told(thing.place, public), Counter([kept, *(line.kept for line in public if line.kept is not None)])
    if kept in SILENT:
        return None, Counter({kept: 1})
    if kept is not None:
        return Told(thing.place, (), kept, telling.ground(kept)), Counter({kept: 1})
    lines = tuple(_line(thing, line, telling) for line in thing.lines)
    return Told(thing.place, lines), Counter(line.kept for line in lines if line.kept is not None)


def tell_all(things: Iterable[Thing], telling: Telling) -> tuple[list[Told], Counter[Kept]]:
    """All that is told, in its order, and the count of all that is kept, also of what is not mentioned."""
    told: list[Told] = []
    counted: Counter[Kept] = Counter()
    for thing in things:
        one, kept = tell(thing, telling)
        counted += kept
        if one is not None:
            told.append(one)
    return told, counted


def _whole(thing: Thing, telling: Telling) -> Kept | None:
    """Why a thing is kept as a whole, if it is. A source comes before everything, also before what is public."""
    if thing.shows_source:
        return Kept.SOURCE
    if Kept.WHOLE in telling.grounds:
        return Kept.WHOLE
    if thing.handling.originators:
        return Kept.ORIGINATOR
    if thing.handling.tlp > LIMIT or thing.handling.releasable_to is not None:
        return Kept.MARKING
    for holds, kept in ((thing.open_matter, Kept.MATTER), (thing.reading, Kept.READER), (thing.given, Kept.RECIPIENT)):
        if holds and kept in telling.grounds:
            return kept
    return None


def _line(thing: Thing, line: Line, telling: Telling) -> ToldLine:
    kept = {
        Part.OWN: None,
        Part.OTHER: Kept.OTHER,
        Part.OFFICER: Kept.OFFICER,
        Part.SAYS: Kept.PARTNER if thing.partner else None,
        Part.RECIPIENT: Kept.RECIPIENT,
    }[line.part]
    if kept is None and line.label in FREE and Kept.WORDS in telling.grounds and not line.public:
        kept = Kept.WORDS
    if kept is None:
        return ToldLine(line.label, line.value, line.kind)
    return ToldLine(line.label, "", line.kind, kept, telling.ground(kept), line.instead)
