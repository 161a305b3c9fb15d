"""Doing something to a case: the only writer. Each act is one transaction: the case as whoever acts saw it, the step,
the clocks, whom to tell, and the entry in the log stand together or not at all.

Of two acts on one revision exactly one is done: the row is changed only where it still has that revision, which holds
on SQLite and PostgreSQL alike. What follows outside (letters, notices) is written down here and done afterwards.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from baham.platform.accounts.models import Organisation, User
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.cases import outbox, rules, running
from baham.platform.cases.models import Case, Step
from baham.platform.cases.registry import workflow_of
from baham.platform.cases.workflow import CLOCK, EDIT, OPEN, Move, Workflow

THE_CLOCK = Actor("engine:clock")
HAND_OVER, CARRIED = "hand-over", "carried-over"
"""Steps that are no moves of any workflow: to another organisation, and to a new version of the workflow."""


class Refused(ValueError):
    """It may not be done. The text is for whoever tried, in their language."""


class Overtaken(Refused):
    """Somebody did something to the case in the meantime."""

    def __init__(self) -> None:
        super().__init__(_("The case has moved on in the meantime; look at it again."))


@transaction.atomic
def open_case(
    flow: Workflow, user: User, actor: Actor, title: str, given: Mapping[str, Any] | None = None, key: str = ""
) -> Case:
    """Open a case in the first state. `key` is the asker's own: the same one opens no second case. Raises Refused."""
    if not user.may(flow.open_act):
        raise Refused(_("Your role does not allow this."))
    values = {code: value for code, value in (given or {}).items() if value not in ("", None)}
    _check(rules.checked(flow, values, flow.first.edits))
    if not title.strip():
        raise Refused(_("Write what the case is called."))
    if key and (known := Step.objects.filter(move=OPEN, key=key, case__workflow=flow.code).first()):
        return known.case
    case = Case.objects.create(
        workflow=flow.code,
        version=flow.version,
        state=flow.first.code,
        revision=1,
        owner=None if user.is_operators else user.organisation,
        title=title.strip()[:300],
        given=values,
        opened_by=actor.name,
    )
    _step(case, OPEN, "", actor, act=flow.open_act, changed=sorted(values), key=key)
    running.set_running(flow, case)
    record(actor, Event.COLLECTION, "opened a case", f"case:{case.pk}", title=case.title, workflow=flow.code)
    return case


@transaction.atomic
def edit(case: Case, revision: int, user: User, actor: Actor, changes: Mapping[str, Any]) -> Case:
    """Write fields of a case, as it was seen at `revision`. Raises Refused, Overtaken."""
    flow, case = _now(case, revision)
    changed = {code: value for code, value in changes.items() if (case.given.get(code) or "") != (value or "")}
    _check(rules.checked(flow, changed, rules.may_edit(flow, case, user)))
    if not changed:
        return case
    left = {code: value for code, value in {**case.given, **changed}.items() if value not in ("", None)}
    _advance(case, given=left)
    _step(case, EDIT, case.state, actor, changed=sorted(changed))
    running.set_running(flow, case)
    record(actor, Event.ALTERATION, "wrote in a case", f"case:{case.pk}", title=case.title, fields=sorted(changed))
    return case


@transaction.atomic
def move(
    case: Case,
    revision: int,
    code: str,
    user: User | None,
    actor: Actor = THE_CLOCK,
    *,
    reason: str = "",
    ground: str = "",
    key: str = "",
) -> Step:
    """Bring a case to another state. `user` is None for the clock alone. Raises Refused, Overtaken.

    With a `key` that was used before on this case, the step that it made is given again and nothing is done.
    """
    if key and (done := case.steps.filter(key=key).first()):
        return done
    flow, case = _now(case, revision)
    wanted = flow.move(code)
    if wanted is None:
        raise Refused(_("There is no such move."))
    _check(rules.may_make(flow, case, wanted, user, case.steps.all()))
    if user is not None:
        _check(rules.reason_given(wanted, ground, reason))
    return _made(flow, case, wanted, actor, reason.strip(), ground, key)


