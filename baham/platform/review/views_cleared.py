"""Pages of what was cleared: all clearings, taking one back, and the letter to the person concerned."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.review import letters
from baham.platform.review.history import readable, seen_clearings
from baham.platform.review.models import Letter
from baham.platform.review.worklist import within_reach
from baham.platform.screening import cleared

_PAGE = 50


@needs("review.see", purpose=True)
def clearings(request: ConsoleRequest, problem: str = "") -> HttpResponse:
    """Every cleared pair, the newest first: who cleared it, why, whom it counts for and until when."""
    page = Paginator(seen_clearings(request.user), _PAGE).get_page(request.GET.get("page"))
    shown = readable(page, NeedToKnow.of(request))
    if shown:
        consulted(Actor.of(request), "clearings", clearings=[one.pk for one in shown])
    context = {
        "page": page,
        "clearings": shown,
        "problem": problem,
        "may_write": request.user.may("review.decide"),
    }
    return render(request, "review/cleared.html", context, status=400 if problem else 200)


@require_POST
@needs("review.decide", purpose=True)
def withdraw(request: ConsoleRequest, pk: int) -> HttpResponseBase:
    """Take a clearing back, for a reason."""
    clearing = get_object_or_404(seen_clearings(request.user), pk=pk)
    try:
        cleared.withdraw(clearing, Actor.of(request), request.POST.get("reason", ""))
    except ValueError as error:
        return clearings(request, problem=str(error))
    return redirect("cleared")


@require_POST
@needs("review.decide", purpose=True)
def letter(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Make out the clearing letter of a matter, in the language that was chosen."""
    item = get_object_or_404(within_reach(request.user), pk=pk)
    try:
        made = letters.make_out(item, request.user, Actor.of(request), request.POST.get("language", ""))
    except letters.NoLetter as error:
        raise Http404(str(error)) from error
    return redirect("letter_shown", pk=made.pk)


@needs("review.see", purpose=True)
def letter_shown(request: ConsoleRequest, pk: int) -> HttpResponse:
    """A letter that was made out, in its own language and direction, ready to be printed."""
    seen = within_reach(request.user)
    found = get_object_or_404(Letter.objects.select_related("item__entity__dataset"), pk=pk, item__in=seen)
    consulted(Actor.of(request), f"matter:{found.item_id}", str(found.item), letter=found.pk)
    with translation.override(found.language):
        return render(request, "review/letter.html", letters.content(found))
