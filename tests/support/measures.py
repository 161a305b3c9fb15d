"""What each measure says of itself to the house's own tests, in `tests/measures/<measure>/house.py`: so that a measure is
added without an edit to them. Whatever a measure does not have, it leaves out."""

from importlib import import_module
from typing import Any

from baham.platform.measure import switched_on


def said(name: str) -> dict[Any, Any]:
    """What the measures that are on say under this name, together."""
    found: dict[Any, Any] = {}
    for one in switched_on():
        found |= getattr(import_module(f"tests.measures.{one.name}.house"), name, {})
    return found
