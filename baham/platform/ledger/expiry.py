"""Review dates: what is past its own no longer matches, until a person says why it should (safeguard S-11).

Every list has a date; an entry may have an earlier one, which its source gives (`reviewDate`) or a person set. Whether
a date has passed is asked whenever something is screened, so that no job has to run for a record to leave.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from baham.kernel.dates import span
from baham.kernel.decision import LEAST_REASON
from baham.kernel.standing import Standing
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Dataset, Entity, Extension, Restriction, StandingGiven
from baham.platform.ledger.touches import touch, touch_dataset

PROP = "reviewDate"


class CannotExtend(ValueError):
    """The date may not be put off like this. The text is for the person who tried."""


def in_force(today: date | None = None) -> Q:
    """Which entities can match: listed now, by a list that is screened, with no review date that has passed, neither
    restricted nor a victim, witness or mere contact (safeguards S-08, S-12)."""
    return alive(today) & Q(dataset__screened=True) & not_set_apart()


def not_set_apart() -> Q:
    """Which entities may be used to find somebody by: those that no record judged the same sets apart."""
    restricted = Restriction.objects.filter(lifted_at=None).values("entity__canonical_id")
    later = StandingGiven.objects.filter(entity=OuterRef("entity"), pk__gt=OuterRef("pk"))
    apart = [standing.value for standing in Standing if not standing.may_be_watched_for]
    gentle = StandingGiven.objects.filter(~Exists(later), standing__in=apart).values("entity__canonical_id")
    return ~Q(canonical_id__in=restricted) & ~Q(canonical_id__in=gentle)


def alive(today: date | None = None) -> Q:
    """Which entities are still said by their source and not ended by its own words, screened against or not, with no
    review date that has passed."""
    today = today or timezone.localdate()
    return listed(today) & Q(dataset__review_by__gte=today) & (Q(review_by=None) | Q(review_by__gte=today))


def listed(today: date | None = None) -> Q:
    """Which entities their publisher lists, and has not ended by its own words."""
    return Q(current=True) & (Q(ended=None) | Q(ended__gt=today or timezone.localdate()))


def lapsed_entities(before: date) -> QuerySet[Entity]:
    """Entries whose own review date lies before the day, though their source still has them."""
    return Entity.objects.filter(current=True, dataset__screened=True, review_by__lt=before)


def lapsed_datasets(before: date) -> QuerySet[Dataset]:
    """Lists that are screened against and whose review date lies before the day."""
    return Dataset.objects.filter(screened=True, review_by__lt=before)


def date_said(values: Iterable[str]) -> date | None:
    """The last day that any of the written review dates may mean; None where there is none that can be read."""
    read = [days[1] for value in values if (days := span(value)) is not None]
    return max(read, default=None)


def extended(entities: Iterable[int]) -> dict[int, date]:
    """By entity, the latest date that a person put it off to."""
    rows = Extension.objects.filter(entity_id__in=list(entities)).values_list("entity_id")
    return dict(rows.annotate(last=Max("until")))


@transaction.atomic
def extend(
    dataset: Dataset, actor: Actor, reason: str, *, entity: Entity | None = None, until: date | None = None
) -> Extension:
    """Keep a list, or one entry of it, in screening until a later day (BAHAM_REVIEW_DAYS from now if none is named).

    Raises CannotExtend for a day that is not to come and for a reason that says too little.
    """
    today = timezone.localdate()
    until = until or today + timedelta(days=settings.REVIEW_DAYS)
    if until <= today:
        raise CannotExtend("The new review date must lie in the future.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotExtend(f"Write at least {LEAST_REASON} characters; the person concerned may read this.")
    subject: Dataset | Entity = entity if entity is not None else dataset
    made = Extension.objects.create(
        dataset=dataset,
        entity=entity,
        was=subject.review_by,
        until=until,
        by=actor.name,
        reason=reason.strip(),
        at=timezone.now(),
    )
    type(subject).objects.filter(pk=subject.pk).update(review_by=until)
    subject.review_by = until
    if entity is not None:
        touch([entity.pk])
    else:
        touch_dataset(dataset)
    named = f"entity:{entity.pk}" if entity is not None else f"dataset:{dataset.name}"
    record(
        actor,
        Event.ALTERATION,
        "extended the review date",
        named,
        title=str(subject),
        justification=reason,
        until=until.isoformat(),
        was=made.was.isoformat() if made.was else "",
    )
    return made
