"""Names that a source gives in parts (FollowTheMoney's `firstName`, `lastName` …), put together.

As FollowTheMoney's own `combine_names` does it, without the father's name, which is a fact of its own here.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product

from baham.kernel.schema import Kind, kind_of

_ORDER = ("firstName", "secondName", "middleName", "lastName", "matronymic", "nameSuffix")
NAME_PARTS = frozenset(_ORDER)
"""The properties that are parts of a name."""
_NEEDED = frozenset({"firstName", "secondName", "middleName", "lastName", "matronymic"})
MOST = 8
"""How many names are made of the parts of one entity at the most: each first name with each last one."""


def names_of_parts(parts: Mapping[str, Sequence[str]], names: Iterable[str] = ()) -> list[str]:
    """The names that parts make, in the order first, second, middle, last, without those among `names` already, in
    whatever order of their words. One part is a name only where there is no other; a suffix is none."""
    known = {_words(name) for name in names}
    if sum(bool(parts.get(prop)) for prop in _NEEDED) < (2 if known else 1):
        return []
    chosen = product(*(list(dict.fromkeys(parts.get(prop) or ("",))) for prop in _ORDER))
    made = dict.fromkeys(" ".join(" ".join(one).split()) for one in islice(chosen, MOST))
    return [name for name in made if name and _words(name) not in known]


def names_said(said: Iterable[tuple[str, str]]) -> list[str]:
    """All names among (property, value), those that parts make too; aliases of low quality are none."""
    names, parts = list[str](), dict[str, list[str]]()
    for prop, value in said:
        if kind_of(prop) is Kind.NAME:
            names.append(value)
        elif prop in NAME_PARTS:
            parts.setdefault(prop, []).append(value)
    return [*names, *names_of_parts(parts, names)]


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(name.casefold().split()))
