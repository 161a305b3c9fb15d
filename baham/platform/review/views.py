"""Pages of the review room: the work list, one matter, and putting a hit before the reviewers."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.models import Entity
from baham.platform.review.kinds import kind_of
from baham.platform.review.models import Item
from baham.platform.review.services import CannotDecide, decide, open_items, propose, waiting_for
from baham.platform.screening.services import NoIndex, against_first, evidence_as_json, screen

_PAGE = 50
_SUBJECT = ("name", "birth_date", "father_name", "nationality", "id_number", "address")


@needs("review.see")
def worklist(request: HttpRequest) -> HttpResponse:
    """What waits, earliest due first; or what was decided. A title names people: only under a purpose, and logged."""
    decided = request.GET.get("show") == "decided"
    mine = {item.pk for item in waiting_for(request.user)}
    items = Item.objects.exclude(outcome="").order_by("-closed_at") if decided else open_items()
    page = Paginator(items.prefetch_related("signatures"), _PAGE).get_page(request.GET.get("page"))
    rows = [(item, kind_of(item), item.pk in mine) for item in page]
    if rows and request.purpose is not None:
        consulted(Actor.of(request), "worklist", matters=[item.pk for item, _kind, _mine in rows])
    return render(request, "review/worklist.html", {"rows": rows, "page": page, "decided": decided, "mine": len(mine)})


@needs("review.see", purpose=True)
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter: what is asked, what speaks against and for it, and the decision."""
    item = get_object_or_404(Item.objects.select_related("entity__dataset", "other__dataset"), pk=pk)
    problem = ""
    if request.method == "POST":
        if not request.user.may("review.decide"):
            raise PermissionDenied
        try:
            decide(
                item, request.user, Actor.of(request), request.POST.get("choice", ""), request.POST.get("reason", "")
            )
        except (CannotDecide, ValueError) as error:
            problem = str(error)
        else:
            following = next((other for other in waiting_for(request.user) if other.pk != pk), None)
            return redirect("matter", pk=following.pk) if following else redirect("review")
    else:
        consulted(Actor.of(request), f"matter:{item.pk}", item.title)
    kind = kind_of(item)
    signatures = list(item.signatures.all())
    context = {
        "item": item, "kind": kind, "signatures": signatures, "problem": problem, "given": request.POST,
        "may_sign": item in waiting_for(request.user), "evidence": against_first(item.evidence),
        "outcome_label": next((choice.label for choice in kind.choices if choice.code == item.outcome), ""),
        "subject": [(name, item.proposal.get(name, "")) for name in _SUBJECT],
        "alignment": next((e["alignment"] for e in item.evidence if e["feature"] == "name" and e.get("alignment")), []),
        "signed_by_me": any(signature.by == request.user.username for signature in signatures),
    }  # fmt: skip
    return render(request, "review/matter.html", context, status=400 if problem else 200)


@require_POST
@needs("screen.run", purpose=True)
def propose_match(request: HttpRequest) -> HttpResponse:
    """Put a hit before the reviewers. The evidence is computed again here, not taken from the browser."""
    from baham.engines.names import Query

    asked = {name: request.POST[name] for name in _SUBJECT if request.POST.get(name)}
    number = request.POST.get("entity", "")
    entity = get_object_or_404(Entity, pk=int(number) if number.isdecimal() else 0)
    try:
        found = screen([Query(**asked)], limit=50)[0] if asked.get("name") else []
    except NoIndex:
        found = []
    hit = next((one.hit for one in found if one.entity.pk == entity.pk), None)
    if hit is None:
        return render(request, "review/gone.html", {"entity": entity}, status=409)
    item = propose(
        "match", _("Is %(subject)s the listed %(entry)s?") % {"subject": asked["name"], "entry": entity.caption},
        proposed_by=Actor.of(request), proposal={**asked, "score": round(hit.score, 4), "verdict": hit.verdict},
        evidence=[evidence_as_json(evidence) for evidence in hit.evidence], entity=entity,
        asker=str(request.user.organisation or ""),
    )  # fmt: skip
    return redirect("matter", pk=item.pk)
