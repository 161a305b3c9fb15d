"""Pages of leads: what overlap checks found, who steps one up, and the single fields that may then be released."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from baham.measures.sharing.models import Lead
from baham.measures.sharing.overlap import leads as services
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import BY_CODE
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.release.partners import CannotChange
from baham.platform.review.rows import row_of
from baham.platform.review.services import CannotDecide, decide, seen, waiting_for

_PAGE = 50


@needs("release.see", purpose=True)
def leads(request: ConsoleRequest) -> HttpResponse:
    """Every lead of the last year, the newest first."""
    page = Paginator(Lead.objects.select_related("partner", "matter"), _PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        consulted(Actor.of(request), "leads", leads=[one.pk for one in page])
    waiting = Lead.objects.filter(matter__outcome="", matter__isnull=False).count()
    return render(request, "sharing/leads.html", {"page": page, "waiting": waiting})


@needs("release.see", purpose=True)
def lead(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One lead: what was asked, what agreed, the two officers, and what may follow."""
    one = get_object_or_404(Lead.objects.select_related("partner", "matter"), pk=pk)
    problem = ""
    if request.method == "POST":
        if not request.user.may("release.sign"):
            raise PermissionDenied
        try:
            _answer(request, one)
        except (CannotChange, CannotDecide) as error:
            problem = str(error)
        else:
            return redirect("lead", pk=pk)
    consulted(Actor.of(request), f"lead:{one.pk}", str(one))
    may_sign = one.matter is not None and waiting_for(request.user).filter(pk=one.matter.pk).exists()
    if may_sign and one.matter is not None:
        seen(one.matter, request.user)
    row = row_of(one.matter, NeedToKnow.of(request)) if one.matter is not None else None
    context = {
        "lead": one,
        "problem": problem,
        "given": request.POST,
        "may_sign": may_sign,
        "row": row,
        "item": one.matter,
        "kind": row.kind if row else None,
        "may_put": one.matter is None and request.user.may("release.sign"),
        "signatures": list(one.matter.signatures.all()) if one.matter is not None else [],
        "purpose": BY_CODE[one.purpose].title if one.purpose in BY_CODE else one.purpose,
        "likely": services.likely(one, NeedToKnow.of(request)) if one.state == "stepped up" else [],
        "may_release": request.user.may("release.propose"),
    }
    return render(request, "sharing/lead.html", context, status=400 if problem else 200)


def _answer(request: ConsoleRequest, one: Lead) -> None:
    """Put the lead forward, or sign on it."""
    given, actor = request.POST, Actor.of(request)
    if one.matter is None:
        services.put_forward(actor, one, given.get("reason", ""))
    else:
        decide(one.matter, request.user, actor, given.get("choice", ""), given.get("reason", ""))
