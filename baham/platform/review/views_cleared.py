"""Pages of what was cleared: all clearings, taking one back, and the letter to the person concerned."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.audit.services import Actor, consulted
from baham.platform.review import letters
from baham.platform.review.models import Item, Letter
from baham.platform.screening import cleared
from baham.platform.screening.models import Clearing

_PAGE = 50


@needs("review.see", purpose=True)
def clearings(request: HttpRequest, problem: str = "") -> HttpResponse:
    """Every cleared pair, the newest first: who cleared it, why, whom it counts for and until when."""
    page = Paginator(Clearing.objects.select_related("entity__dataset"), _PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        consulted(Actor.of(request), "clearings", clearings=[one.pk for one in page])
    context = {
        "page": page, "clearings": list(page), "problem": problem, "may_write": request.user.may("review.decide"),
    }  # fmt: skip
    return render(request, "review/cleared.html", context, status=400 if problem else 200)


@require_POST
@needs("review.decide", purpose=True)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a clearing back, for a reason."""
    clearing = get_object_or_404(Clearing, pk=pk)
    try:
        cleared.withdraw(clearing, Actor.of(request), request.POST.get("reason", ""))
    except ValueError as error:
        return clearings(request, problem=str(error))
    return redirect("cleared")


@require_POST
@needs("review.decide", purpose=True)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """Make out the clearing letter of a matter, in the language that was chosen."""
    item = get_object_or_404(Item, pk=pk)
    try:
        made = letters.make_out(item, request.user, Actor.of(request), request.POST.get("language", ""))
    except letters.NoLetter as error:
        raise Http404(str(error)) from error
    return redirect("letter_shown", pk=made.pk)


@needs("review.see", purpose=True)
def letter_shown(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter that was made out, in its own language and direction, ready to be printed."""
    found = get_object_or_404(Letter.objects.select_related("item__entity__dataset"), pk=pk)
    consulted(Actor.of(request), f"matter:{found.item_id}", str(found.item), letter=found.pk)
    with translation.override(found.language):
        return render(request, "review/letter.html", letters.content(found))
