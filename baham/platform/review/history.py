"""What was decided before on the same pair, the same subject or the same entry: shown beside every new question."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from baham.platform.accounts.models import User
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.review.kinds import kind_of
from baham.platform.review.models import Item
from baham.platform.review.reading import as_readable
from baham.platform.review.worklist import within_reach
from baham.platform.screening.models import Clearing

_MOST = 8


@dataclass(frozen=True, slots=True)
class Since:
    """A value of the entry that was taken back since the matter was opened, and where it is told why."""

    prop: str
    value: str
    url: str


SINCE: list[Callable[[Item, NeedToKnow], Iterable[Since]]] = []
"""How other rooms say what was taken back since; each adds its own when it is ready."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier matter: whether it was about the very same pair, and what was answered."""

    item: Item
    same_pair: bool
    answer: str


def earlier(item: Item, reader: NeedToKnow) -> list[Earlier]:
    """Matters about the same subject as asked or the same pair of records, as far as the reader may see them: the same
    pair first, then the newest."""
    alike = Q(pk__in=[])
    if item.subject_key:
        alike |= Q(subject_key=item.subject_key, kind__in=("match", "release"))
    if item.other_id is not None:
        alike |= Q(kind=item.kind, entity=item.entity_id, other=item.other_id)
        alike |= Q(kind=item.kind, entity=item.other_id, other=item.entity_id)
    found = within_reach(reader.user).filter(alike).exclude(pk=item.pk).exclude(outcome="")
    rows = list(
        found.select_related("entity__dataset", "other__dataset", "dataset")
        .prefetch_related("signatures")
        .order_by("-closed_at")[: _MOST * 4]
    )
    as_readable(rows, reader)
    told = [Earlier(one, one.entity_id == item.entity_id, str(kind_of(one).label_of(one.outcome))) for one in rows]
    return sorted(told, key=lambda one: not one.same_pair)[:_MOST]


def clearings(item: Item, reader: NeedToKnow) -> list[Clearing]:
    """Clearings of the pair that this matter is about, or that came out of it, as far as the reader may see the matters
    in which they were decided; the newest first."""
    if item.entity_id is None:
        return []
    about = Q(matter=item.pk)
    if item.subject_key:
        about |= Q(subject_key=item.subject_key, entity=item.entity_id)
    if item.proposal.get("clearing"):
        about |= Q(pk=item.proposal["clearing"])
    return readable(seen_clearings(reader.user).filter(about)[:_MOST], reader)


def seen_clearings(user: User) -> QuerySet[Clearing]:
    """The clearings whose matters somebody may see."""
    return Clearing.objects.filter(matter__in=within_reach(user).values("pk")).select_related("entity__dataset")


def readable(found: Iterable[Clearing], reader: NeedToKnow) -> list[Clearing]:
    """Of these clearings those on entries of which the reader may know."""
    rows = list(found)
    shown = reader.shown({one.entity_id: one.entity for one in rows}.values())
    for one in rows:
        one.entity = shown.get(one.entity_id, one.entity)
    return [one for one in rows if one.entity_id in shown]


def since(item: Item, reader: NeedToKnow) -> list[Since]:
    """What was taken back since the matter was opened, while it is open: for those who keep the record."""
    if item.outcome or item.entity is None or not reader.keeps(item.entity.dataset):
        return []
    return [one for find in SINCE for one in find(item, reader)]
