"""Screening against what a version of a list brought, and against nothing else: for subjects that are asked about again
and again. The work grows with the change and not with the list.
"""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from baham.kernel.chunks import in_chunks
from baham.platform.ledger.models import Change, Version
from baham.platform.screening.index import subjects
from baham.platform.screening.services import Found, entries_in_force

if TYPE_CHECKING:
    from baham.engines.names import NameIndex, Query

_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Delta:
    """What a version did: the entities (ids) that it added or changed, and those that it no longer has."""

    touched: list[int]
    removed: list[int]


def delta_of(version: Version) -> Delta:
    """The entities that a version touched."""
    touched: list[int] = []
    removed: list[int] = []
    changes = Change.objects.filter(version=version).order_by("pk").values_list("entity_id", "kind")
    for entity, kind in changes.iterator(_CHUNK):
        (removed if kind == Change.Kind.REMOVED else touched).append(entity)
    return Delta(touched, removed)


class Touched:
    """An index of some entities as they are now. `len` is how many of them can be matched at all."""

    def __init__(self, index: "NameIndex | None") -> None:
        self._index = index

    def __len__(self) -> int:
        return 0 if self._index is None else len(self._index)

    def screen(self, queries: Sequence["Query"], *, limit: int, threshold: float | None = None) -> list[list[Found]]:
        """Hits for each query among these entities, as `services.screen` gives them among all."""
        if self._index is None:
            return [[] for _query in queries]
        return entries_in_force(list(queries), self._index.screen(queries, limit=limit, threshold=threshold), "")


@contextmanager
def index_of(entities: Collection[int]) -> Iterator[Touched]:
    """An index of these entities alone, in a folder that is gone afterwards."""
    from baham.engines.names import NameIndex

    with tempfile.TemporaryDirectory(prefix="baham-delta-") as folder:
        stream = (subject for chunk in in_chunks(sorted(entities)) for _dataset, subject in subjects(chunk))
        index = NameIndex.build(stream, Path(folder) / "names") if entities else None
        yield Touched(index if index is not None and len(index) else None)
