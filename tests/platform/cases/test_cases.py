"""A case goes as its workflow says and no other way, whoever tries; what follows is written with the step and done once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.kernel.handling import Audience
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.cases import outbox, rules, running, services
from baham.platform.cases.models import Case, Fired, Holiday, Running, Step, Tell
from baham.platform.cases.registry import WORKFLOWS
from baham.platform.cases.workflow import End, Move, State
from baham.platform.world.history import clock
from tests.platform.cases.conftest import WHY, lantern
from tests.support.people import actor, office, person

GIVEN = {"subject": "Orsal Ferrand", "basis": "Lantern Act, s. 3", "days": 30}


@pytest.fixture
def case(flow, people) -> Case:
    return services.open_case(flow, people[0], actor("drafter"), "Lantern at the north pier", GIVEN)


def go(case: Case, code: str, user, **more) -> Step:
    case.refresh_from_db()
    return services.move(case, case.revision, code, user, actor(user.username), reason=WHY, **more)


def in_force(case: Case, people) -> Case:
    go(case, "propose", people[0])
    go(case, "order", people[1])
    case.refresh_from_db()
    return case


def test_a_case_is_its_steps(case, people):
    in_force(case, people)
    assert (case.state, case.revision) == ("in-force", 3)
    steps = list(case.steps.values_list("revision", "move", "came_from", "to", "by"))
    assert steps == [
        (1, "open", "", "draft", "drafter"),
        (2, "propose", "draft", "proposed", "drafter"),
        (3, "order", "proposed", "in-force", "noor"),
    ]
    acts = list(Entry.objects.filter(subject=f"case:{case.pk}").order_by("number").values_list("act", flat=True))
    assert acts == ["opened a case", "moved a case: propose", "moved a case: order"]


def test_nobody_does_both_sides_of_what_takes_two(case, flow):
    """Whoever proposed or wrote in it does not order it, under whatever role, at a terminal or not."""
    both = person(Role.REVIEWER, "both")
    services.edit(case, case.revision, both, actor("both"), {"basis": "Lantern Act, s. 4"})
    go(case, "propose", both)
    with pytest.raises(services.Refused, match="another person"):
        go(case, "order", both)
    case.refresh_from_db()
    assert case.state == "proposed"


@pytest.mark.parametrize(
    ("code", "who", "more", "says"),
    [
        ("order", 1, {}, "moved on"),
        ("propose", 3, {}, "role"),
        ("lapse", 1, {}, "clock"),
        ("fly", 1, {}, "no such move"),
        ("propose", 0, {"reason": "so"}, "20 characters"),
    ],
)
def test_what_is_not_declared_is_not_done(case, people, code, who, more, says):
    user = [*people, person(Role.LIST_OFFICER, "reader")][who]
    given = {"reason": WHY, **more}
    with pytest.raises(services.Refused, match=says):
        services.move(case, case.revision, code, user, actor(user.username), **given)
    assert case.steps.count() == 1 and Tell.objects.count() == 0


def test_what_must_be_filled_and_what_may_be_written(case, flow, people):
    services.edit(case, case.revision, people[0], actor("drafter"), {"days": ""})
    with pytest.raises(services.Refused, match="For how many days"):
        go(case, "propose", people[0])
    for changes, says in (({"days": "many"}, "whole number"), ({"colour": "red"}, "not written in this state")):
        case.refresh_from_db()
        with pytest.raises(services.Refused, match=says):
            services.edit(case, case.revision, people[0], actor("drafter"), changes)
    case.refresh_from_db()
    services.edit(case, case.revision, people[0], actor("drafter"), {"days": 3})
    go(case, "propose", people[0])
    case.refresh_from_db()
    with pytest.raises(services.Refused, match="not written in this state"):
        services.edit(case, case.revision, people[0], actor("drafter"), {"days": 4})


def test_a_ground_is_chosen_where_grounds_are_declared(case, people):
    go(case, "propose", people[0])
    with pytest.raises(services.Refused, match="ground"):
        go(case, "refuse", people[1], ground="wind")
    assert go(case, "refuse", people[1], ground="oil").ground == "oil"
    case.refresh_from_db()
    assert case.is_over and rules.may_edit(WORKFLOWS[-1], case, people[0]) == frozenset()


def test_of_two_who_saw_the_same_case_one_is_told_that_it_has_moved_on(case, people):
    go(case, "propose", people[0])
    case.refresh_from_db()
    seen = case.revision
    services.move(case, seen, "order", people[1], actor("noor"), reason=WHY)
    with pytest.raises(services.Overtaken):
        services.move(case, seen, "refuse", people[2], actor("halim"), reason=WHY, ground="oil")
    assert case.steps.count() == 3


def test_a_form_that_is_sent_twice_is_one_step(case, people, flow):
    first = go(case, "propose", people[0], key="once")
    assert go(case, "propose", people[0], key="once") == first and case.steps.count() == 2
    one, other = (services.open_case(flow, people[0], actor("drafter"), "Another", {}, key="k") for _ in range(2))
    assert one == other


def test_organisations_work_on_their_own(case, flow, people):
    elsewhere = person(Role.REVIEWER, "elsewhere")
    elsewhere.organisation = office("Harbour board", Audience.COMMUNITY)
    elsewhere.save()
    office("Desk")  # the operator's own
    assert not rules.may_see(elsewhere, case) and case not in rules.visible_to(elsewhere)
    with pytest.raises(services.Refused, match="Another organisation"):
        services.move(case, case.revision, "propose", elsewhere, actor("elsewhere"), reason=WHY)
    services.hand_over(case, case.revision, people[0], actor("drafter"), elsewhere.organisation, WHY)
    case.refresh_from_db()
    assert rules.may_see(elsewhere, case) and rules.may_see(people[0], case)  # who had a part in it reads on
    assert not rules.may_see(people[1], case)
    go(case, "propose", elsewhere)
    assert case.steps.last().move == "propose"


def test_a_clock_reminds_once_and_makes_its_move(case, people):
    in_force(case, people)
    start = timezone.now()
    days = [start + timedelta(days=n) for n in (1, 26, 27, 29)]
    fired = []
    for day in days:
        with clock(day):
            running.upkeep()
            running.upkeep()
        fired.append(list(Fired.objects.filter(clock__code="expiry").values_list("rung", flat=True)))
    assert fired == [[], [], [3], [3]]
    with clock(start + timedelta(days=31)):
        running.upkeep()
    case.refresh_from_db()
    assert (case.state, case.steps.last().by) == ("lapsed", "engine:clock")
    assert not Running.objects.exclude(since=None).exists()
    with clock(start + timedelta(days=60)):
        assert running.upkeep() == 0


def test_after_a_long_night_the_latest_reminder_is_given_and_no_move_is_missed(case, people):
    in_force(case, people)
    with clock(timezone.now() + timedelta(days=400)):
        running.upkeep()
    case.refresh_from_db()
    assert case.state == "lapsed"
    assert set(Fired.objects.values_list("clock__code", "rung")) == {("expiry", 0), ("review", 0)}


def test_what_works_stands_still_and_what_the_law_sets_runs_on(case, people):
    in_force(case, people)
    start = timezone.localdate()
    expiry = Running.objects.get(code="expiry").due_on
    with clock(timezone.now() + timedelta(days=4)):
        go(case, "suspend", people[2])
        review = Running.objects.get(code="review")
        assert review.due_on is None and 0 < review.spent <= 4
        assert Running.objects.get(code="expiry").due_on == expiry == start + timedelta(days=30)
    with clock(timezone.now() + timedelta(days=11)):
        go(case, "resume", people[2])
    assert Running.objects.get(code="review").due_on > start + timedelta(days=14)


def test_a_holiday_moves_what_counts_working_days(case, people):
    in_force(case, people)
    before = Running.objects.get(code="review").due_on
    Holiday.objects.create(day=before, title="Feast of lanterns", by="noor")
    running.holidays_changed()
    assert Running.objects.get(code="review").due_on > before
    assert Running.objects.get(code="expiry").due_on == timezone.localdate() + timedelta(days=30)


@pytest.mark.django_db(transaction=True)
def test_what_is_told_is_written_with_the_step_and_delivered_after_it(case, people, monkeypatch):
    seen = []
    monkeypatch.setattr(outbox, "DELIVERED", [lambda one: seen.append((one.kind, one.party))])
    in_force(case, people)
    told = Tell.objects.get()
    assert seen == [("keeper", "Orsal Ferrand")] and told.told_at is not None
    assert told.letter["letter"] == "order" and told.letter["given"]["days"] == 30
    assert outbox.sweep() == 0 and len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_a_post_box_that_fails_is_tried_again_later(case, people, monkeypatch):
    def broken(one):
        raise OSError("the box is full")

    monkeypatch.setattr(outbox, "DELIVERED", [broken])
    in_force(case, people)
    told = Tell.objects.get()
    assert (told.told_at, told.attempts, told.problem) == (None, 1, "the box is full")
    assert case.state == "in-force"
    monkeypatch.setattr(outbox, "DELIVERED", [])
    assert outbox.sweep() == 0  # not yet
    with clock(timezone.now() + timedelta(hours=1)):
        assert outbox.sweep() == 1


def test_a_step_that_breaks_leaves_nothing(case, people, monkeypatch):
    go(case, "propose", people[0])
    case.refresh_from_db()
    before = case.revision, case.steps.count(), Entry.objects.count(), Tell.objects.count()

    def broken(*_args, **_more):
        raise RuntimeError

    monkeypatch.setattr(services, "record", broken)
    with pytest.raises(RuntimeError):
        go(case, "order", people[1])
    case.refresh_from_db()
    assert (case.revision, case.steps.count(), Entry.objects.count(), Tell.objects.count()) == before
    assert case.state == "proposed"


def test_running_cases_are_carried_over_to_a_new_version_by_a_step_that_is_seen(case, people):
    in_force(case, people)
    due = Running.objects.get(code="expiry").due_on
    states = [one if one.code != "in-force" else State("lit", "Lit") for one in lantern().states]
    moves = [_renamed(one) for one in lantern().moves]
    clocks = [_run_in(one) for one in lantern().clocks]
    WORKFLOWS[-1] = lantern(version=2, states=states, moves=moves, clocks=clocks, was={"in-force": "lit"})
    running.upkeep()
    case.refresh_from_db()
    assert (case.version, case.state, case.steps.last().move) == (2, "lit", "carried-over")
    assert Running.objects.get(code="expiry").due_on == due
    go(case, "suspend", people[1])


def _renamed(move: Move) -> Move:
    from dataclasses import replace

    starts = tuple("lit" if one == "in-force" else one for one in move.starts)
    return replace(move, start=starts, to="lit" if move.to == "in-force" else move.to)


def _run_in(clock):
    from dataclasses import replace

    return replace(clock, runs_in=tuple("lit" if one == "in-force" else one for one in clock.runs_in))


def test_a_case_whose_state_nobody_knows_stands_still(case, people):
    Case.objects.filter(pk=case.pk).update(state="underwater")
    case.refresh_from_db()
    with pytest.raises(services.Refused, match="stands still"):
        services.move(case, case.revision, "propose", people[0], actor("drafter"), reason=WHY)
    running.upkeep()
    case.refresh_from_db()
    assert case.state == "underwater"


def test_a_case_of_a_measure_that_is_off_is_kept_and_stands_still(case, people):
    WORKFLOWS[:] = [one for one in WORKFLOWS if one.code != "lantern"]
    with pytest.raises(services.Refused, match="switched off"):
        services.move(case, case.revision, "propose", people[0], actor("drafter"), reason=WHY)
    assert not rules.may_see(people[0], case)


def test_ends_are_ends(case, people):
    assert all(isinstance(one, End) == one.is_end for one in lantern().states)
    in_force(case, people)
    with clock(timezone.now() + timedelta(days=31)):
        running.upkeep()
    for move in lantern().moves:
        case.refresh_from_db()
        user = None if move.by else people[1]
        with pytest.raises(services.Refused):
            services.move(case, case.revision, move.code, user, reason=WHY, ground="oil")
