"""A made-up list and made-up people who are asked about: seeded, the same everywhere, nobody in particular.

Listed persons and strangers are drawn alike, the same number from every tradition, so that a difference between groups
comes from how their names are matched and not from who is on the list. (On real lists it comes from that too.)
There are several lists, each short, each with people of its own: one short list would let chance decide which group
has a listed person with a very common name, and one long list would use up the small tables and alarm all the time.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

from baham.engines.names import Subject

from .tables import TRADITIONS, Part, plain, tables
from .writing import mistyped, reordered, respelled, shortened

GENDERS = ("women's names", "men's names")
SCRIPTS = ("Latin", "Arabic")
DECILES = tuple(f"{n} of 10" for n in range(1, 11))
# Lists; and for every tradition on each of them: persons listed, ways each is asked for, and strangers asked about.
LISTS, LISTED, WAYS, STRANGERS = 10, 20, 3, 400
_OTHER_SPELLING, _ORIGINAL_SCRIPT, _MIDDLE = 0.4, 0.4, 0.4


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that is asked about and the groups it is counted in; `answer` is the listed person's id, "" of a stranger.

    `decile` is how common the name is among the made-up strangers, 1 the rarest tenth. `namesake`: a stranger all of
    whose names are a listed person's, whatever the spelling; no matcher of names can tell the two apart.
    """

    name: str
    tradition: str
    gender: str
    script: str
    decile: str
    answer: str = ""
    namesake: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    """A list, and everybody asked about against it."""

    listed: tuple[Subject, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class _Person:
    parts: tuple[Part, ...]
    tradition: str
    gender: str


@dataclass(frozen=True, slots=True)
class Population:
    """The made-up world: every list with those asked about."""

    rounds: tuple[Round, ...]


def population(
    seed: int = 1, lists: int = LISTS, listed: int = LISTED, ways: int = WAYS, strangers: int = STRANGERS
) -> Population:
    """The made-up world of a seed; the last three numbers are for each tradition on each list."""
    rng = random.Random(seed)
    off_list = [[p for tradition in TRADITIONS for p in _people(tradition, strangers, rng)] for _ in range(lists)]
    decile = _deciles([person for people in off_list for person in people])
    return Population(tuple(_round(listed, ways, people, decile, rng) for people in off_list))


def _round(
    listed: int, ways: int, strangers: Sequence[_Person], decile: Callable[[_Person], str], rng: random.Random
) -> Round:
    on_list = [person for tradition in TRADITIONS for person in _people(tradition, listed, rng)]
    known = {_identity(person) for person in on_list}
    asked: list[Asked] = []
    for i, person in enumerate(on_list):
        for _ in range(ways):
            name, script = _as_asked(person, rng)
            asked.append(_asked(person, name, script, decile(person), answer=f"made-up-{i}"))
    for person in strangers:
        script = _script(person, rng)
        namesake = _identity(person) in known
        asked.append(_asked(person, _written(person, script), script, decile(person), namesake=namesake))
    return Round(tuple(_subject(f"made-up-{i}", person, rng) for i, person in enumerate(on_list)), tuple(asked))


def _asked(person: _Person, name: str, script: str, decile: str, answer: str = "", namesake: bool = False) -> Asked:
    return Asked(name, person.tradition, person.gender, script, decile, answer, namesake)


def _people(tradition: str, n: int, rng: random.Random) -> list[_Person]:
    table = tables()[tradition]
    out: list[_Person] = []
    while len(out) < n:
        woman = len(out) % 2 == 0
        first = table.women if woman else table.men
        parts = [_draw(first, rng), _draw(table.last, rng)]
        if rng.random() < _MIDDLE:
            # A second given name, or the father's.
            parts.insert(1, _draw(first if rng.random() < 0.5 else table.men, rng))
        words = [plain(word) for part in parts for word in part.latin.split()]
        if len(set(words)) == len(words):
            out.append(_Person(tuple(parts), tradition, GENDERS[0] if woman else GENDERS[1]))
    return out


def _draw(parts: Sequence[Part], rng: random.Random) -> Part:
    return rng.choices(parts, [part.weight for part in parts])[0]


def _identity(person: _Person) -> frozenset[str]:
    return frozenset(plain(part.latin) for part in person.parts)


def _script(person: _Person, rng: random.Random) -> str:
    written = all(part.arabic for part in person.parts)
    return SCRIPTS[1] if written and rng.random() < 0.5 else SCRIPTS[0]


def _written(person: _Person, script: str) -> str:
    return " ".join(part.arabic if script == SCRIPTS[1] else part.latin for part in person.parts)


def _subject(id: str, person: _Person, rng: random.Random) -> Subject:
    """As lists have it: a name in Latin letters, sometimes another spelling, sometimes the original script."""
    latin = [part.latin for part in person.parts]
    names = [" ".join(latin)]
    if rng.random() < _OTHER_SPELLING:
        names.append(" ".join(respelled(latin, rng)))
    if all(part.arabic for part in person.parts) and rng.random() < _ORIGINAL_SCRIPT:
        names.append(_written(person, SCRIPTS[1]))
    return Subject(id, tuple(dict.fromkeys(names)))


def _as_asked(person: _Person, rng: random.Random) -> tuple[str, str]:
    script = _script(person, rng)
    if script == SCRIPTS[1]:
        parts, ways, shares = [part.arabic for part in person.parts], (_as_it_is, shortened, reordered), (60, 25, 15)
    else:
        parts, ways, shares = [part.latin for part in person.parts], (respelled, mistyped, shortened), (55, 25, 20)
    return " ".join(rng.choices(ways, shares)[0](parts, rng)), script


def _as_it_is(parts: list[str], rng: random.Random) -> list[str]:
    return parts


def _deciles(strangers: Sequence[_Person]) -> Callable[[_Person], str]:
    """Which tenth of the strangers a name belongs to, by the chance that somebody bears all its parts."""
    counts = Counter(part for person in strangers for part in _identity(person))

    def rarity(person: _Person) -> float:
        return sum(log2(len(strangers) / max(counts[part], 1)) for part in _identity(person))

    found = sorted((rarity(person) for person in strangers), reverse=True)
    edges = [found[len(found) * n // 10] for n in range(1, 10)]
    return lambda person: DECILES[sum(rarity(person) < edge for edge in edges)]
