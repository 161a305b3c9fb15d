"""Where statements come from: a source, its dataset, and the versions of it that were loaded."""

from dataclasses import dataclass, field
from datetime import datetime

from baham.kernel.handling import OPEN, Handling


@dataclass(frozen=True, slots=True)
class Source:
    """Who publishes, and where: what `baham sources update` needs to fetch a dataset from its publisher."""

    name: str
    title: str
    publisher: str
    format: str
    url: str = ""
    licence: str = ""
    handling: Handling = field(default=OPEN)


@dataclass(frozen=True, slots=True)
class Version:
    """One loaded state of a dataset: the file it came from and what changed with it, in entities."""

    dataset: str
    number: int
    label: str
    sha256: str
    loaded_at: datetime
    statements: int
    entities: int
    added: int = 0
    changed: int = 0
    removed: int = 0
