"""Where personal records lie, as a plain list: what an erasure must reach (safeguard S-12).

Every room and measure adds its own places when its app is ready; a test fails for a model with personal data that no
place covers. The order of the list is the order of erasing, and the log comes last, for it writes down the rest.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from baham.platform.folding import fold
from baham.platform.marks import Marks, words_of

_SHORT = 12
"""Up to so many words a text is a title or a question: a name counts in whatever order its words stand."""
_LEAST_FACT = 5
_YEAR = re.compile(r"(?:18|19|20)\d\d")
"""A year of birth tells bearers of one name apart."""


@dataclass(frozen=True)
class Concerned:
    """Who and what is erased, in words that every room understands.

    `entities` go whole, of `partly` only some statements; `statements` (id: entity) is all that goes of either. `keys`
    are (dataset, key) of the whole ones. `names` and `numbers` are what identifies the person in free text (how a
    number is found: `marks.py`), `values` all values that go. `known_as` is how the log calls what hangs on them
    (`matter:12`), `on` how it calls the erasure, and `by` is who signed last.
    """

    entities: frozenset[int] = frozenset()
    partly: frozenset[int] = frozenset()
    statements: Mapping[str, int] = field(default_factory=dict)
    keys: frozenset[tuple[str, str]] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    known_as: frozenset[str] = frozenset()
    on: str = ""
    by: str = ""

    def speaks_of(self, text: str) -> bool:
        """Whether a text has a name or number of the person, however it is written. A name of one word counts only
        where it is the whole text: others bear it."""
        return self._names_them(text) or self._marks.says(text)

    def is_called(self, text: str) -> bool:
        """Whether a text is a name or number of the person and nothing else, as the caption of a record is."""
        return frozenset(words_of(text)) in {*self._bags, *map(frozenset, ((one,) for one in self._single))} or (
            self._marks.is_certain(text)
        )

    def _names_them(self, text: str) -> bool:
        found = words_of(text)
        if not found:
            return False
        if len(found) == 1 and found[0] in self._single:
            return True
        row, some = f" {' '.join(found)} ", set(found)
        if any(f" {name} " in row for name in self._phrases):
            return True
        return len(found) <= _SHORT and any(name <= some for name in self._bags)

    def is_about(self, texts: Iterable[str]) -> bool:
        """Whether these texts, taken together, are about the person and not about a namesake: they have a number of
        the person, or the name and another value of what is erased."""
        named = other = False
        for text in texts:
            if self._marks.is_certain(text):
                return True
            if self._names_them(text):
                named = True
            elif fold(text).strip() in self._facts or self._marks.is_short(text):
                other = True
        return named and other

    def without(self, held: Any) -> Any:
        """JSON with every text emptied that is one of the values or speaks of the person."""
        if isinstance(held, str):
            return "" if fold(held).strip() in self._values or self.speaks_of(held) else held
        if isinstance(held, Mapping):
            return {key: self.without(value) for key, value in held.items()}
        return [self.without(value) for value in held] if isinstance(held, list) else held

    def as_json(self) -> dict[str, Any]:
        """To be kept until the files are done."""
        return {
            "entities": sorted(self.entities),
            "partly": sorted(self.partly),
            "statements": dict(self.statements),
            "keys": sorted(map(list, self.keys)),
            "names": sorted(self.names),
            "numbers": sorted(self.numbers),
            "values": sorted(self.values),
            "known_as": sorted(self.known_as),
            "on": self.on,
            "by": self.by,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Concerned":
        """What `as_json` kept."""
        sets = {
            name: frozenset(kept[name]) for name in ("entities", "partly", "names", "numbers", "values", "known_as")
        }
        return cls(
            **sets,
            statements=dict(kept["statements"]),
            keys=frozenset((a, b) for a, b in kept["keys"]),
            on=kept["on"],
            by=kept["by"],
        )

    @cached_property
    def _split(self) -> list[list[str]]:
        return [found for name in self.names if (found := words_of(name))]

    @cached_property
    def _single(self) -> frozenset[str]:
        return frozenset(found[0] for found in self._split if len(found) == 1)

    @cached_property
    def _phrases(self) -> list[str]:
        return [" ".join(found) for found in self._split if len(found) > 1]

    @cached_property
    def _bags(self) -> list[frozenset[str]]:
        return [frozenset(found) for found in self._split if len(found) > 1]

    @cached_property
    def _marks(self) -> Marks:
        return Marks(self.numbers, self.keys)

    @cached_property
    def _facts(self) -> frozenset[str]:
        """Values that tell people of one name apart: not a sex, a country or a kind of paper."""
        told = (value for value in self._values if len(value) >= _LEAST_FACT or _YEAR.fullmatch(value))
        return frozenset(value for value in told if not self.speaks_of(value))

    @cached_property
    def _values(self) -> frozenset[str]:
        return frozenset(folded for value in self.values if len(folded := fold(value).strip()) > 2)


def texts_of(held: Any) -> Iterator[str]:
    """Every text in a value of JSON, its keys too."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping):
        for key, value in held.items():
            yield str(key)
            yield from texts_of(value)
    elif isinstance(held, list | tuple):
        for value in held:
            yield from texts_of(value)


def _no_names(concerned: Concerned) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Place:
    """One place: what it is called on a page, the models it covers, and what it does.

    `holds` counts what an erasure would take, `erase` takes it in the caller's transaction and counts. `known_as` says
    how the log calls rows of this place that are about the person. `files` clears what lies outside the database, after
    the commit; it may be run again after a crash, and counts what it changed.
    """

    name: Any
    models: tuple[str, ...]
    holds: Callable[[Concerned], int]
    erase: Callable[[Concerned], int]
    known_as: Callable[[Concerned], Iterable[str]] = field(default=_no_names)
    files: Callable[[Concerned], int] | None = None
    last: bool = False


PLACES: list[Place] = []


def in_order() -> list[Place]:
    """The places in the order in which they are emptied."""
    return sorted(PLACES, key=lambda place: place.last)
