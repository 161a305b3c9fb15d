"""Words in the names of bodies: usual words and places, from `bodies.txt` beside this file.

Two usual words, or two places, are two, however alike they are spelled (Estonia and Ethiopia): each line has a number,
as the names of the lexicon have.
"""

from pathlib import Path

from .skeleton import one_form

USUAL_FROM, PLACES_FROM, USUAL_TO = 30_000, 40_000, 50_000


def _table() -> tuple[dict[str, int], dict[str, int], frozenset[str]]:
    """The number of each usual word, of each place, and the usual words that say that somebody is a body."""
    lines = Path(__file__).with_name("bodies.txt").read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if line and line[0] != "#"]
    cut = lines.index("-----")
    usual, places, telling = dict[str, int](), dict[str, int](), set[str]()
    for n, line in enumerate(lines[:cut], start=USUAL_FROM):
        for word in line.split():
            usual.setdefault(one_form(word.rstrip("*")), n)
            if not word.endswith("*"):
                telling.add(one_form(word))
    for n, line in enumerate(lines[cut + 1 :], start=PLACES_FROM):
        places.update((word, n) for word in line.split())
    return usual, places, frozenset(telling)


_USUAL, _PLACES, _TELLING = _table()
USUAL = frozenset(_USUAL)
"""Words that many bodies bear: they say little, and still tell two bodies apart. In one form (`skeleton.one_form`)."""
NUMBERED = _USUAL | _PLACES
"""The number of each usual word and place; two numbers are two words. Above those of the lexicon."""


def says_so(words: list[str]) -> bool:
    """Whether some word says that this is the name of a body: one that persons are not called by."""
    return not _TELLING.isdisjoint(map(one_form, words))
