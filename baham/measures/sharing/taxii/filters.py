"""What a request asks for: its query string, read strictly, and the place at which it goes on (`next`).

TAXII 2.1 §3.4 (filtering) and §3.5 (paging). Whatever is not understood is refused: a filter that is passed over would
answer another question than the one that was asked.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from baham.measures.sharing.taxii import moments
from baham.platform.opaque import hide, reveal

MOST = 2_000
"""Objects of one page."""
USUAL = 500
_MOST_VALUES = 500
_SPECS = {"2.0": 20, "2.1": 21}


class BadFilter(ValueError):
    """The query is not understood. The text says what to mend."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Which versions of an object: any of the first, the last, all, or those of exact moments."""

    first: bool = False
    last: bool = True
    every: bool = False
    exact: tuple[int, ...] = ()


LAST, EVERY = Versions(), Versions(last=False, every=True)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for. Empty `ids` and `types` ask for all; empty `specs` for the highest that each object has."""

    limit: int = USUAL
    added_after: int | None = None
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: Versions = LAST
    specs: tuple[int, ...] = ()

    @property
    def digest(self) -> str:
        """What a `next` is bound to: everything but the size of the page."""
        return hashlib.sha256(repr(replace(self, limit=0)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order of a collection: after this object."""

    added: int
    seq: int


OBJECTS = frozenset({"id", "type", "version", "spec_version"})
OBJECT = frozenset({"version", "spec_version"})
VERSIONS = frozenset({"spec_version"})


def read(query: QueryDict, allowed: Iterable[str], **fixed: Any) -> Filters:
    """The filters of a query, of which `allowed` may be matched. `fixed` are parts that the address says. BadFilter."""
    known = {f"match[{name}]" for name in allowed}
    values: dict[str, str] = {}
    for name, given in query.lists():
        if name not in known | {"limit", "added_after", "next"}:
            raise BadFilter(f"{name[:60]!r} is not known here; there are limit, added_after, next, {_names(known)}.")
        if len(given) > 1:
            raise BadFilter(f"{name} is there {len(given)} times; put several values into one, with commas.")
        values[name] = given[0]
    parts: dict[str, Any] = {
        "limit": _limit(values.get("limit")),
        "added_after": _moment("added_after", values["added_after"]) if "added_after" in values else None,
        "ids": _several(values, "id"),
        "types": _several(values, "type"),
        "versions": _versions(_several(values, "version")) if "match[version]" in values else LAST,
        "specs": _specs(_several(values, "spec_version")),
    }
    return Filters(**(parts | fixed))


def _names(known: Iterable[str]) -> str:
    return ", ".join(sorted(known))


def _limit(text: str | None) -> int:
    if text is None:
        return USUAL
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) < 1:
        raise BadFilter("limit is a whole number of at least 1.")
    return min(int(text), MOST)


def _moment(name: str, text: str) -> int:
    try:
        return moments.read(text)
    except (ValueError, OverflowError):
        raise BadFilter(f"{name} is a timestamp like 2026-01-31T09:30:00.000000Z, in UTC.") from None


def _several(values: Mapping[str, str], name: str) -> tuple[str, ...]:
    if f"match[{name}]" not in values:
        return ()
    parts = sorted(set(values[f"match[{name}]"].split(",")))
    if "" in parts or len(parts) > _MOST_VALUES or any("\0" in part or len(part) > 300 for part in parts):
        raise BadFilter(f"match[{name}] is a list of 1 to {_MOST_VALUES} values with commas between them.")
    return tuple(parts)


def _versions(parts: tuple[str, ...]) -> Versions:
    exact = tuple(_moment("match[version]", part) for part in parts if part not in ("first", "last", "all"))
    return Versions("first" in parts, "last" in parts, "all" in parts, exact)


def _specs(parts: tuple[str, ...]) -> tuple[int, ...]:
    """Versions of STIX that we do not know match nothing; -1 is one that no object has."""
    return tuple(sorted({_SPECS.get(part, -1) for part in parts}))


def mark(place: Place, scope: str, filters: Filters) -> str:
    """`next`: the place, for the one reader, address and filters (`scope`) that it is given to; it tells nothing."""
    return hide([place.added, place.seq], _bound(scope, filters))


def place_of(text: str, scope: str, filters: Filters) -> Place:
    """The place that a `next` stands for. Raises BadFilter for one that was not given for this very question."""
    try:
        return Place(*reveal(text, _bound(scope, filters), 2))
    except ValueError:
        raise BadFilter("next was given for another question; ask without it, or with the same filters.") from None


def _bound(scope: str, filters: Filters) -> str:
    return f"taxii.next|{scope}|{filters.digest}"
