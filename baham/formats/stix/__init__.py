"""STIX 2.1 (OASIS, 2021): claims as objects, objects as claims, and bundles of others as lists.

`objects` writes, `claims` gives back what was written, equal to the last field; `FORMAT` reads anybody's bundle file.
Standard library only. docs/exchange.md has the mapping, the extension, and what is lost where.
"""

from baham.formats.stix.bundles import FORMAT
from baham.formats.stix.ids import EXTENSION, NAMESPACE, Producer, groups, whole
from baham.formats.stix.reading import Recalled, claims, recalls, stances
from baham.formats.stix.writing import (
    bundle,
    entity_object,
    kind_of,
    objects,
    opinion,
    pointed_at,
    revocation,
    shared,
)

__all__ = [
    "EXTENSION",
    "FORMAT",
    "NAMESPACE",
    "Producer",
    "Recalled",
    "bundle",
    "claims",
    "entity_object",
    "groups",
    "kind_of",
    "objects",
    "opinion",
    "pointed_at",
    "recalls",
    "revocation",
    "shared",
    "stances",
    "whole",
]