def _made(flow: Workflow, case: Case, wanted: Move, actor: Actor, reason: str, ground: str, key: str) -> Step:
    came_from, to = case.state, flow.state(wanted.to)
    assert to is not None
    _advance(case, state=to.code, closed_at=timezone.now() if to.is_end else None)
    step = _step(case, wanted.code, came_from, actor, act=wanted.act or CLOCK, ground=ground, reason=reason, key=key)
    running.set_running(flow, case)
    outbox.tell(flow, case, wanted, step)
    record(
        actor,
        Event.ALTERATION,
        f"moved a case: {wanted.code}"[:60],
        f"case:{case.pk}",
        title=case.title,
        justification=reason,
        workflow=flow.code,
        state=to.code,
    )
    return step


@transaction.atomic
def hand_over(case: Case, revision: int, user: User, actor: Actor, to: Organisation | None, reason: str) -> Case:
    """Give a case to another organisation, which works on it from now on; its history goes along. Raises Refused."""
    flow, case = _now(case, revision)
    if case.is_over or not rules.works_on(user, case) or not user.may(flow.open_act):
        raise Refused(_("Your role does not allow this."))
    to = None if to is not None and to.is_operators else to
    if to == case.owner:
        raise Refused(_("It works on this case already."))
    _check(rules.reason_given(Move(HAND_OVER, "", (), "", act=flow.open_act), "", reason))
    _advance(case, owner=to)
    _step(case, HAND_OVER, case.state, actor, act=flow.open_act, reason=reason.strip())
    record(
        actor,
        Event.DISCLOSURE,
        "handed a case over",
        f"case:{case.pk}",
        title=case.title,
        justification=reason.strip(),
        recipient=to.name if to else "",
    )
    return case


@transaction.atomic
def carry_over(case: Case) -> Case:
    """Bring a running case to its workflow's version in force: a visible step. Clocks keep their budget."""
    flow = workflow_of(case.workflow)
    if flow is None or case.is_over or case.version >= flow.version:
        return case
    state = flow.state(case.state)
    came_from = case.state
    _advance(case, version=flow.version, state=state.code if state is not None else case.state)
    _step(case, CARRIED, came_from, THE_CLOCK)
    if state is not None:
        running.set_running(flow, case)
    about = f"case:{case.pk}"
    record(THE_CLOCK, Event.SYSTEM, "carried a case over", about, title=case.title, version=flow.version)
    return case


def _now(case: Case, revision: int) -> tuple[Workflow, Case]:
    """The case as it stands, which must be as it was seen; in the version of its workflow that is in force."""
    flow = workflow_of(case.workflow)
    if flow is None:
        raise Refused(_("The measure that this case belongs to is switched off; it stands still."))
    case = Case.objects.select_related("owner").get(pk=case.pk)
    if case.revision != revision:
        raise Overtaken
    return flow, carry_over(case)


def _advance(case: Case, **changes: Any) -> None:
    """Change the case only if nobody did since it was read. Raises Overtaken."""
    changed = Case.objects.filter(pk=case.pk, revision=case.revision).update(revision=case.revision + 1, **changes)
    if not changed:
        raise Overtaken
    for name, value in changes.items():
        setattr(case, name, value)
    case.revision += 1


def _step(case: Case, code: str, came_from: str, actor: Actor, **more: Any) -> Step:
    more["key"] = more.get("key") or None
    try:
        with transaction.atomic():
            return Step.objects.create(
                case=case,
                revision=case.revision,
                move=code,
                came_from=came_from,
                to=case.state,
                version=case.version,
                by=actor.name,
                at=timezone.now(),
                **more,
            )
    except IntegrityError as error:  # the same key from two sides at once
        raise Overtaken from error


def _check(ruling: Any) -> None:
    if not ruling.allowed:
        raise Refused(ruling.reason)
