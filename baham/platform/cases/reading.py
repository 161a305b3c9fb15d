"""What the pages of cases show: rows of the work list, and one case as somebody may read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Min, QuerySet
from django.utils import timezone

from baham.kernel.decision import Ruling
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.models import Organisation, User
from baham.platform.cases import rules
from baham.platform.cases.models import Case, Running, Step, Tell
from baham.platform.cases.registry import WORKFLOWS, workflow_of
from baham.platform.cases.services import CARRIED, HAND_OVER
from baham.platform.cases.workflow import CLOCK, EDIT, OPEN, Clock, Field, Kind, Move, Workflow
from baham.platform.ledger.models import Entity
from baham.platform.ledger.need_to_know import NeedToKnow


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the work list."""

    case: Case
    flow: Workflow | None
    state: Any
    due_on: Any
    overdue: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A move from where the case is: whether this person may make it, and if not, why."""

    move: Move
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Past:
    """One step of the history, in words."""

    step: Step
    title: Any
    state: Any
    ground: Any
    fields: tuple[Any, ...]


class Shown:
    """How single things of a case are put on a page."""

    @staticmethod
    def letter(flow: Workflow, case: Case, told: Tell) -> dict[str, Any]:
        """A letter's heading and paragraphs, with the fields as they stood when it was written."""
        form = flow.letter(told.letter["letter"])
        values = _Words({one.code: _text(one, told.letter["given"].get(one.code, "")) for one in flow.fields})
        return {
            "case": case,
            "told": told,
            "heading": form.title,
            "paragraphs": [str(paragraph) % values for paragraph in form.paragraphs],
            "party": told.party,
            "at": told.step.at,
        }


class _Words(dict[str, str]):
    """Fields by code; one that is not there is a line to be filled in by hand."""

    def __missing__(self, code: str) -> str:
        return "………"


def narrowed(cases: QuerySet[Case], wanted: Mapping[str, str], user: User) -> QuerySet[Case]:
    """The cases that are asked for, what is due first in front."""
    cases = cases.exclude(closed_at=None) if wanted.get("closed") else cases.filter(closed_at=None)
    for name in ("workflow", "state"):
        if wanted.get(name):
            cases = cases.filter(**{name: wanted[name]})
    if wanted.get("mine"):
        ready = [flow.code for flow in WORKFLOWS if any(one.act and user.may(one.act) for one in flow.moves)]
        cases = cases.filter(workflow__in=ready)
    cases = cases.annotate(due=Min("clocks__due_on"))
    if wanted.get("overdue"):
        cases = cases.filter(due__lte=timezone.localdate())
    return cases.order_by(F("due").asc(nulls_last=True), "pk")


def rows_of(cases: Iterable[Case]) -> list[Row]:
    """The lines of the work list."""
    today, found = timezone.localdate(), []
    for case in cases:
        flow, due = workflow_of(case.workflow), getattr(case, "due", None)
        state = flow.state(case.state) if flow else None
        found.append(Row(case, flow, state.title if state else case.state, due, due is not None and due <= today))
    return found


def shown(case: Case, request: ConsoleRequest, given: Mapping[str, Any]) -> dict[str, Any]:
    """One case as somebody may read it."""
    flow, steps = workflow_of(case.workflow), list(case.steps.all())
    context: dict[str, Any] = {"case": case, "flow": flow, "state": case.state, "clocks": [], "moves": []}
    if flow is None:
        return context
    state = flow.state(case.state)
    user = request.user
    editable = rules.may_edit(flow, case, user)
    fields = [(one, given.get(one.code, value)) for one, value in rules.fields_for(flow, case, user)]
    moves = [Offered(one, rules.may_make(flow, case, one, user, steps)) for one in flow.moves_from(case.state)]
    by_code = {one.code: one for one in flow.clocks}
    return context | {
        "state": state.title if state else case.state,
        "fields": [(one, _text(one, value), _record(one, value, request)) for one, value in fields],
        "closed_fields": len(flow.fields) - len(fields),
        "editable": [(one, value) for one, value in fields if one.code in editable],
        "moves": [one for one in moves if one.move.by != CLOCK],
        "by_clock": [one.move for one in moves if one.move.by == CLOCK],
        "clocks": [_clock(row, by_code[row.code]) for row in case.clocks.all() if row.code in by_code],
        "history": [_past(flow, step) for step in reversed(steps)],
        "told": Tell.objects.filter(step__case=case).select_related("step"),
        "parties": {one.code: one.title for one in flow.parties},
        "organisations": Organisation.objects.exclude(pk=case.owner_id or 0),
        "may_hand_over": not case.is_over and rules.works_on(user, case) and user.may(flow.open_act),
        "now_key": f"{case.pk}-{case.revision}-{user.pk}",
    }


def _clock(row: Running, one: Clock) -> dict[str, Any]:
    return {"row": row, "title": one.title, "working": one.working, "then": one.then}


def _past(flow: Workflow, step: Step) -> Past:
    move, state = flow.move(step.move), flow.state(step.to)
    known = {one.code: one.title for one in flow.fields}
    title = move.title if move else None if step.move in (OPEN, EDIT, HAND_OVER, CARRIED) else step.move
    ground = move.reasons.get(step.ground, "") if move else ""
    changed = tuple(known.get(code, code) for code in step.changed)
    return Past(step, title, state.title if state else step.to, ground, changed)


def _text(one: Field, value: Any) -> str:
    if one.kind is Kind.CHOICE:
        return str(one.choices.get(value, value))
    return "" if value is None else str(value)


def _record(one: Field, value: Any, request: ConsoleRequest) -> Entity | None:
    """The entity of a field, as this reader may know of it."""
    if one.kind is not Kind.RECORD or not isinstance(value, int):
        return None
    entities = Entity.objects.filter(pk=value).select_related("dataset")
    return NeedToKnow.of(request).shown(entities).get(value)
