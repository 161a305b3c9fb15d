"""The page of circles: who is in each, by whose signature; proposed by one person, signed by another."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.release import scopes as services
from baham.platform.release.forms import ScopeForm
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner, Scope
from baham.platform.release.partners import CannotChange
from baham.platform.review.models import Item
from baham.platform.review.rows import rows_of
from baham.platform.review.services import CannotDecide, decide, seen


@needs("release.see")
def scopes(request: ConsoleRequest) -> HttpResponse:
    """Every circle with its members; lists that wait for a signature; and the form for another list."""
    form, problem = ScopeForm(), ""
    if request.method == "POST":
        try:
            form = _do(request)
        except (CannotChange, CannotDecide) as error:
            problem = str(error)
            form = form if "choice" in request.POST else ScopeForm(request.POST)
        else:
            if not form.errors:
                return redirect("scopes")
    titles = {str(one.party): one for one in Partner.objects.all()}
    rows = rows_of(Item.objects.filter(kind=services.KIND, outcome=""), NeedToKnow.of(request))
    held = {str(one.uuid): one for one in Scope.objects.all()}
    for row in rows:
        if row.mine:
            seen(row.item, request.user)
    waiting = [
        (row, _shown(held[row.item.proposal["scope"]], titles) if row.item.proposal["scope"] in held else None)
        for row in rows
    ]
    context = {
        "circles": [_shown(one, titles) for one in Scope.objects.order_by("title")],
        "form": form,
        "problem": problem,
        "waiting": waiting,
        "given": request.POST,
        "may_manage": request.user.may("partners.manage"),
        "partners": Partner.objects.filter(ended_at=None).exists(),
    }
    return render(request, "release/scopes.html", context, status=400 if problem or form.errors else 200)


def _do(request: ConsoleRequest) -> ScopeForm:
    """Sign a list that waits, or put another forward: the form, with its errors if it has any."""
    given, actor = request.POST, Actor.of(request)
    if "choice" in given:
        if not request.user.may("release.sign"):
            raise PermissionDenied
        number = given.get("matter", "")
        item = get_object_or_404(
            Item, kind=services.KIND, pk=int(number) if number.isdecimal() and len(number) < 19 else 0
        )
        decide(item, request.user, actor, given["choice"], given.get("reason", ""))
        return ScopeForm()
    if not request.user.may("partners.manage"):
        raise PermissionDenied
    form = ScopeForm(given)
    if form.is_valid():
        said = form.cleaned_data
        services.put_forward(
            actor,
            said["title"],
            list(said["members"]),
            timezone.now() + timedelta(days=said["days"]),
            _changed(given.get("scope", "")),
        )
    return form


def _changed(uuid: str) -> Scope | None:
    """The circle whose list is to be another; None for a new one."""
    if not uuid:
        return None
    try:
        return get_object_or_404(Scope, uuid=UUID(uuid))
    except ValueError as error:
        raise CannotChange("There is no such circle.") from error


def _shown(one: Scope, titles: dict[str, Partner]) -> dict[str, Any]:
    """A circle as the page shows it. `counts` says whether anybody is in it now."""
    members = services.members_of(one)
    mine = str(one.keeper) == ours().party
    return {
        "scope": one,
        "mine": mine,
        "keeper": ours().name if mine else titles.get(str(one.keeper)),
        "members": [titles.get(party) or party for party in sorted(members)],
        "counts": bool(members),
        "named": [one.name for party, one in titles.items() if party in members],
    }
