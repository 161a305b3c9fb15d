"""Jobs: how they end is written down, whatever happens."""

import pytest

from baham.platform.jobs.models import Job, State
from baham.platform.jobs.queue import take_up
from baham.platform.jobs.running import HOURLY, KINDS, JobError, Stopped, hourly, recover, run
from baham.platform.jobs.services import start, stop
from tests.support.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    """A kind of work for tests; what it does is put in by the test."""
    yield "test"
    KINDS.pop("test", None)


def ran(kind, do, django_capture_on_commit_callbacks) -> Job:
    KINDS[kind] = do
    with django_capture_on_commit_callbacks(execute=True):
        job = start(kind, "a title", actor())
    job.refresh_from_db()
    return job


def test_done_with_its_result(kind, django_capture_on_commit_callbacks):
    job = ran(
        kind, lambda handle, given, by: {"by": by.name, "purpose": by.purpose.code}, django_capture_on_commit_callbacks
    )
    assert (job.state, job.result, job.message) == (State.DONE, {"by": "tester", "purpose": "list-maintenance"}, "")
    assert job.started_at <= job.ended_at


@pytest.mark.parametrize(
    ("fault", "state", "message"),
    [
        (JobError("line 3: not a date"), State.FAILED, "line 3: not a date"),
        (Stopped(), State.STOPPED, ""),
        (ZeroDivisionError("by nothing"), State.FAILED, "ZeroDivisionError: by nothing"),
    ],
)
def test_how_it_ends(kind, django_capture_on_commit_callbacks, fault, state, message, caplog):
    def do(handle, given, by):
        raise fault

    job = ran(kind, do, django_capture_on_commit_callbacks)
    assert (job.state, job.message) == (state, message)


def test_what_waits_can_be_stopped_before_it_begins(kind):
    KINDS[kind] = lambda *given: pytest.fail("it began")
    job = Job.objects.create(kind=kind, title="t", owner="tester")
    stop(job)
    run(str(job.pk))
    job.refresh_from_db()
    assert job.state == State.STOPPED


def test_a_job_runs_once(kind):
    job = Job.objects.create(kind=kind, title="t", owner="tester", state=State.DONE)
    KINDS[kind] = lambda *given: pytest.fail("it ran again")
    run(str(job.pk))


def test_a_crash_is_closed_when_the_worker_starts():
    job = Job.objects.create(kind="test", title="t", owner="tester", state=State.RUNNING)
    waiting = Job.objects.create(kind="test", title="t", owner="tester")
    assert recover() == 1
    job.refresh_from_db()
    waiting.refresh_from_db()
    assert (job.state, waiting.state) == (State.FAILED, State.QUEUED)
    assert "Start it again" in job.message


def test_a_job_whose_process_died_before_it_was_queued_is_done_when_the_worker_starts(kind):
    done = []
    KINDS[kind] = lambda handle, given, actor: done.append(given) or {}
    job = Job.objects.create(kind=kind, title="t", owner="tester", given={"n": 1})
    Job.objects.create(kind=kind, title="t", owner="tester", state=State.DONE)
    assert take_up() == 1
    run(str(job.pk))  # it was in the queue as well
    job.refresh_from_db()
    assert job.state == State.DONE and done == [{"n": 1}]
    assert take_up() == 0


def test_a_job_that_is_rolled_back_never_starts(kind, django_capture_on_commit_callbacks):
    from django.db import transaction

    KINDS[kind] = lambda *given: pytest.fail("it began")
    with django_capture_on_commit_callbacks(execute=True) as waiting, pytest.raises(RuntimeError), transaction.atomic():
        start(kind, "t", actor())
        raise RuntimeError
    assert not waiting
    assert not Job.objects.exists()


def test_every_hour_each_room_has_its_turn_whatever_another_does(monkeypatch, caplog):
    done = []

    def fault():
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("baham.platform.jobs.running.HOURLY", [fault, lambda: done.append("second")])
    hourly()
    assert done == ["second"]
    assert "the disk is full" in caplog.text


def test_review_is_among_what_is_done_every_hour():
    from baham.platform.review.upkeep import bring_up

    assert bring_up in HOURLY


def test_its_page_says_what_is_done():
    """Each kind of work has words of its own; none is called by another's."""
    from baham.platform.accounts.roles import Role
    from tests.support.people import person, signed_in

    user = person(Role.ANALYST)
    page = signed_in(user)
    headings = set()
    for kind in KINDS:
        job = Job.objects.create(kind=kind, title="Daryab", owner=user.username)
        answer = page.get(f"/job/{job.pk}/").content.decode()
        headings.add(answer.split("<h1", 1)[1].split("</h1>", 1)[0])
    assert len(KINDS) > 4 and len(headings) == len(KINDS), headings
