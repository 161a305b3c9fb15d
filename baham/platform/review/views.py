"""Pages of the review room: the work list, one matter, and putting a hit before the reviewers."""

from urllib.parse import parse_qsl

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.models import Entity
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.opening import may_read
from baham.platform.review import comparison, history, indicators, passing, upkeep, worklist
from baham.platform.review.kinds import KINDS, kind_of
from baham.platform.review.models import Item
from baham.platform.review.reading import as_readable
from baham.platform.review.rows import row_of, rows_of
from baham.platform.review.services import (
    CannotDecide,
    decide,
    decide_together,
    propose,
    seen,
    waiting_already,
    waiting_for,
)
from baham.platform.review.worklist import SORTS, Wanted, neighbours, siblings
from baham.platform.screening.cleared import FACTS
from baham.platform.screening.services import NoIndex, against_first, evidence_as_json, screen

_PAGE = 50
_LONGEST_NUMBER = 19  # digits of the largest id that a database holds
_RAISED_AT_ONCE = 20
"""Matters that a look at the list may bring up by itself; the rest comes with the next look or the next hour."""
_SUBJECT = ("name", *FACTS)


@needs("review.see")
def review(request: ConsoleRequest) -> HttpResponse:
    """What waits, earliest due first; or what was decided. A matter names people: only under a purpose, and logged."""
    upkeep.bring_up(_RAISED_AT_ONCE)
    wanted = Wanted.read(request.GET)
    items = worklist.wanted_items(wanted, request.user)
    page = Paginator(items.prefetch_related("signatures"), _PAGE).get_page(request.GET.get("page"))
    rows = rows_of(page, NeedToKnow.of(request), wanted.address(page.number))
    if rows and request.purpose is not None:
        consulted(Actor.of(request), "worklist", matters=[row.item.pk for row in rows])
    context = {
        "rows": rows,
        "page": page,
        "wanted": wanted,
        "decided": wanted.show == "decided",
        "mine": worklist.waiting_for(request.user).count(),
        "sorts": SORTS.items(),
        "pace": indicators.pace(worklist.within_reach(request.user)),
        "kinds": KINDS,
        "lists": worklist.lists_with_matters(request.user),
        "here": wanted.address(page.number),
    }
    return render(request, "review/worklist.html", context)


