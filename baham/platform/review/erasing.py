"""The review's place in an erasure: matters about the person, with what was put forward, said and decided on them."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from baham.platform.places import Concerned, texts_of
from baham.platform.review.kinds import ERASED
from baham.platform.review.models import Item, Letter, Passing, Signature

_NAMED_ONLY = ("agreement", "erasure")
"""Kinds of matters that are about something else than the person whom they may name."""
MODELS = tuple(model._meta.label for model in (Item, Signature, Passing, Letter))


def holding(concerned: Concerned) -> QuerySet[Item]:
    """Matters by which somebody is, or is yet to be, told to let go of whom they hold because of the record (safeguard
    S-38): open ones, and confirmed hits that nobody was asked to let go of."""
    asked = Item.objects.filter(kind="release", follows=OuterRef("pk"))
    confirmed = Q(kind="match", outcome="same") & ~Exists(asked)
    return Item.objects.filter(Q(kind="release", outcome="") | confirmed, entity__in=concerned.entities)


def holds(concerned: Concerned) -> int:
    """How many matters are about the record."""
    return _about(concerned).count()


def erase(concerned: Concerned) -> int:
    """Empty those matters; who decided what and when stays. One that is open is over. Inside the caller's transaction.

    Who was found to be somebody else keeps the own words under which he or she was let go. A matter about others is
    left alone, unless it is certain (a number, or the name with another fact) that it speaks of the person.
    """
    about = set(_about(concerned).values_list("pk", flat=True))
    for item in Item.objects.order_by("pk").iterator(1_000):
        if item.pk in about:
            item.title, item.evidence = "", []
            if item.outcome != "different":
                item.proposal, item.subject_key = _numbers(item), ""
            if not item.outcome:
                item.outcome, item.closed_at = ERASED, timezone.now()
        elif item.entity_id in concerned.partly or item.other_id in concerned.partly or _is_about(concerned, item):
            item.title, item.proposal = concerned.without(item.title), concerned.without(item.proposal)
            item.evidence = concerned.without(item.evidence)
        else:
            continue
        item.save(update_fields=["title", "proposal", "evidence", "subject_key", "outcome", "closed_at"])
    for model in (Signature, Passing):
        model.objects.filter(item__in=about).update(reason="")
        for row in model.objects.exclude(reason="").iterator(1_000):
            if (reason := concerned.without(row.reason)) != row.reason:
                model.objects.filter(pk=row.pk).update(reason=reason)
    return len(about)


def known_as(concerned: Concerned) -> list[str]:
    """How the log calls these matters."""
    return [f"matter:{pk}" for pk in _about(concerned).values_list("pk", flat=True)]


def _about(concerned: Concerned) -> QuerySet[Item]:
    on = Q(entity__in=concerned.entities) | Q(other__in=concerned.entities)
    return Item.objects.filter(on | Q(follows__entity__in=concerned.entities)).exclude(kind__in=_NAMED_ONLY)


def _numbers(item: Item) -> dict[str, object]:
    """What of a proposal is no word about anybody: the numbers by which its page finds what it is about."""
    return {name: value for name, value in item.proposal.items() if isinstance(value, int)}


def _is_about(concerned: Concerned, item: Item) -> bool:
    return concerned.is_about(texts_of([item.title, item.proposal, item.evidence]))
