"""Pages of the release room: one release as it is read before it is signed, one partner, taking statements back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from baham.kernel.handling import meet_all
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import BY_CODE, PURPOSES
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.models import Entity
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.opening import may_act
from baham.platform.ledger.record import read
from baham.platform.release import agreements, channel, holdings, reading, recalls, releases
from baham.platform.release.forms import AgreementForm, RecallForm, ReleaseForm
from baham.platform.release.models import Holding, Partner, Recall, Release
from baham.platform.release.pages import OF_PARTNER
from baham.platform.release.partners import CannotChange
from baham.platform.review.rows import row_of
from baham.platform.review.services import CannotDecide, decide, seen, waiting_for

_SHOWN = 50


@needs("release.see", purpose=True)
def release(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One release: what leaves, what stays and why, as the receiver will see it, and the signature."""
    if request.method == "POST" and not request.user.may("release.sign"):
        raise PermissionDenied
    one = get_object_or_404(Release.objects.select_related("partner", "agreement", "matter"), pk=pk)
    assert one.matter is not None  # it was put before the reviewers when it was made
    problem = ""
    if request.method == "POST":
        try:
            _check_readable(request, one)
            choice, reason = request.POST.get("choice", ""), request.POST.get("reason", "")
            decide(one.matter, request.user, Actor.of(request), choice, reason)
        except (CannotDecide, CannotChange) as error:
            problem = str(error)
        else:
            return redirect("release", pk=pk)
    named = list(one.entities.values_list("pk", flat=True))
    consulted(Actor.of(request), f"release:{one.pk}", str(one), entities=named)
    may_sign = waiting_for(request.user).filter(pk=one.matter.pk).exists()
    if may_sign:
        seen(one.matter, request.user)
    page = reading.sent(one) if one.state == Release.State.SENT else reading.before(one)
    page.hide(NeedToKnow.of(request))
    may_sign = may_sign and not page.withheld  # nobody signs what they may not read
    row = row_of(one.matter, NeedToKnow.of(request))
    handling = meet_all([judged.claim.handling for judged in page.leaves])
    context = {
        "release": one,
        "page": page,
        "row": row,
        "item": one.matter,
        "problem": problem,
        "kind": row.kind,
        "may_sign": may_sign,
        "given": request.POST,
        "signatures": list(one.matter.signatures.all()),
        "purpose": BY_CODE[one.purpose].title,
        "handling": handling.tlp.label,
        "meet": handling,
        "recalls": recalls.concerning(one.partner),
    }
    return render(request, "release/release.html", context, status=400 if problem else 200)


def _check_readable(request: ConsoleRequest, one: Release) -> None:
    """Nobody signs what they may not read. Raises PermissionDenied."""
    page = reading.before(one)
    page.hide(NeedToKnow.of(request))
    if page.withheld:
        raise PermissionDenied