@needs("review.see", purpose=True)
def matter(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One matter: both sides, what speaks against and for it, and the decision."""
    reader = NeedToKnow.of(request)
    related = worklist.within_reach(request.user).select_related(
        "entity__dataset", "other__dataset", "dataset", "follows"
    )
    item = get_object_or_404(related, pk=pk)
    if (page_of := kind_of(item).page) is not None:
        return redirect(page_of(item))  # where it is read in full, and signed
    for member in (item.entity, item.other) if item.outcome else ():
        if member is not None:
            may_read(request, member)  # what is decided is read again only by those who may open the record
    as_readable([item], reader)
    came = dict(parse_qsl(request.GET.get("in", "")))
    wanted = Wanted.read(came)
    page = came.get("page", "")
    back = wanted.address(int(page) if page.isdecimal() and len(page) < _LONGEST_NUMBER else 1)
    may_sign = waiting_for(request.user).filter(pk=pk).exists()
    around = neighbours(item, wanted, request.user)
    problem = ""
    if request.method == "POST":
        if not request.user.may("review.decide"):
            raise PermissionDenied
        try:
            _answer(request, item)
        except (CannotDecide, ValueError) as error:
            problem = str(error)
        else:
            messages.success(request, _("Recorded. The matter stays under “Decided”, or with those who co-sign it."))
            return redirect(_onward(item, around, back, request))
    consulted(Actor.of(request), f"matter:{item.pk}", str(item))
    if may_sign and request.method == "GET":
        seen(item, request.user)
    context = {
        **_about(item, reader),
        "row": row_of(item, reader),
        "problem": problem,
        "given": request.POST,
        "may_sign": may_sign,
        "around": around,
        "back": back,
        "siblings": siblings(item, request.user) if may_sign else [],
        "addresses": passing.addresses() if may_sign else [],
        "handling": item.tlp_label,
        "signed_by_me": any(one.by == request.user.username for one in item.signatures.all()),
        "may_write": request.user.may("review.decide"),
    }
    return render(request, "review/matter.html", context, status=400 if problem else 200)


def _about(item: Item, reader: NeedToKnow) -> dict[str, object]:
    """What a matter's page shows of the matter itself."""
    kind = kind_of(item)
    return {
        "item": item,
        "kind": kind,
        **kind.shows(item, reader),
        "signatures": [(one, kind.label_of(one.choice)) for one in item.signatures.all()],
        "passings": [(one, passing.called(one.to)) for one in item.passings.all()],
        "compared": None if kind.part else comparison.compare(item, reader),
        "evidence": against_first(item.evidence),
        "earlier": history.earlier(item, reader),
        "clearings": history.clearings(item, reader),
        "since": history.since(item, reader),
        "letters": list(item.letters.all()),
    }


def _answer(request: ConsoleRequest, item: Item) -> None:
    """Do what the form of a matter says: sign, sign several, or pass on."""
    given, actor = request.POST, Actor.of(request)
    choice, reason = given.get("choice", ""), given.get("reason", "")
    more = [int(pk) for pk in given.getlist("also") if pk.isdecimal() and len(pk) < _LONGEST_NUMBER]
    if choice == "pass-on":
        passing.pass_on(item, request.user, actor, given.get("to", ""), reason)
    elif more:
        if choice != "different":
            raise CannotDecide("Several are decided together only when the answer is that they are different people.")
        others = list(Item.objects.filter(pk__in=more))
        decide_together(item, others, request.user, actor, reason)
    else:
        decide(item, request.user, actor, choice, reason)


def _onward(item: Item, around: worklist.Neighbours | None, back: str, request: ConsoleRequest) -> str:
    """The next matter of the list that somebody came from; the list itself where this was the last one."""
    waiting = waiting_for(request.user).exclude(pk=item.pk)
    following = None
    if around is not None and around.after is not None:
        following = waiting.filter(pk=around.after).first()
    following = following or waiting.first()
    where = f"?{urlencode({'in': back})}" if back else ""
    return reverse("matter", args=[following.pk]) + where if following else reverse("review")


@require_POST
@needs("screen.run", purpose=True)
def propose_match(request: ConsoleRequest) -> HttpResponse:
    """Put a hit before the reviewers. The evidence is computed again here, not taken from the browser."""
    from baham.engines.names import Query

    asked = {name: request.POST[name] for name in _SUBJECT if request.POST.get(name)}
    number = request.POST.get("entity", "")
    entity = get_object_or_404(
        Entity.objects.select_related("dataset"),
        pk=int(number) if number.isdecimal() and len(number) < _LONGEST_NUMBER else 0,
    )
    place = str(request.user.organisation or "")
    try:
        reader = NeedToKnow.of(request)
        found = screen([Query(**asked)], limit=50, organisation=place, reader=reader)[0] if asked.get("name") else []
    except NoIndex:
        found = []
    hit = next((one.hit for one in found if one.entity.pk == entity.pk), None)
    if hit is None:
        may_read(request, entity)
        return render(request, "review/gone.html", {"entity": entity}, status=409)
    waits = waiting_already(asked, entity, place)
    if waits is not None:
        messages.info(request, _("This was put before the reviewers already, and waits for them."))
        return redirect("matter", pk=waits.pk)
    item = propose(
        "match",
        "",
        proposed_by=Actor.of(request),
        proposal={**asked, "score": round(hit.score, 4), "verdict": hit.verdict},
        evidence=[evidence_as_json(evidence) for evidence in hit.evidence],
        entity=entity,
        asker=place,
    )
    return redirect("matter", pk=item.pk)
