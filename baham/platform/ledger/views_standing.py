"""The page on which people say in which relation to an offence a person is held, and whether they are protected."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from baham.kernel.standing import Protected, Standing
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger import standing as services
from baham.platform.ledger.models import Entity
from baham.platform.ledger.opening import may_act

STANDINGS = {
    Standing.SUSPECT: (_("Suspect"), _("There are grounds to believe that they have committed an offence.")),
    Standing.CONVICTED: (_("Convicted"), _("A court has found it.")),
    Standing.VICTIM: (_("Victim"), _("Matches nothing and leaves in no watch list.")),
    Standing.WITNESS: (_("Witness"), _("Matches nothing and leaves in no watch list.")),
    Standing.CONTACT: (_("Contact"), _("Knows somebody. Matches nothing and leaves in no watch list.")),
    Standing.UNKNOWN: (_("Nobody has said"), _("Treated as neither guilty nor safe.")),
}
PROTECTED = {
    Protected.MINOR: _("A child"),
    Protected.ASYLUM: _("Asylum seeker"),
    Protected.JOURNALIST: _("Journalist"),
}
"""Reasons that a page may name. That somebody is a source is shown on none, and is kept when others are changed."""


@needs("record.restrict", purpose=True)
def standing(request: ConsoleRequest, pk: int) -> HttpResponse:
    """What was said of a person so far, and the form to say something else; the last counts.

    Who is set apart matches nothing, so it is for those who may restrict a record as well; a second of them is asked
    whether it stays so (THREAT_MODEL.md).
    """
    entity = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_act(request, entity)
    if not entity.is_person:
        raise PermissionDenied
    given = list(entity.standings.all())
    problem = ""
    if request.method == "POST":
        try:
            kept = {Protected.SOURCE} & set(map(Protected, given[-1].protected)) if given else set()
            chosen = {one for one in PROTECTED if one.value in request.POST.getlist("protected")}
            services.give_standing(
                entity,
                _chosen(request.POST.get("standing", "")),
                Actor.of(request),
                request.POST.get("reason", ""),
                chosen | kept,
            )
            return redirect("entity", pk=pk)
        except services.CannotMark as error:
            problem = str(error)
    consulted(Actor.of(request), f"entity:{entity.canonical_id}", str(entity))
    last = given[-1] if given else None
    named = [(one, [PROTECTED[why] for why in map(Protected, one.protected) if why in PROTECTED]) for one in given]
    context = {
        "entity": entity,
        "problem": problem,
        "given": request.POST,
        "now": last.standing if last else "unknown",
        "standings": [(one.value, *words) for one, words in STANDINGS.items()],
        "reasons": [(why.value, word, last and why.value in last.protected) for why, word in PROTECTED.items()],
        "history": [(one, STANDINGS[Standing(one.standing)][0], reasons) for one, reasons in reversed(named)],
    }
    return render(request, "ledger/standing.html", context, status=400 if problem else 200)


def _chosen(code: str) -> Standing:
    try:
        return Standing(code)
    except ValueError as error:
        raise services.CannotMark("Choose one of the answers.") from error