@needs("release.propose", purpose=True)
def propose(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Put forward that an entity leaves to a partner: choose partner and purpose, see what would leave, propose."""
    entity = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_act(request, entity)
    form = ReleaseForm(request.POST or request.GET or None)
    problem, page, trusted = "", None, False
    if form.is_bound and form.is_valid():
        partner, given = form.cleaned_data["partner"], form.cleaned_data
        trusted = partner.trusted
        try:
            _gate, outgoing = releases.preview(partner, [entity], given["purpose"])
            page = reading.judged(outgoing)
            page.hide(NeedToKnow.of(request))
            if request.method == "POST":
                made = releases.put_forward(
                    Actor.of(request),
                    partner,
                    [entity],
                    purpose=given["purpose"],
                    case=given["case"],
                    note=given["note"],
                    only=request.POST.getlist("statement"),
                )
                return redirect("release", pk=made.pk)
        except CannotChange as error:
            problem = str(error)
    consulted(Actor.of(request), f"entity:{entity.canonical_id}", str(entity))
    context = {
        "entity": entity,
        "form": form,
        "problem": problem,
        "page": page,
        "partners": form.partners.exists(),
        "chosen": _first_step(request, page, trusted),
    }
    return render(request, "release/propose.html", context, status=400 if problem else 200)


def _first_step(request: ConsoleRequest, page: reading.Page | None, trusted: bool) -> list[str]:
    """The statements that are marked as the form opens: all to whom is trusted; else the names, for a first step."""
    if request.method == "POST" or page is None:
        return request.POST.getlist("statement")
    leaves = [one.claim for one in page.leaves]
    if not trusted:
        leaves = [claim for claim in leaves if claim.statement.prop == "name"] or leaves[:1]
    return [claim.id for claim in leaves]


@needs("release.see", purpose=True)
def partner(request: ConsoleRequest, name: str) -> HttpResponse:
    """One partner: the agreement, its keys, what it holds, recalls, and what waits for a signature."""
    one = get_object_or_404(Partner, name=name)
    form, problem = AgreementForm(one), ""
    if request.method == "POST":
        form, problem = _agree(request, one)
        if not problem and not form.errors:
            return redirect("partner", name=name)
    waiting = one.agreements.filter(approved_at=None, matter__outcome="").select_related("matter").last()
    matter = waiting.matter if waiting is not None else None
    may_sign = matter is not None and waiting_for(request.user).filter(pk=matter.pk).exists()
    row = row_of(matter, NeedToKnow.of(request)) if matter is not None else None
    held = Holding.objects.filter(partner=one).values("entity_id", "state").annotate(n=Count("pk"))
    rows = _named(list(held.order_by("entity_id")[:_SHOWN]), NeedToKnow.of(request))
    named = sorted({row["entity_id"] for row in rows})
    consulted(Actor.of(request), f"partner:{one.name}", str(one), **({"entities": named} if named else {}))
    context = {
        "partner": one,
        "agreement": agreements.current(one),
        "waiting": waiting,
        "may_sign": may_sign,
        "form": form,
        "problem": problem,
        "row": row,
        "given": request.POST,
        "kind": row.kind if row else None,
        "item": matter,
        "purposes": {kind.code: kind.title for kind in PURPOSES},
        "keys": list(one.keys.all()),
        "counts": holdings.counts(one),
        "held": rows,
        "recalls": recalls.concerning(one),
        "releases": one.releases.select_related("matter")[:_SHOWN],
        "head": channel.head(one),
        "heard": channel.head(one, channel.IN),
        "may_manage": request.user.may("partners.manage"),
        "more": [find(one) for find in OF_PARTNER],
    }
    return render(request, "release/partner.html", context, status=400 if problem or form.errors else 200)


def _agree(request: ConsoleRequest, one: Partner) -> tuple[AgreementForm, str]:
    """Sign the agreement that waits, or put another forward."""
    try:
        if "choice" in request.POST:
            waiting = one.agreements.filter(approved_at=None, matter__outcome="").last()
            if waiting is None or waiting.matter is None or not request.user.may("release.sign"):
                raise PermissionDenied
            decide(
                waiting.matter, request.user, Actor.of(request), request.POST["choice"], request.POST.get("reason", "")
            )
            return AgreementForm(one), ""
        if not request.user.may("partners.manage"):
            raise PermissionDenied
        form = AgreementForm(one, request.POST)
        if form.is_valid():
            given = dict(form.cleaned_data)
            ends = timezone.now() + timedelta(days=given.pop("days"))
            agreements.put_forward(Actor.of(request), one, ends=ends, **given)
        return form, ""
    except (CannotChange, CannotDecide) as error:
        return AgreementForm(one, request.POST if "choice" not in request.POST else None), str(error)


def _named(rows: Sequence[Mapping[str, Any]], reader: NeedToKnow) -> list[dict[str, Any]]:
    """The rows with their entities, but for those that may not be read."""
    entities = Entity.objects.select_related("dataset").in_bulk([row["entity_id"] for row in rows])
    shown = reader.shown(entities.values())
    return [{**row, "entity": shown[row["entity_id"]]} for row in rows if row["entity_id"] in shown]


@needs("release.sign", purpose=True)
def take_back(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Recall statements of an entity: choose them, say why; see whom it reaches before it is done."""
    entity = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_act(request, entity)
    record = read(entity, NeedToKnow.of(request))
    held = recalls.by_statement(entity)
    rows = [
        (value, held.get(value.statement.sid_hex, []))
        for value in record.values
        if value.statement.entity_id == entity.pk
    ]
    form, problem = RecallForm(request.POST or None), ""
    chosen, instead = request.POST.getlist("statement"), request.POST.getlist("instead")
    if request.method == "POST" and form.is_valid():
        mine = {value.statement.sid_hex: entity.pk for value, _held in rows}
        try:
            done = recalls.recall(
                Actor.of(request),
                {sid: mine[sid] for sid in chosen if sid in mine},
                form.cleaned_data["ground"],
                form.cleaned_data["why"],
                correction=instead,
            )
            return redirect("recall", pk=done.recall.pk)
        except CannotChange as error:
            problem = str(error)
    consulted(Actor.of(request), f"entity:{entity.canonical_id}", str(entity))
    context = {
        "entity": entity,
        "rows": rows,
        "form": form,
        "problem": problem,
        "chosen": chosen,
        "instead": instead,
        "handling": record.handling.tlp.label,
    }
    return render(request, "release/take_back.html", context, status=400 if problem or form.errors else 200)


@needs("release.see")
def recall(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One recall: why, until when, and who has answered what."""
    one = get_object_or_404(Recall.objects.select_related("sender"), pk=pk)
    notices = list(one.notices.select_related("partner"))
    waits = sum(notice.answer == "waiting" for notice in notices)
    proposed = Release.objects.filter(case=recalls.case_of(one)).select_related("partner").order_by("pk")
    context = {"recall": one, "notices": notices, "waits": waits, "proposed": proposed}
    return render(request, "release/recall.html", context)
