"""Versions of one object: which of those that a file or an envelope holds counts (STIX 2.1 §3.6).

The newest counts; one that revokes ends the object, also against another of the same moment. Two unlike contents of
the newest version are refused for that id, by name, because nobody here can tell which of them its maker meant.
"""

import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from baham.formats.errors import BadInput, shown
from baham.formats.reading import Seen, opened
from baham.formats.stix import extension, foreign

MOST = 200_000
"""Ids of which one file may hold several versions; each is kept in memory until the file has been read."""
_IDS = re.compile(rb'"id"\s*:\s*"([a-z][a-z0-9-]{1,249}--[0-9a-fA-F-]{36})"')


class Versions:
    """Keeps, of each id that it is given, the version that counts so far."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._newest: dict[str, tuple[int, dict[str, Any]]] = {}
        self._unlike: set[str] = set()

    def take(self, number: int, found: dict[str, Any]) -> None:
        """Take in an object, the `number`th. BadInput for more ids than are kept."""
        name = found["id"]
        before = self._newest.get(name)
        if before is None:
            if len(self._newest) >= MOST:
                raise BadInput(self._path, f"holds several versions of more than {MOST:,} objects")
            self._newest[name] = (number, found)
        elif _order(found) > _order(before[1]):
            self._newest[name] = (number, found)
            self._unlike.discard(name)
        elif _order(found) == _order(before[1]) and found != before[1]:
            self._unlike.add(name)

    def standing(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """What counts, in the order of the file; nothing of an id that is refused."""
        yield from sorted((one for name, one in self._newest.items() if name not in self._unlike), key=_number)

    def refused(self) -> dict[str, str]:
        """By id, why it is refused."""
        problem = "the file holds two unlike contents of its newest version; ask whoever made it which one stands"
        return {name: f"{shown(name, 80)}: {problem}" for name in sorted(self._unlike)}


def version(found: dict[str, Any]) -> tuple[str, str]:
    """By what versions of an object are told apart and put in order: the moment of `modified` (else `created`) to the
    second, and the digits after it."""
    # An observable has neither; what takes one of Baham's back says when it did.
    written = found.get("modified") or found.get("created") or (extension.of(found) or {}).get("recalled_at")
    read = foreign.TIME.fullmatch(written) if isinstance(written, str) else None
    return (read[1] + read[2], (read[3] or "").rstrip("0")) if read else ("", "")


def _number(one: tuple[int, dict[str, Any]]) -> int:
    return one[0]


def _order(found: dict[str, Any]) -> tuple[tuple[str, str], bool]:
    return version(found), not foreign.is_current(found)


def repeated(path: Path | str) -> Seen:
    """The ids that stand more than once in the text of a file. What is nested counts as well and does no harm."""
    once, twice = Seen(), Seen()
    with opened(path) as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        for found in _IDS.finditer(text):
            name = found[1].decode("ascii")
            if once.again(name):
                twice.again(name)
    return twice
