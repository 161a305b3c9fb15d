"""Going on with an older database: whenever that is interrupted, nothing is lost and nobody writes until it is done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.platform.audit import anchor, resume
from baham.platform.audit.models import Entry, Event
from baham.platform.audit.services import Actor, record
from baham.platform.audit.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The disk was lost on this day."


def write(count):
    for number in range(count):
        record(Actor("t"), Event.SYSTEM, "act", f"thing:{number}")


@pytest.fixture
def behind(settings, tmp_path):
    """A database of five entries beside a log's copy of eight."""
    settings.HOME = tmp_path
    write(5)
    older = {path.name: path.read_bytes() for path in anchor.folder().iterdir() if path.is_file()}
    ahead = [Entry.objects.create(number=5 + n, at=timezone.now(), leaf="00" * 32, form=2) for n in range(3)]
    Entry.objects.filter(pk__in=[one.pk for one in ahead]).delete()
    with (anchor.folder() / "leaves").open("ab") as leaves:
        leaves.write(bytes(range(32)) * 3)
    return older


def refused():
    with pytest.raises(anchor.OlderThanLog, match="3 entries that the database lacks"):
        write(1)
    assert Entry.objects.count() == 5


def test_nothing_is_written_until_somebody_answers(behind):
    refused()
    assert (anchor.folder() / "checkpoint").read_bytes() == behind["checkpoint"]
    aside = resume.go_on(Actor("t"), WHY, timezone.now())
    assert (aside / "leaves").stat().st_size == 8 * 32
    said = Entry.objects.latest("number").detail
    assert (said["lost"], said["common"], said["size"], said["kept"]) == (3, 5, 8, aside.name)
    assert verify().intact
    write(1)
    with pytest.raises(resume.CannotResume):
        resume.go_on(Actor("t"), WHY, timezone.now())


@pytest.mark.parametrize("at", ["record", "_copy"])
def test_whoever_is_interrupted_runs_it_again(behind, monkeypatch, at):
    """Before the entry in the log is written, and after it, when the copy is about to be taken away."""
    real, calls = getattr(resume, at), []

    def interrupted(*given, **more):
        calls.append(at)
        if at == "record" or len(calls) == 2:
            raise KeyboardInterrupt
        return real(*given, **more)

    with monkeypatch.context() as cut, pytest.raises(KeyboardInterrupt):
        cut.setattr(resume, at, interrupted)
        resume.go_on(Actor("t"), WHY, timezone.now())
    assert (anchor.folder() / "leaves").stat().st_size == 8 * 32, "the copy is where it was"
    with pytest.raises(anchor.OlderThanLog):
        write(1)
    again = timezone.now() + timedelta(seconds=5)
    assert (resume.go_on(Actor("t"), WHY, again) / "leaves").stat().st_size == 8 * 32
    assert verify().intact


def test_a_log_of_the_same_length_that_is_another_one_is_told(behind):
    path = anchor.folder() / "leaves"
    path.write_bytes(path.read_bytes()[: 4 * 32] + bytes(32))
    with pytest.raises(anchor.OlderThanLog, match="other entries than the database"):
        write(1)
