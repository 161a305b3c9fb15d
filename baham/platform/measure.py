"""The shape of a measure: what a folder under `measures` declares in its `measure.py`, once, for all who loop over it.

    MEASURE = Measure(name="weather", title=gettext_noop("Weather"), addresses="urls", ...)

A manifest names what it adds as `"module:name"` inside its own folder. It imports no models and no Django: the command
line reads it without setting Django up. What it names is looked up once, when the installation starts (`wiring.py`),
and strictly: a name that is not there is an error and never a menu without an entry.

A measure is *on* (BAHAM_MEASURES), *off* (no page, address, command or job answers; its tables stay, and what it holds
about a person is told and erased as before), or absent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any

from baham.platform.environment import measures

_PACKAGE = "baham.measures"


def gettext_noop(text: str) -> str:
    """Mark a text of a manifest for translation; whoever shows it translates it. (Django's own would import Django.)"""
    return text


class Group(Enum):
    """Where a measure stands in the menu: in the first row, or in one of the four groups of the second."""

    HOUSE = "house"
    UNDERSTAND = "understand"
    PROTECT = "protect"
    SUPPORT = "support"
    STEER = "steer"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the menu: its title, the name of its address, and the act whoever sees it may do ("": everybody)."""

    title: str
    address: str
    act: str
    group: Group


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out: its code, what it is called, and the module through which it goes."""

    code: str
    title: Any
    module: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose that may be chosen, and the roles, by code, that may choose it."""

    code: str
    title: str
    meaning: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What one measure adds to the house. Everything but name and title may be left out."""

    name: str
    """Its folder, which is its Django app's label too."""
    title: str
    menu: tuple[Entry, ...] = ()
    addresses: str = ""
    """The module of its addresses."""
    doors: tuple[str, ...] = ()
    """Beginnings of addresses at which programs ask, with a key and without a session."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Roles that no other part has: {code: title}."""
    acts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What may be done, and by which roles: {act: codes of roles}."""
    purposes: tuple[Purpose, ...] = ()
    kinds: str = ""
    """`module:name` of its kinds of review (`review.kinds.Kind`)."""
    workflows: str = ""
    """`module:name` of its workflows (`cases.workflow.Workflow`)."""
    exits: tuple[Exit, ...] = ()
    """Ways out, each through a module of its own folder."""
    records: str = ""
    """`module:name` of the places where it keeps personal records (`places.Place`)."""
    held: str = ""
    """`module:name` of what it tells persons concerned (`rights.access.Held`)."""
    jobs: Mapping[str, str] = field(default_factory=dict)
    """Long work, by kind: {kind: `module:name`}."""
    hourly: tuple[str, ...] = ()
    """`module:name` of what the worker does once an hour."""
    commands: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Groups of the command line: {name: (module, one line)}."""
    hooks: tuple[tuple[str, str], ...] = ()
    """What else it adds to rooms: (name of a hook in `hooks.py`, `module:name`)."""
    demo: str = ""
    """`module:name` of its part of the demonstration world."""
    docs: tuple[str, ...] = ()
    """Its pages in docs/."""
    needs: tuple[str, ...] = ()
    """Rooms of the platform that it stands on."""

    @property
    def app(self) -> str:
        """The package, as Django installs it."""
        return f"{_PACKAGE}.{self.name}"

    def module(self, name: str) -> str:
        """The full name of a module of this measure's folder."""
        return f"{self.app}.{name}"

    def find(self, named: str) -> Any:
        """What `module:name` of this measure is. An error where there is none: a manifest promises nothing in vain."""
        module, _, name = named.partition(":")
        return getattr(import_module(self.module(module)), name)


@cache
def installed() -> tuple[Measure, ...]:
    """The measures that are here, on or off, by name."""
    if find_spec(_PACKAGE) is None:
        return ()
    names = sorted(one.name for one in iter_modules(import_module(_PACKAGE).__path__) if one.ispkg)
    return tuple(import_module(f"{_PACKAGE}.{name}.measure").MEASURE for name in names)


def switched_on() -> list[Measure]:
    """The measures that this installation has switched on (BAHAM_MEASURES)."""
    return [one for one in installed() if one.name in measures([known.name for known in installed()])]
