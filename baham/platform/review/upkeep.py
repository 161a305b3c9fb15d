"""What must come before people by itself: review dates that pass, and holds whose listing has ended.

Asked whenever the list is looked at, every hour, and in the transaction of each load, so that it depends on no one job.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from baham.platform.audit.services import Actor, take_the_pen
from baham.platform.ledger import expiry
from baham.platform.ledger.models import Dataset, Entity, Offered, Version
from baham.platform.review.models import Item
from baham.platform.review.services import propose

AHEAD = timedelta(days=30)
"""How long before its review date a record comes up, so that nobody is surprised by a list that no longer matches."""
_AT_ONCE = 200
_LEDGER = Actor("engine:ledger")


def bring_up(most: int = _AT_ONCE) -> int:
    """Put before the reviewers what is due; what is before them already is left alone. Returns how many were new.

    Of each sort at most so many at once, so that nobody's page waits for a long list.

    Three queries where nothing is.
    """
    if not (_lists().exists() or _entries().exists() or _ended_holds().exists()):
        return 0
    with transaction.atomic():
        take_the_pen()  # another process may have seen the same
        made = [_ask(dataset.review_by, dataset=dataset) for dataset in _lists()[:most]]
        made += [_ask(entity.review_by, entity=entity) for entity in _entries()[:most] if entity.review_by]
        made += [let_go(item) for item in _ended_holds()[:most]]
    return len(made)


def after_load(version: Version) -> None:
    """In the transaction of a load: who is held because of an entry that it delisted comes up the same moment."""
    bring_up()


def ask_about(offered: Offered, actor: Actor) -> Item:
    """Put a file before a second person that would end or change very much of its list."""
    dataset = Dataset.objects.get(name=offered.dataset_name)
    return propose("version", "", proposed_by=actor, proposal={"offered": offered.pk}, evidence=[], dataset=dataset)


def _lists() -> QuerySet[Dataset]:
    """Lists whose review date comes, and about which nobody has been asked for this date."""
    asked = Item.objects.filter(kind="review-due", entity=None, dataset=OuterRef("pk"))
    return expiry.lapsed_datasets(_soon()).filter(~Exists(asked.filter(due_at__date=OuterRef("review_by"))))


def _entries() -> QuerySet[Entity]:
    """Entries whose own review date comes, and about which nobody has been asked for this date."""
    asked = Item.objects.filter(kind="review-due", entity=OuterRef("pk"), due_at__date=OuterRef("review_by"))
    soon = expiry.lapsed_entities(_soon()).filter(~Exists(asked))
    return soon.select_related("dataset").order_by("review_by", "pk")


def _ended_holds() -> QuerySet[Item]:
    """Hits that two people confirmed, about an entry that has been delisted since; each comes up once."""
    over = Q(entity__current=False) | Q(entity__ended__lte=timezone.localdate())
    confirmed = Item.objects.filter(over, kind="match", outcome="same")
    asked = Item.objects.filter(kind="release", follows=OuterRef("pk"))
    return confirmed.filter(~Exists(asked)).select_related("entity").order_by("pk")


def _soon() -> date:
    return timezone.localdate() + AHEAD


def _ask(review_by: date, *, dataset: Dataset | None = None, entity: Entity | None = None) -> Item:
    # Due at the end of the last day on which it still matches.
    due = datetime.combine(review_by, time(23, 59), timezone.get_current_timezone())
    return propose(
        "review-due",
        "",
        proposed_by=_LEDGER,
        proposal={"review_by": review_by.isoformat()},
        evidence=[],
        dataset=dataset or (entity.dataset if entity else None),
        entity=entity,
        due_at=due,
    )


def let_go_of(entities: Collection[int]) -> int:
    """Ask now, and for all of them, whether the holds on these entries are lifted; how many holds were new."""
    ended = list(_ended_holds().filter(entity__in=entities))
    for item in ended:
        let_go(item)
    return len(ended)


def let_go(held: Item) -> Item:
    """Ask whether a hold is lifted whose ground has gone, due within a day. What was asked and is open or lifted is
    not asked again."""
    asked = Item.objects.filter(kind="release", follows=held).exclude(outcome="kept").first()
    return asked or propose(
        "release",
        "",
        proposed_by=_LEDGER,
        proposal=held.proposal,
        evidence=held.evidence,
        entity=held.entity,
        asker=held.asker,
        follows=held,
        verdict=held.verdict,
        due_at=timezone.now() + timedelta(days=1),
    )
