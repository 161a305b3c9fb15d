"""Which known name a token is: the spellings of one name belong together, and two names stay two however alike they
look (Mahmud is not Muhammad, Hasan is not Husain).

Spellings that belong to several names (Nasir) count as unknown and are compared letter by letter. The table is
`lexicon.txt` beside this file.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from .skeleton import keys_of


class Known(NamedTuple):
    """A name of the lexicon: its number (from 1, and from 10,001 for its form with -i; 0 is no name)
    and the share of people who bear it."""

    number: int
    share: float


NOBODY = Known(0, 0.0)
_NISBA = 10_000


@cache
def _table() -> dict[tuple[str, bool], Known]:
    found: dict[tuple[str, bool], Known] = {}
    lines = Path(__file__).with_name("lexicon.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate((line for line in lines if line and line[0] != "#"), start=1):
        bearers, *spellings = line.replace("|", " ").split()
        known = Known(number, int(bearers) / 10_000)
        for key in {(keys_of(word)[0], not word.isascii()) for word in spellings}:
            # A spelling of two names is neither; it is still as common as the commoner of them.
            other = found.get(key)
            found[key] = Known(0, max(other.share, known.share)) if other else known
    for (spelled, arabic), (number, share) in list(found.items()):
        # Ibrahim and Ibrahimi are two names: who comes from, and who is called so.
        if number and len(spelled) > 3 and spelled[-1] not in "iy":
            found.setdefault((spelled + ("y" if arabic else "i"), arabic), Known(_NISBA + number, share / 4))
    return found


def known(key: str, arabic: bool) -> Known:
    """The name that a folded key (of `keys_of`) is a usual spelling of; NOBODY where there is none."""
    return _table().get((key, arabic), NOBODY)
