"""Pages of erasure and restriction: asking for one, deciding it, seeing what became of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from baham.platform.accounts.access import Closed, needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.models import Entity, Restriction
from baham.platform.ledger.need_to_know import NeedToKnow, named
from baham.platform.ledger.opening import may_act, may_read
from baham.platform.ledger.record import Value, read
from baham.platform.ledger.standing import CannotMark, lift, restrict
from baham.platform.places import PLACES
from baham.platform.review.erasing import holding
from baham.platform.review.rows import row_of
from baham.platform.review.services import CannotDecide, decide, seen, waiting_for
from baham.platform.review.worklist import within_reach
from baham.platform.rights import erasure, erasure_scope
from baham.platform.rights.erasure import CannotErase
from baham.platform.rights.erasure_forms import GROUNDS, SCOPES, STATES, ErasureForm, RestrictionForm
from baham.platform.rights.models import Erasure

_PAGE = 50


@needs("record.erase", purpose=True)
def ask(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask for the erasure of a record, of all records judged the same, or of some of its values."""
    entity = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_act(request, entity)
    form, problem = ErasureForm(request.POST or None), ""
    chosen = request.POST.getlist("statement")
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("erasure", pk=_put_forward(request, entity, form.cleaned_data, chosen).pk)
        except CannotErase as error:
            problem = str(error)
    consulted(Actor.of(request), f"entity:{entity.canonical_id}", str(entity))
    known = read(entity, NeedToKnow.of(request))
    context = {
        "entity": entity,
        "form": form,
        "problem": problem,
        "chosen": chosen,
        "rows": _own(entity, known.values),
        "members": known.members,
        "erased": entity.is_hollow,
    }
    return render(request, "rights/erase.html", context, status=400 if problem or form.errors else 200)


def _put_forward(request: ConsoleRequest, entity: Entity, given: dict[str, Any], chosen: list[str]) -> Erasure:
    scope = given["scope"]
    if scope == Erasure.Scope.STATEMENTS and not chosen:
        raise CannotErase("Mark the values that are to be erased.")
    return erasure.put_forward(
        Actor.of(request),
        entity,
        given["ground"],
        given["reason"],
        reference=given["reference"],
        cluster=scope == Erasure.Scope.CLUSTER,
        statements=chosen if scope == Erasure.Scope.STATEMENTS else (),
    )


def _own(entity: Entity, values: list[Value]) -> list[Value]:
    return [value for value in values if value.statement.entity_id == entity.pk]


@needs("review.see")
def erasures(request: ConsoleRequest) -> HttpResponse:
    """Every erasure that was asked for, and what became of it; without anybody's name."""
    page = Paginator(
        Erasure.objects.filter(matter__in=within_reach(request.user)).select_related("matter"), _PAGE
    ).get_page(request.GET.get("page"))
    rows = [(one, GROUNDS[Erasure.Ground(one.ground)], STATES[Erasure.State(one.state)]) for one in page]
    return render(request, "rights/erasures.html", {"page": page, "rows": rows})


@needs("review.see", purpose=True)
def one(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One erasure: exactly what will be gone, what stays and why; and the signature."""
    if request.method == "POST" and not request.user.may("record.erase"):
        raise PermissionDenied
    reachable = within_reach(request.user)
    found = get_object_or_404(Erasure.objects.select_related("entity__dataset", "matter"), pk=pk, matter__in=reachable)
    assert found.matter is not None  # reached by it
    if found.state in (Erasure.State.PROPOSED, Erasure.State.WAITING):
        may_read(request, found.entity)  # its values are shown until they are gone
    waits = found.state in (Erasure.State.PROPOSED, Erasure.State.WAITING)
    concerned = erasure_scope.concerned_by(found) if waits else None
    going = erasure_scope.going(found, concerned) if concerned else []
    records, withheld = erasure_scope.readable(going, NeedToKnow.of(request))
    problem = ""
    if request.method == "POST":
        if withheld:
            raise Closed(withheld)  # nobody signs away what they may not read
        try:
            _answer(request, found)
        except (CannotDecide, CannotErase) as error:
            problem = str(error)
        except OperationalError:  # SQLite's one writer, busy for longer than is waited
            problem = erasure.BUSY
        else:
            return redirect("erasure", pk=pk)
    may_sign = not withheld and waiting_for(request.user).filter(pk=found.matter.pk).exists()
    if waits:
        consulted(Actor.of(request), f"entity:{found.entity.canonical_id}", str(found.entity))
    if may_sign:
        seen(found.matter, request.user)
    row = row_of(found.matter, NeedToKnow.of(request))
    context = {
        "erasure": found,
        "problem": problem,
        "may_sign": may_sign,
        "given": request.POST,
        "waits": waits,
        "row": row,
        "item": found.matter,
        "kind": row.kind,
        "signatures": list(found.matter.signatures.all()),
        "ground": GROUNDS[Erasure.Ground(found.ground)],
        "scope": SCOPES[Erasure.Scope(found.scope)],
        "state": STATES[Erasure.State(found.state)],
        "goes": erasure_scope.preview(concerned) if concerned else _gone(found),
        "records": records,
        "withheld": withheld,
        "holds": holding(concerned) if concerned and found.state == Erasure.State.WAITING else [],
        "may_erase": request.user.may("record.erase"),
    }
    return render(request, "rights/erasure.html", context, status=400 if problem else 200)


def _answer(request: ConsoleRequest, found: Erasure) -> None:
    """Sign, or go on once nobody is held any more."""
    if request.POST.get("choice") == "go-on":
        erasure.empty(found, Actor.of(request))
        return
    assert found.matter is not None
    decide(
        found.matter, request.user, Actor.of(request), request.POST.get("choice", ""), request.POST.get("reason", "")
    )


def _gone(found: Erasure) -> list[tuple[Any, int]]:
    """How much was taken where, in the words of the places."""
    names = {place.models[0]: place.name for place in PLACES if place.models}
    return [(names[label], count) for label, count in found.counts.items() if label in names and count]


@needs("record.restrict", purpose=True)
def restriction(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Restrict a record, or lift its restriction."""
    entity = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    reader = NeedToKnow.of(request)
    if not reader.keeps(entity.dataset):
        raise PermissionDenied
    named(reader.look([entity])[pk])  # a restricted record is found by its number here, whatever the purpose
    standing = Restriction.objects.filter(entity=entity, lifted_at=None).first()
    form, problem = RestrictionForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            if standing is None:
                restrict(entity, Actor.of(request), form.cleaned_data["reason"])
            else:
                lift(standing, Actor.of(request), form.cleaned_data["reason"])
        except CannotMark as error:
            problem = str(error)
        else:
            return redirect("restriction", pk=pk)
    consulted(Actor.of(request), f"entity:{entity.canonical_id}", str(entity))
    context = {
        "entity": entity,
        "form": form,
        "problem": problem,
        "standing": standing,
        "earlier": list(entity.restrictions.exclude(lifted_at=None)),
    }
    return render(request, "rights/restriction.html", context, status=400 if problem or form.errors else 200)
