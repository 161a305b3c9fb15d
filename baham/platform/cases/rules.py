"""Who may do what to a case, asked by pages, letters, programs and the command line alike. One gate: an act without an
actor is none, and the clock is an actor too."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from baham.kernel.decision import LEAST_REASON, Ruling, person_behind
from baham.platform.accounts.models import User
from baham.platform.cases.models import Case, Step
from baham.platform.cases.registry import WORKFLOWS, workflow_of
from baham.platform.cases.workflow import CLOCK, Field, Move, Workflow


def works_on(user: User, case: Case) -> bool:
    """Whether the case is of the user's own organisation; what has no owner is the operator's."""
    return user.is_operators if case.owner is None else user.organisation_id == case.owner_id


def may_see(user: User, case: Case) -> bool:
    """Whether somebody may read a case: its owner's people whose role allows it, and whoever had a part in it."""
    flow = workflow_of(case.workflow)
    if flow is None or not user.may(flow.see_act):
        return False
    return works_on(user, case) or case.steps.filter(by=user.username).exists()


def visible_to(user: User) -> QuerySet[Case]:
    """The cases that somebody may read."""
    seen = [flow.code for flow in WORKFLOWS if user.may(flow.see_act)]
    own = Q(owner=user.organisation) if user.organisation_id is not None else Q(owner=None)
    if user.is_operators:
        own |= Q(owner=None)
    part = Q(pk__in=Step.objects.filter(by=user.username).values("case"))
    return Case.objects.filter(own | part, workflow__in=seen).select_related("owner")


def may_make(flow: Workflow, case: Case, move: Move, user: User | None, steps: Iterable[Step] = ()) -> Ruling:
    """Whether a move may be made now, whatever reason will be given; `user` is None for the clock."""
    state = flow.state(case.state)
    if state is None:
        return Ruling(False, _("Nobody here knows the state of this case; it stands still."))
    if (move.by == CLOCK) != (user is None):
        return Ruling(False, _("The clock alone makes this move.") if user else _("A person makes this move."))
    if state.code not in move.starts:
        return Ruling(False, _("The case has moved on in the meantime; look at it again."))
    if user is not None:
        if not user.may(move.act):
            return Ruling(False, _("Your role does not allow this."))
        if not works_on(user, case):
            return Ruling(False, _("Another organisation works on this case."))
        apart = {person_behind(step.by) for step in steps if step.move in move.apart}
        if person_behind(user.username) in apart:
            return Ruling(False, _("You had a part in this before; another person has to do it."))
    missing = [str(flow.field(code).title) for code in move.needs if not case.given.get(code)]
    if missing:
        return Ruling(False, _("Fill in first: %(fields)s") % {"fields": ", ".join(missing)})
    return Ruling(True)


def reason_given(move: Move, ground: str, reason: str) -> Ruling:
    """Whether what a person says on a move is enough."""
    if move.reasons and ground not in move.reasons:
        return Ruling(False, _("Choose a ground."))
    if len(" ".join(reason.split())) < LEAST_REASON:
        return Ruling(
            False, _("Write at least %(n)s characters; the person concerned may read this.") % {"n": LEAST_REASON}
        )
    return Ruling(True)


def may_edit(flow: Workflow, case: Case, user: User) -> frozenset[str]:
    """The fields that somebody may write now: those of the state, for whoever may open such a case or move this one."""
    state = flow.state(case.state)
    if state is None or case.is_over or not works_on(user, case):
        return frozenset()
    acts = {flow.open_act, *(move.act for move in flow.moves_from(state.code) if move.act)}
    return frozenset(state.edits) if any(user.may(act) for act in acts) else frozenset()


def fields_for(flow: Workflow, case: Case, user: User) -> list[tuple[Field, Any]]:
    """The fields that somebody may read, with what stands in them; one that is closed to them is not among these."""
    return [(one, case.given.get(one.code, "")) for one in flow.fields if not one.seen_by or user.may(one.seen_by)]


def checked(flow: Workflow, changes: Mapping[str, Any], allowed: Iterable[str]) -> Ruling:
    """Whether these values may be written into these fields."""
    from baham.platform.cases.values import fault_of

    allowed = frozenset(allowed)
    for code, value in changes.items():
        if code not in allowed:
            return Ruling(False, _("This field is not written in this state: %(field)s") % {"field": code})
        if fault := fault_of(flow.field(code), value):
            return Ruling(False, f"{flow.field(code).title}: {fault}")
    return Ruling(True)
