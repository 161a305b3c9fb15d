"""Requests of persons concerned: written down, decided by people, given out. Directive (EU) 2016/680, Art. 12 to 15.

A request becomes a matter for review. Giving what the rule lets be told takes one person; keeping anything more takes
two who say the same and record the ground first. What they signed is kept as the answer, and each time it is made out
for the person is logged as a disclosure.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from baham.kernel.decision import LEAST_REASON
from baham.platform.accounts.models import Organisation, User
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, consulted, record
from baham.platform.review.errors import CannotDecide
from baham.platform.review.models import Item, Signature
from baham.platform.review.services import decide, propose
from baham.platform.rights import report
from baham.platform.rights.access import Concerned, concerned
from baham.platform.rights.models import Examination, GivenOut, Request, Word
from baham.platform.rights.telling import BY_CHOICE, Ground, Kept, Telling

DAYS = 30
"""Within how many days of its arrival a request is answered."""
KEEPS = timedelta(days=365)
"""How long the answer is kept after it was decided; longer while oversight examines it."""
TELLS_REASONS = frozenset({Ground.OTHERS})
"""Grounds under which the words of those who refused are told; under the others they might tell what is kept."""
CLOSED = ("refuse", "neither")
"""Answers that keep everything that is not public."""
RECIPIENT = "the person concerned"


class CannotAnswer(ValueError):
    """The request cannot be taken or answered like this. The text says what to mend."""


@transaction.atomic
def ask(
    actor: Actor,
    *,
    entities: Sequence[int | str] = (),
    asked: Mapping[str, str] | None = None,
    verified: str,
    received_on: date | None = None,
    reference: str = "",
    language: str = "en",
) -> Request:
    """Write down that somebody asked, and put it before those who decide. `verified` says how their identity was
    established, in a few words. Raises NotHeld or CannotAnswer."""
    person = concerned(entities, asked)
    received = received_on or timezone.localdate()
    if received > timezone.localdate():
        raise CannotAnswer("The day on which the request arrived lies in the future.")
    if len(verified.split()) < 2:
        raise CannotAnswer("Say in a few words how the identity was established: a passport seen, a known address.")
    if language not in dict(settings.LANGUAGES):
        raise CannotAnswer(f"{language!r} is not a language that Baham speaks")
    if not person.asked.get("name"):
        raise CannotAnswer("Write down the person’s name, as they give it.")
    made = Request.objects.create(
        asked=dict(person.asked),
        received_on=received,
        due_on=received + timedelta(days=DAYS),
        verified=" ".join(verified.split())[:300],
        reference=reference.strip()[:120],
        language=language,
        recorded_by=actor.name,
        recorded_at=timezone.now(),
    )
    made.entities.set(person.members)
    made.matter = put_before(made, actor, "access")
    made.save(update_fields=["matter"])
    record(
        actor,
        Event.COLLECTION,
        "wrote down a request",
        f"request:{made.pk}",
        title=made.number,
        entities=person.pks,
        verified=made.verified,
        due=made.due_on.isoformat(),
    )
    return made


def put_before(one: Request, actor: Actor, kind: str, **more: Any) -> Item:
    """Put a request before those who decide. Its name stays in the request: the matter carries its number alone."""
    due_at = more.pop("due_at", None) or one.due_at
    return propose(
        kind,
        one.number,
        proposed_by=actor,
        proposal={"request": one.pk, "party": one.number, **more},
        evidence=[],
        due_at=due_at,
        follows=one.matter,
    )


def whose(one: Request) -> Concerned:
    """Whom a request is about, with all records that are judged to be theirs today."""
    linked = list(one.entities.values_list("pk", flat=True))
    asked = one.asked if any(one.asked.get(fact) for fact in one.asked if fact != "name") else {}
    return concerned(linked, asked) if linked or asked else Concerned()


def link(one: Request, actor: Actor, entities: Sequence[int | str]) -> None:
    """Say that records are about the person who asked, as long as nobody has signed. Raises NotHeld or CannotAnswer."""
    with transaction.atomic():
        one = Request.objects.select_for_update().get(pk=one.pk)
        if not one.is_open:
            raise CannotAnswer("This request has been answered.")
        if Signature.objects.filter(item__outcome="", item__proposal__request=one.pk).exists():
            raise CannotAnswer("It has been signed as it is; no record can be linked any more.")
        found = concerned(entities).members
        one.entities.add(*found)
        record(
            actor,
            Event.COMBINATION,
            "linked records to a request",
            f"request:{one.pk}",
            title=one.number,
            entities=[entity.pk for entity in found],
        )


def preview(one: Request, grounds: Mapping[Kept, Ground] | None = None) -> tuple[dict[str, Any], Counter[Kept]]:
    """What would be told now, and what would be kept. Nothing is written."""
    made, kept = report.content(whose(one), Telling(grounds or {}), "give", timezone.now())
    return {**made, "asked": one.asked}, kept


def digest_of(made: Mapping[str, Any]) -> str:
    """A digest of what a preview tells, by which whoever signs says what was before them. Who read the records is left
    out: to read the page is to be among them."""
    places = [place for place in made["places"] if place["code"] != "readers"]
    return hashlib.sha256(json.dumps(places, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def decide_on(
    one: Request,
    item: Item,
    user: User,
    actor: Actor,
    choice: str,
    reason: str,
    *,
    ground: str = "",
    parts: Iterable[str] = (),
    shown: str | None = None,
) -> Item:
    """Record the ground, then sign. Raises CannotDecide; a second person who says something else changes nothing.

    `ground` is a letter of Article 15(1), needed where something is kept by choice; `parts` is what is kept of
    `BY_CHOICE` where the answer is `part`. `shown` is the `digest_of` what the page showed; what has changed since has
    to be read again.
    """
    grounds = _grounds(choice, ground, list(parts))
    with transaction.atomic():
        one = Request.objects.select_for_update().get(pk=one.pk)
        Item.objects.select_for_update().get(pk=item.pk)  # a second person at the same moment waits, and is compared
        if shown is not None and shown != digest_of(preview(one)[0]):
            raise CannotDecide("Something has changed since you read it. Read it again, then sign.")
        others = Word.objects.filter(matter=item, choice=choice).exclude(by=user.username)
        if choice != "give" and any(word.grounds != grounds for word in others):
            raise CannotDecide("Your colleague recorded another ground, or keeps something else. Agree on it first.")
        if user.username in excluded(item):
            raise CannotDecide("You decided on this request before; others decide it now.")
        Word.objects.create(request=one, matter=item, choice=choice, grounds=grounds, by=user.username)
        return decide(item, user, actor, choice, reason)


def excluded(item: Item) -> set[str]:
    """Who may not decide a matter, because they decided on the same request before."""
    return set(item.proposal.get("excluded") or ())


def _grounds(choice: str, ground: str, parts: list[str]) -> dict[str, str]:
    if choice not in ("part", *CLOSED):
        return {}
    if ground not in {one.value for one in Ground}:
        raise CannotDecide("Record the ground: one of the letters of Article 15(1).")
    if choice in CLOSED:
        return {Kept.WHOLE.value: ground}
    known = {one.value for one in BY_CHOICE}
    if not parts or not known.issuperset(parts):
        raise CannotDecide("Mark what is kept.")
    return dict.fromkeys(sorted(parts), ground)


def apply(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """What a decision that stands does: the answer is fixed as it was signed. Called by review alone."""
    one = Request.objects.select_for_update().get(pk=item.proposal["request"])
    signed = {signature.by for signature in item.signatures.filter(choice=choice)}
    word = Word.objects.filter(matter=item, choice=choice, by=actor.name).last()
    if word is None:
        raise CannotDecide("Decide on the request’s own page, where the ground is recorded.")
    if signed & excluded(item):
        raise CannotDecide("You decided on this request before; others decide it now.")
    fix(one, item, choice, {Kept(kept): Ground(ground) for kept, ground in word.grounds.items()}, actor)


def fix(one: Request, item: Item, choice: str, grounds: Mapping[Kept, Ground], actor: Actor) -> None:
    """Fix the answer of a request in the transaction of the signature that decides it."""
    made, kept = report.content(whose(one), Telling(grounds), choice, timezone.now())
    made["asked"] = one.asked
    if choice == "refuse" and set(grounds.values()) <= TELLS_REASONS:
        made["reasons"] = [signature.reason for signature in item.signatures.filter(choice=choice)]
    one.answer, one.answered_at, one.content, one.matter = choice, timezone.now(), made, item
    one.grounds = {part.value: ground.value for part, ground in grounds.items()}
    one.kept = {part.value: count for part, count in sorted(kept.items(), key=lambda pair: pair[0].value)}
    one.save()
    record(
        actor,
        Event.ALTERATION,
        "answered a request",
        f"request:{one.pk}",
        title=one.number,
        answer=choice,
        grounds=one.grounds,
        items=made["items"],
        kept=one.kept,
    )


@transaction.atomic
def give_out(one: Request, actor: Actor, language: str, form: str) -> str:
    """The answer as a document for the person; logged as a disclosure. Raises CannotAnswer."""
    if one.is_open:
        raise CannotAnswer(f"{one.number} waits for a decision; it is due on {one.due_on}.")
    if one.content is None:
        raise CannotAnswer(f"{one.number} was answered more than a year ago, and its answer is no longer kept.")
    if form not in report.FORMS or language not in dict(settings.LANGUAGES):
        raise CannotAnswer("Choose a language (en, ur or ps) and a form (html, txt or json).")
    text = report.render(one.content, language, form, frame(one, language))
    digest = hashlib.sha256(text.encode()).hexdigest()
    GivenOut.objects.create(
        request=one,
        language=language,
        form=form,
        items=one.content["items"],
        kept=one.content["kept"],
        sha256=digest,
        by=actor.name,
        at=timezone.now(),
    )
    record(
        actor,
        Event.DISCLOSURE,
        "gave an answer to a request",
        f"request:{one.pk}",
        title=one.number,
        recipient=RECIPIENT,
        answer=one.answer,
        language=language,
        form=form,
        items=one.content["items"],
        kept=one.content["kept"],
        sha256=digest,
        entities=list(one.entities.values_list("pk", flat=True)),
    )
    return text


def draft(actor: Actor, entities: Sequence[int | str], asked: Mapping[str, str], language: str, form: str) -> str:
    """What would be told by the rule alone, marked as a draft: for officers, logged as a reading. Raises NotHeld."""
    person = concerned(entities, asked)
    made, kept = report.content(person, Telling(), "give", timezone.now())
    consulted(actor, "draft of an answer", entities=person.pks, items=made["items"], kept=sum(kept.values()))
    return report.render(made, language, form)


def frame(one: Request, language: str) -> dict[str, Any]:
    """What stands around an answer: the office of those who signed, the number and the day of the request."""
    by = [signature.by for signature in one.matter.signatures.all()] if one.matter else []
    found = Organisation.objects.filter(people__username__in=by).order_by("pk").first()
    office = "" if found is None else found.name_local if found.name_local and language != "en" else found.name
    return {"office": office or "Baham", "number": one.number, "received": one.received_on}


def waiting() -> QuerySet[Request]:
    """Requests that are not answered, the earliest due first."""
    return Request.objects.filter(answer="").order_by("due_on", "pk")


def forget() -> int:
    """Forget who asked and what they were told, a year after the answer; later where oversight examines it. That
    somebody asked, when, and how it was answered stays. How many requests."""
    examined = Examination.objects.filter(request=OuterRef("pk"), finding="")
    old = Request.objects.filter(answered_at__lt=timezone.now() - KEEPS).filter(~Exists(examined))
    said = ~Q(asked={}) | ~Q(verified="") | ~Q(reference="") | Q(content__isnull=False) | Q(entities__isnull=False)
    pks = set(
        old.filter(said | (Q(examinations__isnull=False) & ~Q(examinations__reasons=""))).values_list("pk", flat=True)
    )
    with transaction.atomic():
        Request.entities.through.objects.filter(request__in=pks).delete()
        Examination.objects.filter(request__in=pks).update(reasons="")
        return Request.objects.filter(pk__in=pks).update(content=None, asked={}, verified="", reference="", language="")


def check_reason(reason: str) -> str:
    """The reason as it is kept. Raises CannotAnswer where it says too little."""
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotAnswer(f"Write at least {LEAST_REASON} characters; the person concerned may read this.")
    return reason.strip()
