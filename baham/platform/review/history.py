"""What was decided before on the same pair, the same subject or the same entry: shown beside every new question."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from baham.platform.review.kinds import kind_of
from baham.platform.review.models import Item
from baham.platform.screening.models import Clearing

_MOST = 8


@dataclass(frozen=True, slots=True)
class Since:
    """A value of the entry that was taken back since the matter was opened, and where it is told why."""

    prop: str
    value: str
    url: str


SINCE: list[Callable[[Item], Iterable[Since]]] = []
"""How other rooms say what was taken back since; each adds its own when it is ready."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier matter: whether it was about the very same pair, and what was answered."""

    item: Item
    same_pair: bool
    answer: str


def earlier(item: Item) -> list[Earlier]:
    """Matters about the same subject as asked or the same pair of records, the same pair first, then the newest."""
    alike = Q(pk__in=[])
    if item.subject_key:
        alike |= Q(subject_key=item.subject_key, kind__in=("match", "release"))
    if item.other_id is not None:
        alike |= Q(kind=item.kind, entity=item.entity_id, other=item.other_id)
        alike |= Q(kind=item.kind, entity=item.other_id, other=item.entity_id)
    found = Item.objects.filter(alike).exclude(pk=item.pk).exclude(outcome="")
    rows = list(
        found.select_related("entity__dataset", "other__dataset", "dataset")
        .prefetch_related("signatures")
        .order_by("-closed_at")[: _MOST * 4]
    )
    told = [Earlier(one, one.entity_id == item.entity_id, str(kind_of(one).label_of(one.outcome))) for one in rows]
    return sorted(told, key=lambda one: not one.same_pair)[:_MOST]


def clearings(item: Item) -> list[Clearing]:
    """Clearings of the pair that this matter is about, or that came out of it; the newest first."""
    if item.entity_id is None:
        return []
    about = Q(matter=item.pk)
    if item.subject_key:
        about |= Q(subject_key=item.subject_key, entity=item.entity_id)
    if item.proposal.get("clearing"):
        about |= Q(pk=item.proposal["clearing"])
    return list(Clearing.objects.filter(about).select_related("entity__dataset")[:_MOST])


def since(item: Item) -> list[Since]:
    """What was taken back since the matter was opened, while it is open."""
    return [] if item.outcome else [one for find in SINCE for one in find(item)]
