"""Which known name a token is: the spellings of one name belong together, and two names stay two however alike they
look (Mahmud is not Muhammad, Hasan is not Husain).

A spelling may belong to two names (Nasser); those of more count as unknown and are compared letter by letter. An
abbreviation (`md.`) is the name that it stands for with doubt, as a spelling of two names is. The table is
`lexicon.txt` beside this file.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from .skeleton import keys_of


class Known(NamedTuple):
    """A name of the lexicon: its number (from 1, and from 10,001 for its form with -i, from 20,000 for a syllable;
    0 is no name), the share of
    people who bear it, and the number of the second name that is spelled so too (Nasser: Nasir or Nasr; 0 is none)."""

    number: int
    share: float
    other: int = 0


NOBODY = Known(0, 0.0)
_NISBA = 10_000
_SYLLABLE = 20_000


@cache
def _rows() -> list[tuple[float, list[str]]]:
    """The share of bearers and the spellings of each name, in the order of their numbers."""
    lines = Path(__file__).with_name("lexicon.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.replace("|", " ").split() for line in lines if line and line[0] != "#"]
    return [(int(bearers) / 10_000, spellings) for bearers, *spellings in rows]


@cache
def _abbreviations() -> dict[str, Known]:
    """Of each abbreviation the name that it stands for, twice: as of a spelling of two names, nobody knows."""
    found: dict[str, dict[int, float]] = {}
    for number, (share, spellings) in enumerate(_rows(), start=1):
        for word in spellings:
            if word.endswith("."):
                found.setdefault(word[:-1], {})[number] = share
    return {word: _doubted(_known(shares)) for word, shares in found.items()}


def _doubted(name: Known) -> Known:
    return name._replace(other=name.other or name.number)


def abbreviated(word: str) -> Known | None:
    """The name that a word is a usual abbreviation of, written with a point or without; None where it is none."""
    return _abbreviations().get(word)


@cache
def _table() -> dict[tuple[str, bool], Known]:
    spelled: dict[tuple[str, bool], dict[int, float]] = {}
    for number, (share, spellings) in enumerate(_rows(), start=1):
        for word in spellings:
            if not word.endswith("."):
                spelled.setdefault((keys_of(word)[0], not word.isascii()), {})[number] = share
    found = {key: _known(shares) for key, shares in spelled.items()}
    # Ibrahim and Ibrahimi are two names: who comes from, and who is called so. Where the second has a line of its own,
    # every spelling of the first with -i belongs to that line.
    own = {
        known.number: found[with_i].number
        for key, known in found.items()
        if _has_nisba(key, known) and (with_i := _nisba(key)) in found
    }
    for key, known in list(found.items()):
        if _has_nisba(key, known):
            number = own.get(known.number) or _NISBA + known.number
            found.setdefault(_nisba(key), Known(number, known.share / 4))
    return found


def _known(shares: dict[int, float]) -> Known:
    """A spelling of these names: of more than two it is a spelling of none. As common as the commonest."""
    numbers = sorted(shares, key=lambda n: -shares[n])
    share = shares[numbers[0]]
    return Known(numbers[0], share, *numbers[1:]) if len(numbers) < 3 else Known(0, share)


def _has_nisba(key: tuple[str, bool], known: Known) -> bool:
    return bool(known.number) and not known.other and len(key[0]) > 3 and key[0][-1] not in "iy"


def _nisba(key: tuple[str, bool]) -> tuple[str, bool]:
    return key[0] + ("y" if key[1] else "i"), key[1]


def known(key: str, arabic: bool) -> Known:
    """The name that a folded key (of `keys_of`) is a usual spelling of; NOBODY where there is none."""
    return _table().get((key, arabic), NOBODY)


def syllable_number(key: str) -> int:
    """The number of a syllable written as one sign (Han, Hangul): two that sound unlike are two names, however near."""
    return _SYLLABLE + crc32(key.encode()) % 40_000
