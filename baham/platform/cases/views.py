"""Pages of cases: the work list, one case, a form for each move; all of them come from the declaration."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.models import Organisation
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, consulted, record
from baham.platform.cases import rules, services
from baham.platform.cases.models import Case, Tell
from baham.platform.cases.reading import Shown, narrowed, rows_of, shown
from baham.platform.cases.registry import WORKFLOWS, workflow_of
from baham.platform.cases.values import read
from baham.platform.cases.workflow import Workflow

_PAGE = 50


@needs("home.see")
def cases(request: ConsoleRequest) -> HttpResponse:
    """The work list: what waits, soonest first; narrowed by workflow, state, mine, overdue, closed."""
    flows = [flow for flow in WORKFLOWS if request.user.may(flow.see_act)]
    page = Paginator(narrowed(rules.visible_to(request.user), request.GET, request.user), _PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "rows": rows_of(page.object_list),
        "flows": flows,
        "may_open": [flow for flow in flows if request.user.may(flow.open_act)],
        "wanted": request.GET,
    }
    return render(request, "cases/cases.html", context)


@needs("home.see", purpose=True)
def begin(request: ConsoleRequest, workflow: str) -> HttpResponse:
    """Open a case: its title, and the fields of its first state."""
    flow = workflow_of(workflow)
    if flow is None:
        raise Http404
    if not request.user.may(flow.open_act):
        raise PermissionDenied
    problem, given = "", _given(flow, request, flow.first.edits) if request.method == "POST" else {}
    if request.method == "POST":
        try:
            title, key = request.POST.get("title", ""), request.POST.get("key", "")[:80]
            made = services.open_case(flow, request.user, Actor.of(request), title, given, key)
            return redirect("case", pk=made.pk)
        except services.Refused as refused:
            problem = str(refused)
    fields = [(flow.field(code), given.get(code, "")) for code in flow.first.edits]
    context = {"flow": flow, "fields": fields, "problem": problem, "title": request.POST.get("title", "")}
    return render(request, "cases/begin.html", context, status=400 if problem else 200)


@needs("home.see", purpose=True)
def case(request: ConsoleRequest, pk: int) -> HttpResponse:
    """One case: where it is, what may be done and why not, its clocks, fields, history, and who was told."""
    one = _seen(request, pk)
    consulted(Actor.of(request), f"case:{one.pk}", one.title)
    return _page(request, one)


@require_POST
@needs("home.see", purpose=True)
def write(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Write fields."""
    one = _seen(request, pk)
    flow = workflow_of(one.workflow)
    if flow is None:
        raise Http404
    changes = _given(flow, request, rules.may_edit(flow, one, request.user))
    try:
        services.edit(one, _revision(request), request.user, Actor.of(request), changes)
    except services.Refused as refused:
        return _page(request, one, str(refused), changes)
    return redirect("case", pk=pk)


@require_POST
@needs("home.see", purpose=True)
def make(request: ConsoleRequest, pk: int, move: str) -> HttpResponse:
    """Make a move."""
    one = _seen(request, pk)
    given = request.POST
    try:
        services.move(
            one,
            _revision(request),
            move,
            request.user,
            Actor.of(request),
            reason=given.get("reason", ""),
            ground=given.get("ground", ""),
            key=given.get("key", "")[:80],
        )
    except services.Refused as refused:
        return _page(request, one, str(refused))
    return redirect("case", pk=pk)


@require_POST
@needs("home.see", purpose=True)
def hand(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Hand a case over to another organisation."""
    one = _seen(request, pk)
    to = request.POST.get("to", "")
    organisation = get_object_or_404(Organisation, pk=int(to)) if to.isdecimal() and len(to) < 10 else None
    try:
        if organisation is None:
            raise services.Refused("")
        reason = request.POST.get("reason", "")
        services.hand_over(one, _revision(request), request.user, Actor.of(request), organisation, reason)
    except services.Refused as refused:
        return _page(request, one, str(refused))
    return redirect("cases")


@needs("home.see", purpose=True)
def letter(request: ConsoleRequest, pk: int) -> HttpResponse:
    """What a party was told, to be printed and served."""
    told = get_object_or_404(Tell.objects.select_related("step__case"), pk=pk)
    one = _seen(request, told.step.case_id)
    flow = workflow_of(one.workflow)
    if flow is None or not told.letter.get("letter"):
        raise Http404
    record(Actor.of(request), Event.DISCLOSURE, "letter of a case", f"case:{one.pk}", title=one.title, told=told.pk)
    return render(request, "cases/letter.html", Shown.letter(flow, one, told))


def _seen(request: ConsoleRequest, pk: int) -> Case:
    """The case, for whoever may read it; for others there is none."""
    one = get_object_or_404(Case.objects.select_related("owner"), pk=pk)
    if not rules.may_see(request.user, one):
        raise Http404
    return one


def _page(request: ConsoleRequest, one: Case, problem: str = "", given: dict[str, Any] | None = None) -> HttpResponse:
    one = Case.objects.select_related("owner").get(pk=one.pk)
    context = shown(one, request, given or {})
    return render(request, "cases/case.html", {**context, "problem": problem}, status=400 if problem else 200)


def _given(flow: Workflow, request: ConsoleRequest, codes: Any) -> dict[str, Any]:
    return {code: read(flow.field(code), request.POST[code]) for code in codes if code in request.POST}


def _revision(request: ConsoleRequest) -> int:
    written = request.POST.get("revision", "")
    return int(written) if written.isdecimal() and len(written) < 10 else -1
