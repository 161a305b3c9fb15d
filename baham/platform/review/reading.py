"""A matter as far as somebody may read the records that it is about (need-to-know)."""

from collections.abc import Iterable
from typing import Any

from baham.platform.ledger.need_to_know import NeedToKnow, View, named
from baham.platform.review.models import Item


def as_readable(items: Iterable[Item], reader: NeedToKnow) -> None:
    """Name the records of these matters as the reader may know them, and leave out evidence that rests on what is
    withheld. Such matters are for showing and are never saved. A few queries, whatever their number."""
    shown = list(items)
    ends = [end for item in shown for end in (item.entity, item.other) if end is not None]
    views = reader.look({end.pk: end for end in ends}.values())
    for item in shown:
        of = [views[pk] for pk in (item.entity_id, item.other_id) if pk is not None]
        for end in (item.entity, item.other):
            if end is not None and not (view := views[end.pk]).is_whole:
                end.caption = named(view).caption
        if any(not view.is_whole for view in of):
            item.evidence = [one for one in item.evidence if _may_be_told(one, of)]


def _may_be_told(evidence: dict[str, Any], views: Iterable[View]) -> bool:
    """Whether a piece of evidence speaks of nothing that is withheld: the listed value is one that may be read."""
    listed = str(evidence.get("listed") or "")
    return not listed or any(view.is_whole or listed in {said.value for said in view.open} for view in views)
