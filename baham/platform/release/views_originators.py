"""The page on which originators are asked, and what they said is written down."""

from datetime import datetime, time

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import BY_CODE
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.models import Entity
from baham.platform.ledger.need_to_know import NeedToKnow, Withheld
from baham.platform.ledger.opening import may_act
from baham.platform.release import originators as services
from baham.platform.release.models import OriginatorWord, Partner
from baham.platform.release.partners import CannotChange
from baham.platform.release.reading import withheld_from


@needs("release.see", purpose=True)
def originators(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Whose word is wanted before a record goes to a partner for a purpose; asking, and writing down the answer."""
    entity = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_act(request, entity)
    partner = get_object_or_404(Partner, name=request.GET.get("partner", ""))
    purpose = request.GET.get("purpose", "")
    if purpose not in BY_CODE:
        raise Http404
    problem = ""
    if request.method == "POST":
        if not request.user.may("release.propose"):
            raise PermissionDenied
        try:
            _do(request, entity, partner, purpose)
        except CannotChange as error:
            problem = str(error)
        else:
            return redirect(request.get_full_path())
    consulted(Actor.of(request), f"entity:{entity.canonical_id}", str(entity))
    asked, withheld, reader = services.concerned(entity, partner, purpose), set[Withheld](), NeedToKnow.of(request)
    for one in asked:
        closed = [(judged, withheld_from(reader, judged)) for judged in one.waits]
        one.waits = [judged for judged, why in closed if why is None]
        withheld |= {why for _judged, why in closed if why is not None}
    context = {
        "entity": entity,
        "partner": partner,
        "purpose": BY_CODE[purpose],
        "problem": problem,
        "given": request.POST,
        "asked": asked,
        "withheld": sorted(withheld),
        "may_ask": request.user.may("release.propose"),
    }
    return render(request, "release/originators.html", context, status=400 if problem else 200)


def _do(request: ConsoleRequest, entity: Entity, partner: Partner, purpose: str) -> None:
    given, actor = request.POST, Actor.of(request)
    if given.get("act") == "ask":
        services.ask(actor, entity, partner, purpose, given.get("originator", ""))
        return
    number = given.get("word", "")
    word = get_object_or_404(
        OriginatorWord,
        entity=entity,
        partner=partner,
        purpose=purpose,
        pk=int(number) if number.isdecimal() and len(number) < 19 else 0,
    )
    if given.get("answer") not in ("yes", "no"):
        raise CannotChange("Choose one of the answers.")
    services.answered(actor, word, given["answer"] == "yes", given.get("reason", ""), _end_of(given.get("until", "")))


def _end_of(written: str) -> datetime | None:
    """The end of a day (ISO 8601) here; None where none is named."""
    if not written:
        return None
    try:
        day = parse_date(written)
    except ValueError:
        day = None
    if day is None:
        raise CannotChange("The day is not a date.")
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
