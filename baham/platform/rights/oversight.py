"""Oversight of answers (safeguard S-14): a refusal is examined from end to end, by somebody who changes nothing.

Whoever was refused may have the oversight body exercise the right in their place (Directive (EU) 2016/680, Article 17).
It reads the request, every word of those who decided, all that is held without a redaction, and the log of how it was
handled; each reading is logged. It finds the answer lawful, has it decided again by others, or recommends what is to be
done instead: what follows is decided by those who answer for the record. The person learns that all necessary
verifications have taken place (Article 17(3)), and nothing else, whatever was found.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from baham.platform.accounts.models import User
from baham.platform.audit.models import Entry, Event
from baham.platform.audit.services import Actor, consulted, record
from baham.platform.ledger import standing
from baham.platform.ledger.models import Restriction
from baham.platform.review.errors import CannotDecide
from baham.platform.review.models import Item
from baham.platform.rights import requests
from baham.platform.rights.access import gather
from baham.platform.rights.held_log import handling_of
from baham.platform.rights.models import Examination, Request
from baham.platform.rights.requests import CannotAnswer, check_reason, put_before, whose
from baham.platform.rights.telling import Thing

DAYS = 60
"""Within how many days oversight finds; and within how many what it recommends is decided."""
ADVICE_DAYS = 30
Follow = Callable[[Request, Item, Actor, str], None]


def _give(one: Request, item: Item, actor: Actor, reason: str) -> None:
    requests.fix(one, item, "give", {}, actor)


def _restrict(one: Request, item: Item, actor: Actor, reason: str) -> None:
    restricted = set(Restriction.objects.filter(lifted_at=None).values_list("entity_id", flat=True))
    for entity in whose(one).members:
        if entity.pk not in restricted:
            try:
                standing.restrict(entity, actor, reason, agreed_by=item.proposed_by)
            except standing.CannotMark as error:
                raise CannotDecide(str(error)) from error


ADVICE: dict[str, Follow] = {"give": _give, "restrict": _restrict}
"""What oversight may recommend, and what is done when those who decide follow it. Erasure adds its own when ready."""


@transaction.atomic
def bring(one: Request, actor: Actor, brought_by: str = "person") -> Examination:
    """Take an answer before oversight: at the wish of the `person`, or by `oversight` itself. Raises CannotAnswer."""
    one = Request.objects.select_for_update().get(pk=one.pk)
    if not one.may_be_examined:
        raise CannotAnswer(f"{one.number} is not answered yet, and not overdue: there is nothing to examine.")
    waits = one.examinations.filter(finding="").first()
    if waits is not None:
        return waits
    made = Examination.objects.create(
        request=one,
        brought_by=brought_by,
        opened_by=actor.name,
        opened_at=timezone.now(),
        due_on=timezone.localdate() + timedelta(days=DAYS),
    )
    record(
        actor,
        Event.SYSTEM,
        "brought before oversight",
        f"request:{one.pk}",
        title=one.number,
        examination=made.pk,
        by=brought_by,
    )
    return made


def open_ones() -> QuerySet[Examination]:
    """What waits for a finding, the earliest due first."""
    return Examination.objects.filter(finding="").select_related("request").order_by("due_on", "pk")


def refusals() -> QuerySet[Request]:
    """Answers that kept something by choice, and requests past their day, that nobody has taken up since."""
    taken = Examination.objects.filter(request=OuterRef("pk"))
    since = taken.filter(Q(finding="") | Q(opened_at__gte=OuterRef("answered_at")))
    late = Q(answer="", due_on__lt=timezone.localdate()) & ~Exists(taken)
    return Request.objects.filter(Q(answer__in=("part", "refuse", "neither")) & ~Exists(since) | late).order_by("-pk")


def examine(one: Examination, actor: Actor) -> tuple[list[Thing], list[Entry]]:
    """All that is held, unredacted, and the log of how the request was handled. Logged as a reading of each record."""
    person = whose(one.request)
    things = gather(person)
    for entity in person.members:
        consulted(actor, f"entity:{entity.pk}", str(entity), examination=one.pk)
    consulted(actor, f"request:{one.request_id}", one.request.number, examination=one.pk, items=len(things))
    return things, list(handling_of(one.request))


@transaction.atomic
def find(one: Examination, user: User, actor: Actor, finding: str, reasons: str, advice: str = "") -> Examination:
    """Write the finding, once. `again` and `unlawful` put a matter before those who decide; nothing else changes.

    Raises CannotAnswer.
    """
    one = Examination.objects.select_for_update().select_related("request").get(pk=one.pk)
    if not user.may("oversight.examine") or actor.name != user.username:
        raise CannotAnswer("Only oversight writes a finding.")
    if one.finding:
        raise CannotAnswer("The finding has been written already.")
    if finding not in Examination.Finding.values:
        raise CannotAnswer("Choose one of the findings.")
    if finding == Examination.Finding.UNLAWFUL and advice not in ADVICE:
        raise CannotAnswer("Say what you recommend.")
    if finding == Examination.Finding.AGAIN and one.request.is_open:
        raise CannotAnswer("This request waits for its first decision; it cannot be decided again.")
    one.finding, one.reasons, one.by, one.at = finding, check_reason(reasons), actor.name, timezone.now()
    one.advice = advice if finding == Examination.Finding.UNLAWFUL else ""
    one.matter = _put(one, actor)
    one.save()
    record(
        actor,
        Event.SYSTEM,
        f"found: {finding}",
        f"request:{one.request_id}",
        title=one.request.number,
        justification=one.reasons,
        examination=one.pk,
        advice=one.advice,
    )
    return one


def _put(one: Examination, actor: Actor) -> Item | None:
    """The matter that a finding puts before those who decide, none of whom decided on the request before."""
    if one.finding == Examination.Finding.LAWFUL:
        return None
    kind = "access-again" if one.finding == Examination.Finding.AGAIN else "oversight-advice"
    more: dict[str, Any] = {"examination": one.pk, "excluded": sorted({*decided(one.request), one.request.recorded_by})}
    return put_before(one.request, actor, kind, due_at=timezone.now() + timedelta(days=ADVICE_DAYS), **more)


def decided(one: Request) -> set[str]:
    """Who signed anything on a request so far."""
    return set(one.words.values_list("by", flat=True))


def follow(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """Do what oversight recommended, where those who decide follow it. Called by review alone."""
    signed = set(item.signatures.values_list("by", flat=True))
    if signed & requests.excluded(item):
        raise CannotDecide("You decided on this request before; others decide it now.")
    one = Examination.objects.select_related("request").get(pk=item.proposal["examination"])
    if choice == "follow":
        ADVICE[one.advice](one.request, item, actor, reason)
    record(
        actor,
        Event.ALTERATION,
        f"recommendation: {choice}",
        f"request:{one.request_id}",
        title=one.request.number,
        justification=reason,
        examination=one.pk,
        advice=one.advice,
    )


@transaction.atomic
def tell(one: Examination, actor: Actor, language: str) -> str:
    """The short answer of Article 17(3) as a page of its own, the same whatever was found. Raises CannotAnswer."""
    if not one.finding:
        raise CannotAnswer("The person is told when the finding is written.")
    if language not in dict(settings.LANGUAGES):
        raise CannotAnswer(f"{language!r} is not a language that Baham speaks")
    one.told_at, one.language = timezone.now(), language
    one.save(update_fields=["told_at", "language"])
    record(
        actor,
        Event.DISCLOSURE,
        "told that it was examined",
        f"request:{one.request_id}",
        title=one.request.number,
        recipient=requests.RECIPIENT,
        examination=one.pk,
        language=language,
    )
    from baham.platform.rights.report import page_around

    with translation.override(language):
        return render_to_string(
            "rights/verified.html", {**page_around(language), "one": one, "number": one.request.number}
        )


def advised() -> QuerySet[Examination]:
    """What oversight put before those who decide and what became of it, open ones and the earliest due first."""
    found = Examination.objects.exclude(matter=None).select_related("matter", "request")
    return found.order_by("matter__outcome", "matter__due_at")
