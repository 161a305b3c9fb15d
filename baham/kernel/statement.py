"""The statement: one source saying one thing about one entity. Everything Baham knows is made of these.

The columns are FollowTheMoney's, unchanged, and so is the id, so that its tools read what Baham writes. What Baham adds
(where the value stood, how it is graded and handled, who contradicts it) is kept beside the statement under that id.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

COLUMNS = (
    "id",
    "entity_id",
    "canonical_id",
    "schema",
    "prop",
    "value",
    "lang",
    "original_value",
    "dataset",
    "origin",
    "first_seen",
    "last_seen",
    "external",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file a value stood: the record (a reference number, or a line) and the field inside it."""

    record: str = ""
    field: str = ""

    def __str__(self) -> str:
        return ", ".join(part for part in (self.record, self.field) if part)


@dataclass(frozen=True, slots=True)
class Statement:
    """FtM's columns, then Baham's: `place`, the source's own word for an alias's `quality`, `flags` for what is odd.

    `original_value` is the value as it stood where `value` is a reading of it (a date, a country), else None.
    Times are ISO 8601 in UTC. Raises ValueError without a dataset, entity, property or value.
    """

    entity_id: str
    schema: str
    prop: str
    value: str
    dataset: str
    lang: str | None = None
    original_value: str | None = None
    canonical_id: str | None = None
    origin: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    external: bool = False
    place: Place = Place()
    quality: str = ""
    flags: tuple[str, ...] = ()
    id: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if not (self.entity_id and self.schema and self.prop and self.value and self.dataset):
            needed = ("entity_id", "schema", "prop", "value", "dataset")
            raise ValueError(f"a statement needs its {next(name for name in needed if not getattr(self, name))}")
        if not self.id:
            made = statement_id(self.dataset, self.entity_id, self.prop, self.value, self.external, self.lang)
            object.__setattr__(self, "id", made)

    def as_row(self) -> dict[str, Any]:
        """FtM's columns in FtM's order, as its `statements.csv` has them."""
        row = {name: getattr(self, name) for name in COLUMNS}
        row["canonical_id"] = self.canonical_id or self.entity_id
        return row


def statement_id(
    dataset: str, entity_id: str, prop: str, value: str, external: bool = False, lang: str | None = None
) -> str:
    """FtM's content hash, as hexadecimal SHA-1 (followthemoney 4.11, Statement.make_key; compared with it in a test).

    A lone surrogate, which UTF-8 cannot hold, is hashed as it stands rather than refused.
    """
    tagged = value if lang is None else f"{value}@{lang}"
    key = f"{dataset}.{entity_id}.{prop}.{tagged}" + (".ext" if external else "")
    return hashlib.sha1(key.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
