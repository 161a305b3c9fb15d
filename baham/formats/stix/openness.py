"""Whether a bundle is open to all, which it has to be to be a list."""

from pathlib import Path
from typing import Any

from baham.formats.errors import BadInput, shown
from baham.formats.stix import extension, markings
from baham.kernel.handling import OPEN, TLP

_NO_LIST = "and a list is open to all: it is to come in from a partner"


class Marks:
    """Keeps which markings the objects of a bundle have, and which the bundle defines: either may come first."""

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._used: dict[str, int] = {}
        self._sentences: set[str] = set()

    def note(self, number: int, found: dict[str, Any]) -> None:
        """Take in an object. BadInput, which names it, for one that TLP says is not for all."""
        if found["type"] == "marking-definition" and markings.is_notice(found):
            self._sentences.add(found["id"])
        if "party" in (extension.of(found) or {}):
            return
        words = markings.in_text(found)
        if words != OPEN:
            label = words.tlp.label if words.tlp is not TLP.CLEAR else words.pap.label
            raise BadInput(self._path, f"is marked {label} in words, {_NO_LIST}", field=f"objects[{number}]")
        for ref in _refs(found):
            if not isinstance(ref, str):
                raise BadInput(self._path, "is to be a text", field=f"objects[{number}].object_marking_refs")
            tlp = markings.TLP_OF.get(ref)
            if tlp is not None and tlp is not TLP.CLEAR:
                raise BadInput(self._path, f"is marked {tlp.label}, {_NO_LIST}", field=f"objects[{number}]")
            if tlp is None:
                self._used.setdefault(ref, number)

    def check(self) -> None:
        """At the end: BadInput for a marking that is not defined here, or that says more than whose work it is."""
        for ref, number in self._used.items():
            if ref not in self._sentences:
                raise BadInput(self._path, f"is marked with {shown(ref)}, {_NO_LIST}", field=f"objects[{number}]")


def _refs(found: dict[str, Any]) -> list[Any]:
    named, granular = (found.get(name) or [] for name in ("object_marking_refs", "granular_markings"))
    if not isinstance(named, list) or not isinstance(granular, list):
        return [None]
    return [*named, *(one.get("marking_ref") for one in granular if isinstance(one, dict) and "lang" not in one)]
