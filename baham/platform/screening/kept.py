"""Results that were kept, as their reader may read them now (need-to-know).

A file of results holds what was listed when it was made. Since then a value may have been marked more strictly, a
record set apart, or its reader moved. So each reading holds the hits against what the reader may read then: a hit on
what may not be read any more is left out, and the row says that it is to be screened anew.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from baham.kernel.chunks import in_chunks
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.screening.index import field_of

_ROWS = 500
_Place = tuple[str, str]


def rows(path: Path, reader: NeedToKnow) -> Iterator[dict[str, Any]]:
    """The rows of a file of results as the reader may read them now, in their order. What is no row, as the end of a
    file whose screening was stopped by a crash, is left out."""
    with path.open(encoding="utf-8") as file:
        while some := list(islice(file, _ROWS)):
            yield from _as_read_now([row for row in map(_row, some) if row is not None], reader)


def lines(path: Path, reader: NeedToKnow) -> Iterator[str]:
    """The same as JSON lines."""
    for row in rows(path, reader):
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _as_read_now(some: list[dict[str, Any]], reader: NeedToKnow) -> Iterator[dict[str, Any]]:
    known = _Known({_place(hit) for row in some for hit in row["hits"]}, reader)
    for row in some:
        hits = [hit for hit in row["hits"] if known.may_read(hit)]
        if len(hits) < len(row["hits"]):
            row["withheld"] = _("Some of it may not be read now. Screen it anew.")
        yield {**row, "hits": hits}


class _Known:
    """What of some listed entries the reader may read, of all that was ever said of them."""

    def __init__(self, places: set[_Place], reader: NeedToKnow) -> None:
        self._open: dict[_Place, set[str]] = defaultdict(set)
        self._shut: dict[_Place, set[str]] = defaultdict(set)
        owners = {one.pk: one for one in _entities(places)}
        for said in _said(owners):
            self._sort(said, owners, reader)

    def _sort(self, said: list[Statement], owners: dict[int, Entity], reader: NeedToKnow) -> None:
        shut = reader.closed([(one.pk, one.entity_id, bytes(one.sid)) for one in said], owners)
        for one in said:
            owner = owners[one.entity_id]
            if one.pk not in shut:
                self._open[owner.dataset.name, owner.key].add(one.value.casefold())
            elif field_of(one.prop):
                self._shut[owner.dataset.name, owner.key].add(one.value.casefold())

    def may_read(self, hit: dict[str, Any]) -> bool:
        """Whether a hit rests on nothing but what may be read. Where something that is matched on may not, each value
        that the hit shows has to be one that may, or (*about 1968*) to be made of one and of none that may not."""
        place = _place(hit)
        may, may_not = self._open.get(place), self._shut.get(place, set[str]())
        if may is None:
            return False
        closed = may_not - may
        shown = {str(hit["caption"]), *(str(one.get("listed") or "") for one in hit["evidence"])} - {""}
        return not closed or all(_is_open(text.casefold(), may, closed) for text in shown)


def _is_open(text: str, may: set[str], closed: set[str]) -> bool:
    return text in may or (any(one in text for one in may) and not any(one in text for one in closed))


def _place(hit: dict[str, Any]) -> _Place:
    return str(hit["dataset"]), str(hit["entity"])


def _entities(places: set[_Place]) -> Iterator[Entity]:
    by_list: dict[str, list[str]] = defaultdict(list)
    for name, key in sorted(places):
        by_list[name].append(key)
    for name, keys in by_list.items():
        for some in in_chunks(keys):
            found = Entity.objects.filter(dataset__name=name, key__in=some)
            yield from found.select_related("dataset")


def _said(entities: Iterable[int]) -> Iterator[list[Statement]]:
    for some in in_chunks(sorted(entities), _ROWS):
        rows = Statement.objects.filter(entity__in=some)
        yield list(rows.only("entity_id", "sid", "prop", "value"))


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("hits"), list) else None
