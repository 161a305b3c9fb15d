"""Pages of the ledger: an entity's record, and the chain of one value."""

from collections.abc import Callable, Iterable
from datetime import datetime, time

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baham.kernel.handling import PAP, TLP
from baham.kernel.text import script_of
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import BY_CODE, PURPOSES
from baham.platform.audit.models import Entry, Event
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger import annotate, marking, resolve, standing
from baham.platform.ledger.chain import chain_of
from baham.platform.ledger.models import Change, Entity, Judgement
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.opening import may_act, may_read
from baham.platform.ledger.record import Value, find_statement, read
from baham.platform.ledger.shared import identifies, shared
from baham.platform.ledger.views_standing import STANDINGS

_RECENT_READS = 5
_LOOKED_AT = 60
_LONGEST_NUMBER = 19  # digits of the largest id that a database holds
MATTERS: list[Callable[[Entity, User], Iterable[object]]] = []
"""How rooms above say which matters on a record are open for a person; each adds its own when it is ready."""


@needs("record.read")
def entity(request: ConsoleRequest, pk: int) -> HttpResponse:
    """An entity's record: every value with its chain, as known today or on another day."""
    subject = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_read(request, subject)
    day = parse_date(request.GET["on"]) if _is_day(request.GET.get("on", "")) else None
    on = datetime.combine(day, time.max, timezone.get_current_timezone()) if day else None
    reader = NeedToKnow.of(request)
    known, keeps = read(subject, reader, on), reader.keeps(subject.dataset)
    if subject.is_person:
        consulted(
            Actor.of(request), f"entity:{subject.canonical_id}", str(subject), **({"on": str(day)} if day else {})
        )
    context = {
        "record": known,
        "chains": [(prop, [chain_of(value) for value in values]) for prop, values in known.properties.items()],
        "on": day,
        "bad_day": bool(request.GET.get("on")) and day is None,
        "readers": _readers(subject) if keeps or request.user.may("oversight.examine") else None,
        "other_names": [name for name in known.names if script_of(name) != script_of(subject.caption)][:1],
        "user_may_release": keeps and request.user.may("release.propose"),
        "user_may_recall": keeps and request.user.may("release.sign"),
        "user_may_resolve": keeps and request.user.may("record.resolve"),
        "user_may_stand": keeps and subject.is_person and request.user.may("record.restrict"),
        "held_as": _held_as(subject) if keeps and subject.is_person else None,
        "user_may_restrict": keeps and request.user.may("record.restrict"),
        "restricted": standing.is_restricted(subject),
        "matters": [item for find in MATTERS for item in find(subject, request.user)],
        "versions": Change.objects.filter(entity__in=known.members)
        .select_related("version__dataset")
        .order_by("-version__loaded_at")[:20],
    }
    return render(request, "ledger/entity.html", context)


def _held_as(subject: Entity) -> object:
    """What the cluster is held as, in words: the gentlest of what was said of its records."""
    return STANDINGS[standing.about([subject])[subject.pk].standing][0]


