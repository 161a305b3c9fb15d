"""Pages of the oversight body: what waits for a finding, and one answer examined from end to end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor
from baham.platform.rights import oversight as body
from baham.platform.rights import report, words
from baham.platform.rights.models import Examination, Request
from baham.platform.rights.purpose import only_for
from baham.platform.rights.requests import CannotAnswer
from baham.platform.rights.telling import Ground, Kept, Telling
from baham.platform.rights.views import _counts, _signed

_SHOWN = 200
FINDINGS = (
    ("lawful", gettext_lazy("Lawful"), gettext_lazy("The answer stands.")),
    (
        "again",
        gettext_lazy("To be decided again"),
        gettext_lazy("Two people who did not decide on it before decide it anew, and read your reasons."),
    ),
    (
        "unlawful",
        gettext_lazy("Unlawful"),
        gettext_lazy(
            "You recommend what is to be done. Others decide whether they follow, and say why if they do not."
        ),
    ),
)
ADVICE = {
    "give": gettext_lazy("Give what is held"),
    "erase": gettext_lazy("Erase the record"),
    "restrict": gettext_lazy("Restrict the use of the record"),
}


@needs("oversight.examine")
def oversight(request: ConsoleRequest) -> HttpResponse:
    """What waits for a finding, every refusal that nobody has examined, and what became of recommendations."""
    problem = ""
    if request.method == "POST":
        number = request.POST.get("request", "")
        one = get_object_or_404(Request, pk=int(number) if number.isdecimal() and len(number) < 19 else 0)
        try:
            return redirect("examination", pk=body.bring(one, Actor.of(request), "oversight").pk)
        except CannotAnswer as error:
            problem = str(error)
    context = {
        "waiting": list(body.open_ones()[:_SHOWN]),
        "problem": problem,
        "refusals": [(one, words.WORDS.get(one.answer, _("not answered in time"))) for one in body.refusals()[:_SHOWN]],
        "advised": list(body.advised()[:_SHOWN]),
        "found": Examination.objects.exclude(finding="").select_related("request")[:_SHOWN],
    }
    return render(request, "rights/oversight.html", context, status=400 if problem else 200)


@needs("oversight.examine", purpose=True)
@only_for("oversight")
def examination(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One answer from end to end: who decided and why, all that is held without redaction, how it was handled."""
    one = get_object_or_404(Examination.objects.select_related("request", "matter"), pk=pk)
    problem = ""
    if request.method == "POST":
        given = request.POST
        try:
            body.find(
                one,
                request.user,
                Actor.of(request),
                given.get("finding", ""),
                given.get("reasons", ""),
                given.get("advice", ""),
            )
        except CannotAnswer as error:
            problem = str(error)
        else:
            messages.success(request, _("The finding is written. Tell the person that it was examined."))
            return redirect("examination", pk=pk)
    things, log = body.examine(one, Actor.of(request))
    telling = Telling({Kept(part): Ground(letter) for part, letter in one.request.grounds.items()})
    context = {
        "one": one,
        "access": one.request,
        "answer": words.WORDS.get(one.request.answer, _("not answered in time")),
        "signed": _signed(one.request),
        "places": report.unredacted(things, telling),
        "log": log,
        "kept": _counts(one.request.kept),
        "findings": FINDINGS,
        "advices": [(code, ADVICE[code]) for code in body.ADVICE],
        "problem": problem,
        "given": request.POST,
        "finding": next((title for code, title, _more in FINDINGS if code == one.finding), ""),
        "advice": ADVICE.get(one.advice, ""),
        "made": one.request.content,
        "items": len(things),
    }
    return render(request, "rights/examination.html", context, status=400 if problem else 200)


@require_POST
@needs("oversight.examine", purpose=True)
@only_for("oversight")
def letter(request: ConsoleRequest, pk: int) -> HttpResponse:
    """The short answer of Article 17(3), as a file."""
    one = get_object_or_404(Examination.objects.select_related("request"), pk=pk)
    try:
        text = body.tell(one, Actor.of(request), request.POST.get("language", ""))
    except CannotAnswer as error:
        messages.error(request, str(error))
        return redirect("examination", pk=pk)
    response = HttpResponse(text, content_type="text/html; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{one.request.number}-{one.language}.html"'
    return response
