"""Words in the names of bodies: usual words and places, from `bodies.txt` beside this file.

Two usual words, or two places, are two, however alike they are spelled (Estonia and Ethiopia): each line has a number,
as the names of the lexicon have.
"""

from pathlib import Path

from .skeleton import one_form

USUAL_FROM, PLACES_FROM, USUAL_TO = 30_000, 40_000, 50_000


def _lines() -> list[list[list[str]]]:
    """The words of each line of the three tables: usual words, places, little words."""
    text = Path(__file__).with_name("bodies.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    tables: list[list[list[str]]] = [[]]
    for line in lines:
        if line == "-----":
            tables.append([])
        else:
            tables[-1].append([one_form(word) for word in line.split()])
    return tables


def _numbered(table: list[list[str]], start: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, words in enumerate(table, start):
        for word in words:
            found.setdefault(word.rstrip("*"), number)
    return found


def _unstarred(table: list[list[str]]) -> frozenset[str]:
    return frozenset(word for words in table for word in words if word[-1] != "*")


_USUAL, _PLACES, _LITTLE = _lines()
_NUMBERS = _numbered(_USUAL, USUAL_FROM)
USUAL = frozenset(_NUMBERS)
"""Words that many bodies bear: they say little, and still tell two bodies apart. In one form (`skeleton.one_form`)."""
PLACES = _unstarred(_PLACES)
"""Places and what comes from them, but for what persons are called after."""
LITTLE = frozenset(word.rstrip("*") for words in _LITTLE for word in words)
"""Words such as *of*, which say nothing in the name of a body."""
NUMBERED = _numbered(_PLACES, PLACES_FROM) | _NUMBERS
"""The number of each usual word and place; two numbers are two words. Above those of the lexicon."""
_TELLING = _unstarred(_USUAL) | _unstarred(_LITTLE)


def says_so(words: list[str]) -> bool:
    """Whether some word says that this is the name of a body: one that persons are not called by."""
    return not _TELLING.isdisjoint(map(one_form, words))
