"""The page of somebody who has read very many records: what the limit is, how it goes on, and why they need more."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit import quota
from baham.platform.audit.services import Actor
from baham.platform.review.bulk import CannotAsk, ask, open_request


@needs("home.see")
def reading(request: ConsoleRequest) -> HttpResponse:
    """How many records one has read within the hour; by POST, why one has to read on."""
    if request.method != "POST":
        return page(request)
    try:
        ask(request.user, Actor.of(request), request.POST.get("reason", ""))
    except CannotAsk as error:
        return page(request, status=400, problem=str(error))
    messages.success(request, _("Your reason stands beside the request. Another person decides it."))
    return redirect("reading")


def page(request: ConsoleRequest, *, status: int = 200, problem: str = "") -> HttpResponse:
    """The page, also in place of one that is not shown."""
    reader = request.user.username
    read, limit, until = quota.read_lately(reader), quota.limit(), quota.allowed_until(reader)
    context = {
        "read": read,
        "limit": limit,
        "until": until,
        "waiting": open_request(reader),
        "problem": problem,
        "reached": status == 403 or (read >= limit and until is None),
        "given": request.POST.get("reason", ""),
    }
    return render(request, "review/reading.html", context, status=status)