def _is_day(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False


def _readers(subject: Entity) -> list[Entry]:
    """Who read the record lately and what for, once a day: for its keeper and for oversight, and without case numbers,
    which are of whoever works on the case. The one use of the log outside the auditor's room."""
    reads = Entry.objects.filter(subject=f"entity:{subject.canonical_id}", event=Event.CONSULTATION)
    recent: dict[tuple[str, str, object], Entry] = {}
    for entry in reads.order_by("-number")[:_LOOKED_AT]:
        recent.setdefault((entry.actor, entry.purpose, entry.at.date()), entry)
    last = list(recent.values())[:_RECENT_READS]
    for read_by in last:
        read_by.purpose_title = BY_CODE[read_by.purpose].title if read_by.purpose in BY_CODE else ""
    return last


@needs("record.read")
def chain(request: ConsoleRequest, pk: int, sid: str) -> HttpResponse:
    """One value with its whole chain, on a page of its own; where the grader's and the doubter's forms are."""
    subject = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_read(request, subject)
    reader = NeedToKnow.of(request)
    value = find_statement(subject, sid, reader)
    if value is None:
        return render(request, "ledger/no_statement.html", {"entity": subject}, status=404)
    problem = ""
    if request.method == "POST":
        if not reader.keeps(value.dataset):
            raise PermissionDenied
        try:
            _annotate(request, value)
            return _to_what_remains(request, subject, sid)
        except annotate.CannotAnnotate as error:
            problem = str(error)
    elsewhere = shared(value.statement, reader) if not request.htmx else None
    if subject.is_person and request.method != "POST":
        others = [row.entity_id for row in elsewhere.others] if elsewhere else []
        consulted(
            Actor.of(request),
            f"entity:{subject.canonical_id}",
            str(subject),
            statement=sid,
            **({"entities": others} if others else {}),
        )
    context = {
        "entity": subject,
        "value": value,
        "chain": chain_of(value, open_=True),
        "problem": problem,
        "given": request.POST,
        "elsewhere": elsewhere,
        "identifies": identifies(value.statement.prop),
        "user_may_grade": reader.keeps(value.dataset) and request.user.may("record.grade"),
        **_marks(request, value),
    }
    template = "ledger/_chain_row.html" if request.htmx else "ledger/chain.html"
    return render(request, template, context, status=400 if problem else 200)


def _to_what_remains(request: ConsoleRequest, subject: Entity, sid: str) -> HttpResponse:
    """Back to the value; or, where whoever marked it may not read it any more, to what they may, and they are told."""
    reader = NeedToKnow.of(request)
    if reader.shown([subject]) and find_statement(subject, sid, reader) is not None:
        return redirect("chain", pk=subject.pk, sid=sid)
    messages.success(
        request, _("Recorded. Under this marking you may not read the value yourself; who is cleared may.")
    )
    return redirect("entity", pk=subject.pk) if reader.shown([subject]) else redirect("home")


def _marks(request: ConsoleRequest, value: Value) -> dict[str, object]:
    """What the form for a marking shows, for those who may use it."""
    may = request.user.may("record.grade") or request.user.may("release.sign")
    if not (may and NeedToKnow.of(request).keeps(value.dataset)):
        return {"user_may_mark": False}
    return {
        "user_may_mark": True,
        "tlps": list(TLP),
        "paps": list(PAP),
        "purposes": PURPOSES,
        "circles": marking.circles(value.handling),
        "current": value.handling,
    }


def _annotate(request: ConsoleRequest, value: Value) -> None:
    """Grade the statement, take a stance on it, or mark it, as the form says."""
    actor, given, statement = Actor.of(request), request.POST, value.statement
    may_grade, may_sign = request.user.may("record.grade"), request.user.may("release.sign")
    if given.get("act") == "mark" and (may_grade or may_sign):
        wanted = marking.read(given, given.getlist, value.handling)
        marking.mark(value, wanted, actor, given.get("reason", ""), may_widen=may_sign)
    elif not may_grade:
        raise PermissionDenied
    elif given.get("act") == "grade":
        annotate.grade(statement, given.get("grade", ""), actor, given.get("reason", ""), given.get("scheme", ""))
    elif given.get("act") == "stance":
        annotate.take_stance(
            statement, given.get("stance", ""), actor, given.get("reason", ""), given.get("evidence", "")
        )
    else:
        raise annotate.CannotAnnotate(_("Choose what you want to record."))


@require_POST
@needs("record.resolve", purpose=True)
def judge_entity(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Judge two records the same, different or undecided."""
    subject = get_object_or_404(Entity.objects.select_related("dataset"), pk=pk)
    may_act(request, subject)
    other = request.POST.get("other", "")
    numbered = other.isdecimal() and len(other) < _LONGEST_NUMBER
    rival = Entity.objects.filter(pk=int(other) if numbered else 0).select_related("dataset").first()
    try:
        if rival is None or not NeedToKnow.of(request).shown([rival]):
            raise resolve.CannotJudge(_("There is no record with this number."))
        if not NeedToKnow.of(request).keeps(rival.dataset):
            raise resolve.CannotJudge(_("Another organisation keeps the other record; it judges it with you."))
        if request.POST.get("verdict") not in Judgement.Verdict.values:
            raise resolve.CannotJudge(_("Choose one of the answers."))
        resolve.judge(subject, rival, request.POST["verdict"], Actor.of(request), request.POST.get("reason", ""))
    except resolve.CannotJudge as error:
        return render(request, "ledger/not_judged.html", {"entity": subject, "problem": str(error)}, status=400)
    return redirect("entity", pk=pk)


@require_POST
@needs("record.resolve", purpose=True)
def retract_judgement(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take a judgement back."""
    judgement = get_object_or_404(Judgement.objects.select_related("left__dataset", "right__dataset"), pk=pk)
    for end in (judgement.left, judgement.right):
        may_act(request, end)
    try:
        resolve.retract(judgement, Actor.of(request), request.POST.get("reason", ""))
    except resolve.CannotJudge as error:
        context = {"entity": judgement.left, "problem": str(error)}
        return render(request, "ledger/not_judged.html", context, status=400)
    return redirect("entity", pk=judgement.left_id)
