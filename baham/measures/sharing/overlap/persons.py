"""Whose keys stand in the requests that the asker keeps for an auditor (`asked/`): to tell a person, and to erase them.

A key has no name, but what is made of one, with a year of birth; or the number of a document. Both are made here anew
from what is known of the person, in every way in which the asker may have put them together.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from baham.measures.sharing.overlap.folder import keep

_NEAR = (-1, 0, 1)
"""An asker looks for the years before and after the birth as well."""
_LONGEST_DATE = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was kept: where, of which partner, and its places as they were written."""

    path: Path
    partner: str
    at: float
    places: list[list[Any]]

    @property
    def cases(self) -> set[str]:
        """The references of the cases for which it was asked."""
        return {str(row[2]) for row in self.places if len(row) > 2 and row[2]}


class Keys:
    """The keys of a person by name and year of birth, and by number."""

    def __init__(self, names: Iterable[str], dates: Iterable[str], numbers: Iterable[str]) -> None:
        from baham.engines.names.dates import parse
        from baham.engines.overlap.keys import fold_number, skeleton

        self._names = {found for name in names if (found := skeleton(name))}
        spans = [span for date in dates if len(date) <= _LONGEST_DATE and (span := parse(date))]
        self._years = {
            year
            for span in spans
            if span.last.year - span.first.year < len(_NEAR)
            for year in range(span.first.year, span.last.year + 1)
        }
        self._numbers = {found for number in numbers if len(found := fold_number(number)) > 4}

    def among(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys of one request that may be made of the person."""
        return {key for key in keys if self._is_number(key) or self._is_name(key)}

    def are_meant(self, keys: set[str]) -> bool:
        """Whether the request asked about the person: by a number, or by the name with the year and both beside it. One
        year alone may be of a namesake who was born the year before or after."""
        if any(map(self._is_number, keys)):
            return True
        return any(
            all(f"n|{name}|{year + step}" in keys for step in _NEAR) for name in self._names for year in self._years
        )

    def _is_number(self, key: str) -> bool:
        return key.startswith("d|") and key.rpartition("|")[2] in self._numbers

    def _is_name(self, key: str) -> bool:
        sort, _bar, rest = key.partition("|")
        name, _bar, year = rest.rpartition("|")
        near = {one + step for one in self._years for step in _NEAR}
        return sort == "n" and name in self._names and year.isdecimal() and int(year) in near


def requests(at: Path) -> Iterator[Asked]:
    """Every request that is kept, the oldest first. A file that is none is passed over."""
    for path in sorted((at / "asked").glob("*.json"), key=lambda one: one.stat().st_mtime):
        try:
            held = json.loads(path.read_bytes())
            yield Asked(path, str(held["partner"]), path.stat().st_mtime, list(held["places"]))
        except (ValueError, KeyError, TypeError):
            continue


def keys_in(asked: Asked) -> set[str]:
    """The keys of a request's places; padding has none, and neither has what was emptied."""
    return {str(row[1]) for row in asked.places if len(row) > 1 and row[1]}


def take_out(asked: Asked, keys: set[str]) -> None:
    """Leave of the places with these keys their leaf alone, so that every other place can still be opened. The time by
    which the request is forgotten stays."""
    from baham.measures.sharing.overlap.audits import place_of

    held = json.loads(asked.path.read_bytes())
    held["places"] = [[place_of(row).leaf.hex()] if len(row) > 1 and row[1] in keys else row for row in asked.places]
    keep(asked.path, json.dumps(held).encode())
    os.utime(asked.path, (asked.at, asked.at))
