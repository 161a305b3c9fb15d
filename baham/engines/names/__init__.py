"""Name screening: who on a list may be the person asked about, with the evidence for and against. See
docs/screening.md."""

from .index import NameIndex
from .judge import DEFAULT_THRESHOLD, compare
from .layered import LayeredIndex
from .types import Evidence, Hit, IndexDamaged, Query, Subject

__all__ = [
    "DEFAULT_THRESHOLD",
    "Evidence",
    "Hit",
    "IndexDamaged",
    "LayeredIndex",
    "NameIndex",
    "Query",
    "Subject",
    "compare",
]
