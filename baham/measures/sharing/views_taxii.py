"""The page of what waits in TAXII: posts to moderated collections, read by a person before anybody else is served."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from baham.measures.sharing.taxii import posting
from baham.measures.sharing.taxii import waiting as services
from baham.measures.sharing.taxii.models import Collection, Stored
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.models import Dataset
from baham.platform.ledger.need_to_know import NeedToKnow, Withheld
from baham.platform.release.partners import CannotChange

_PAGE = 50


@needs("release.see", purpose=True)
def waiting(request: ConsoleRequest) -> HttpResponse:
    """What waits, collection by collection and partner by partner; accepted or refused with a reason."""
    problem = ""
    if request.method == "POST":
        if not request.user.may("record.grade"):
            raise PermissionDenied
        try:
            _decide(request)
        except (CannotChange, posting.CannotDecide) as error:
            problem = str(error)
        else:
            return redirect("taxii_waiting")
    page = Paginator(services.waiting(), _PAGE).get_page(request.GET.get("page"))
    readable, withheld = _readable(page, NeedToKnow.of(request))
    groups = list(services.groups(readable, request.GET.get("whole", "")))
    if groups:
        shown = [one.stix_id for group in groups for one in group.objects]
        consulted(Actor.of(request), "taxii waiting", objects=shown)
    context = {
        "page": page,
        "groups": groups,
        "problem": problem,
        "may_decide": request.user.may("record.grade"),
        "own": posting.parties_of(Actor.of(request)) if groups else set(),
        "given": request.POST,
        "marked": request.POST.getlist("object"),
        "most": services.MOST_SHOWN,
        "whole": request.GET.get("whole", ""),
        "withheld": withheld,
        "moderated": Collection.objects.filter(moderated=True, shelf="stored").exists() if not groups else True,
    }
    return render(request, "sharing/taxii_waiting.html", context, status=400 if problem else 200)


def _readable(rows: Iterable[Stored], reader: NeedToKnow) -> tuple[list[Stored], list[Withheld]]:
    """The objects that somebody may read, and why the others are withheld."""
    every = [(row, reader.withholds(services.handling_of(row), Dataset())) for row in rows]
    return [row for row, why in every if why is None], sorted({why for _row, why in every if why is not None})


def _decide(request: ConsoleRequest) -> None:
    """Do what the form of one partner's posts to one collection says."""
    given = request.POST
    collection = get_object_or_404(Collection, pk=_uuid(given.get("collection", "")))
    marked = [*given.getlist("object"), *given.get("all", "").split(",")]
    numbers = {int(number) for number in marked if number.isdecimal() and len(number) < 19}
    if not numbers:
        raise CannotChange("Mark what you decide on.")
    found = services.waiting().filter(collection=collection, seq__in=numbers)
    if _readable(found, NeedToKnow.of(request))[1]:
        raise PermissionDenied  # nobody decides on what they may not read
    if given.get("act") not in ("accept", "refuse"):
        raise CannotChange("Choose one of the answers.")
    posting.decide(
        Actor.of(request),
        collection,
        numbers,
        accept=given["act"] == "accept",
        reason=given.get("reason", ""),
        all_or_none=True,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
