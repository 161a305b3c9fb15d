"""Pages of sharing: what goes between us and others, and what waits in quarantine."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from baham.formats.claims import read
from baham.kernel.claim import Claim
from baham.measures.sharing import flow_map, flows, quarantine, verification
from baham.measures.sharing.models import Outcome, Received
from baham.measures.sharing.taxii.waiting import count as posted
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.need_to_know import NeedToKnow, Withheld
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner, Release
from baham.platform.release.partners import CannotChange
from baham.platform.release.recalls import overdue

_PAGE, _FIRST = 25, 100
GRADES = ("B2", "C3", "D4", "E5", "F6")
"""Offered first; any other grade of the scheme may be written."""


KINDS = {
    "corroborated": _("corroborated"),
    "contradicted": _("contradicted"),
    "proved": _("proved"),
    "disproved": _("disproved"),
}


@needs("release.see")
def overview(request: ConsoleRequest) -> HttpResponse:
    """What waits, what was taken back, and what flows between us and each partner."""
    found = flows.flows()
    releases = list(Release.objects.filter(state=Release.State.PROPOSED).select_related("partner")[:_PAGE])
    context = {
        "flows": found,
        "releases": releases,
        "late": overdue(),
        "waiting": sum(flow.waits for flow in found),
        "posted": posted(),
        "sent": Release.objects.filter(state=Release.State.SENT).select_related("partner")[:10],
    }
    return render(request, "sharing/overview.html", context)


@needs("release.see")
def flow_page(request: ConsoleRequest) -> HttpResponse:
    """Who gives to whom: a figure, and the same as a table."""
    found = flows.beyond(flows.flows())
    figure = flow_map.draw(found, ours().name) if found else None
    return render(
        request, "sharing/flows.html", {"flows": found, "figure": figure, "we": ours().name, "newest": flows.NEWEST}
    )


@dataclass(slots=True)
class Subject:
    """One entity of a partner that waits: its claims, their word for each, and how many independent origins those that
    are shown have. `of` is how many claims it has in all."""

    key: str
    rows: list[tuple[Received, Claim]] = field(default_factory=list)
    withheld: set[Withheld] = field(default_factory=set)
    origins: int = 0
    of: int = 0

    @property
    def caption(self) -> str:
        names = [claim.statement.value for _row, claim in self.rows if claim.statement.prop == "name"]
        return names[0] if names else self.key


@needs("release.see", purpose=True)
def inbox(request: ConsoleRequest, name: str) -> HttpResponse:
    """What a partner gave that waits, entity by entity; accepted with a grade of ours, or refused."""
    partner = get_object_or_404(Partner, name=name)
    problem = ""
    if request.method == "POST":
        if not request.user.may("record.grade"):
            raise PermissionDenied
        try:
            _decide(request, partner)
        except CannotChange as error:
            problem = str(error)
        else:
            return redirect(request.get_full_path())
    show = Received.State.ACCEPTED if request.GET.get("show") == "accepted" else Received.State.QUARANTINE
    waiting = Received.objects.filter(partner=partner, state=show)
    page, subjects, rows = _one(waiting, request) if request.GET.get("key") else _several(waiting, request)
    if not subjects and request.GET.get("key"):
        return redirect("inbox", name=name)  # the last of its claims was decided on
    reader = NeedToKnow.of(request)
    for row in rows:
        last = max(row.outcomes.all(), key=lambda one: one.pk, default=None)
        row.outcome = KINDS[last.kind] if last else ""
        claim, subject = read(json.loads(row.claim)), subjects[row.entity_key]
        if (why := reader.withholds_claim(claim)) is None:
            subject.rows.append((row, claim))
        else:
            subject.withheld.add(why)
    parties = verification.Parties.known()
    for subject in subjects.values():
        claims = [claim for _row, claim in subject.rows]
        subject.origins = len(verification.origins(claims, str(partner.party), parties))
    if subjects:
        consulted(Actor.of(request), f"inbox:{partner.name}", partner.title, keys=list(subjects))
    states = Counter(
        dict(Received.objects.filter(partner=partner).values_list("state").annotate(n=Count("pk")).order_by())
    )
    context = {
        "partner": partner,
        "page": page,
        "subjects": list(subjects.values()),
        "problem": problem,
        "states": states,
        "grades": GRADES,
        "may_decide": request.user.may("record.grade"),
        "given": request.POST,
        "least": verification.LEAST,
        "accepted": show == Received.State.ACCEPTED,
        "track": verification.track_record(partner),
        "kinds": [(kind, KINDS[kind]) for kind in Outcome.Kind.values],
    }
    return render(request, "sharing/inbox.html", context, status=400 if problem else 200)


Rows = Iterable[Received]


def _several(waiting: QuerySet[Received], request: ConsoleRequest) -> tuple[Page[Any], dict[str, Subject], Rows]:
    """A page of entities, the first claims of each."""
    found = waiting.values("entity_key").annotate(first=Min("pk"), of=Count("pk")).order_by("first")
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    subjects = {one["entity_key"]: Subject(one["entity_key"], of=one["of"]) for one in page}
    numbered = Window(RowNumber(), partition_by="entity_key", order_by="pk")
    rows = waiting.filter(entity_key__in=list(subjects)).annotate(number=numbered).filter(number__lte=_FIRST)
    return page, subjects, rows.prefetch_related("outcomes").order_by("pk")


def _one(waiting: QuerySet[Received], request: ConsoleRequest) -> tuple[Page[Any], dict[str, Subject], Rows]:
    """A page of the claims of one entity."""
    key = request.GET["key"]
    rows = waiting.filter(entity_key=key).prefetch_related("outcomes").order_by("pk")
    page = Paginator(rows, _FIRST).get_page(request.GET.get("page"))
    return page, {key: Subject(key, of=page.paginator.count)} if page.paginator.count else {}, page


def _decide(request: ConsoleRequest, partner: Partner) -> None:
    """Do what the form of one entity says."""
    given = request.POST
    if given.get("act") == "found":
        number = given.get("claim", "")
        row = get_object_or_404(
            Received, partner=partner, pk=int(number) if number.isdecimal() and len(number) < 19 else 0
        )
        verification.found(
            Actor.of(request), row, given.get("kind", ""), given.get("reason", ""), given.get("evidence", "")
        )
        return
    key, reason = given.get("key", ""), given.get("reason", "")
    rows = list(Received.objects.filter(partner=partner, entity_key=key, state=Received.State.QUARANTINE))
    reader, marked = NeedToKnow.of(request), given.getlist("claim")
    chosen = [row for row in rows if str(row.pk) in marked and not reader.withholds_claim(read(json.loads(row.claim)))]
    if not chosen:
        raise CannotChange("Mark what you decide on.")
    if given.get("act") == "refuse":
        quarantine.refuse(Actor.of(request), chosen, reason)
    else:
        quarantine.accept(Actor.of(request), chosen, given.get("grade", ""), reason)
