"""A list that was loaded in the console and could not be indexed is in force, and its page says both."""

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.jobs.models import Job, State
from baham.platform.jobs.services import start
from baham.platform.ledger import offered, work
from baham.platform.ledger.models import Dataset
from baham.platform.screening import index
from tests.support.lists import write
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db


def fails(*_args: object, **_more: object) -> None:
    raise OSError("the disk is full")


def in_the_index(monkeypatch) -> None:
    monkeypatch.setattr(index, "build", fails)


def in_the_queue(monkeypatch) -> None:
    monkeypatch.setattr(work, "start", fails)


@pytest.mark.parametrize("fault", [in_the_index, in_the_queue])
def test_loaded_not_indexed(tmp_path, monkeypatch, django_capture_on_commit_callbacks, fault):
    keeper = person(Role.LIST_OFFICER, "lala")
    one = offered.look(
        offered.offer(write(tmp_path / "a.csv"), "lamps", actor("lala"), file_name="a.csv"), actor("lala")
    )
    fault(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        job = start("load", "a.csv", actor("lala"), offered=one.pk)
    for waits in Job.objects.filter(state=State.QUEUED):
        work_of(waits)
    job.refresh_from_db()
    assert job.state == State.DONE and Dataset.objects.get(name="lamps").versions.count() == 1
    page = signed_in(keeper).get(f"/job/{job.pk}/").content.decode()
    assert "Loaded, not indexed" in page and "the disk is full" in page and "could not be done" not in page


def work_of(job: Job) -> None:
    from baham.platform.jobs.running import run

    run(str(job.pk))
