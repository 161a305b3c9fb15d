"""The page on which somebody says what they are working on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record

_LONGEST_CASE = 120


def safe_next(request: HttpRequest, given: str) -> str:
    """The address to return to, if it is on this site; else home."""
    same_site = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if same_site else "/"


@needs("home.see")
def purpose(request: ConsoleRequest) -> HttpResponse:
    """Choose or lay down the purpose of this piece of work."""
    back = safe_next(request, request.POST.get("next") or request.GET.get("next", "/"))
    problem = ""
    if request.method == "POST":
        code, case = request.POST.get("code", ""), " ".join(request.POST.get("case", "").split())
        if code == "":
            request.session.pop("purpose", None)
            return redirect(back)
        if code not in {kind.code for kind in request.user.purposes}:
            problem = _("Choose one of the purposes that your role allows.")
        elif not case or len(case) > _LONGEST_CASE:
            problem = _("Name the case, order or request that you are working on, in at most 120 characters.")
        else:
            request.session["purpose"] = {"code": code, "case": case}
            record(Actor.of(request), Event.SYSTEM, "chose a purpose", f"purpose:{code}", title=case)
            return redirect(back)
    context = {"next": back, "problem": problem, "given": request.POST}
    return render(request, "accounts/purpose.html", context, status=400 if problem else 200)
