"""Clocks of cases: started, stopped and run out. A clock starts where its workflow says that it runs, stands still
elsewhere with what it has used up, and is told of once for each reminder, however long the machine was off."""

from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from baham.platform.cases import clocks
from baham.platform.cases.models import Case, Fired, Holiday, Running
from baham.platform.cases.registry import WORKFLOWS, workflow_of
from baham.platform.cases.workflow import Clock, Workflow

_FURTHEST = 400
"""Days before its end at which a clock may remind, at the most."""


def set_running(flow: Workflow, case: Case) -> None:
    """Start and stop the clocks of a case as its state says. Inside the caller's transaction."""
    today, rows = timezone.localdate(), {row.code: row for row in case.clocks.all()}
    for one in flow.clocks:
        row, runs = rows.get(one.code), case.state in one.runs_in
        days = _days(one, case)
        if row is None and runs and days is not None:
            row = Running(case=case, code=one.code, days=days)
        if row is None:
            continue
        if isinstance(one.days, str) and days is not None:
            row.days = days
        _turn(row, one, runs, today)
        row.save()
    for code, row in rows.items():
        if code not in {one.code for one in flow.clocks} and row.since is not None:
            row.since = row.due_on = None
            row.save()


def _turn(row: Running, one: Clock, runs: bool, today: date) -> None:
    counts = counting(one)
    if row.since is not None and not runs:
        row.spent += clocks.spent(row.since, today, counts)
        row.since = row.due_on = None
    elif runs:
        row.since = row.since or today
        row.due_on = clocks.due_on(row.since, max(row.days - row.spent, 0), counts)


def _days(one: Clock, case: Case) -> int | None:
    """The budget of a clock; None while the field that holds it is empty."""
    if isinstance(one.days, int):
        return one.days
    value = case.given.get(one.days)
    return value if isinstance(value, int) else None


def counting(one: Clock) -> clocks.Counts:
    """Which days a clock counts."""
    if not one.working:
        return clocks.every_day
    return clocks.working(frozenset(Holiday.objects.values_list("day", flat=True)), frozenset(settings.WEEKEND))


def holidays_changed() -> None:
    """Reckon anew the days of the clocks that count working days."""
    for row in Running.objects.exclude(since=None).select_related("case"):
        of = workflow_of(row.case.workflow)
        one = next((one for one in of.clocks if one.code == row.code), None) if of else None
        if one is not None and one.working:
            _turn(row, one, True, timezone.localdate())
            row.save()


def upkeep() -> int:
    """Remind, make the moves of clocks that have run out, and carry cases over to new versions. How many."""
    from baham.platform.cases.services import Refused, carry_over

    done = 0
    for flow in WORKFLOWS:
        for case in Case.objects.filter(workflow=flow.code, closed_at=None, version__lt=flow.version):
            try:
                carry_over(case)
            except Refused:
                continue
    today = timezone.localdate()
    near = Running.objects.filter(due_on__lte=today + timedelta(days=_FURTHEST)).select_related("case")
    for row in near.order_by("due_on", "pk"):
        of = workflow_of(row.case.workflow)
        one = next((one for one in of.clocks if one.code == row.code), None) if of else None
        if one is not None:
            done += _reached(row, one, today)
    return done


def _reached(row: Running, one: Clock, today: date) -> int:
    """The last reminder that is due and was not given, or the end with its move."""
    from baham.platform.cases import services

    assert row.due_on is not None
    if row.due_on <= today:
        fired = _fire(row, 0)
        if one.then:
            try:
                services.move(row.case, row.case.revision, one.then, None)
            except services.Refused:
                return int(fired)  # somebody is at it, or it cannot be done; the next hour tries again
        return int(fired)
    reached = [days for days in one.remind if row.due_on - timedelta(days=days) <= today]
    return int(bool(reached) and _fire(row, min(reached)))


def _fire(row: Running, rung: int) -> bool:
    """Note that a rung was reached; False where it was before, by whichever process."""
    try:
        with transaction.atomic():
            Fired.objects.create(clock=row, rung=rung)
    except IntegrityError:
        return False
    return True
