"""S-02: collection, alteration, consultation, disclosure, combination and erasure each leave an entry.

Erasure has no place in Baham yet (S-12), so the test holds the other five, and that nothing erases without it.
"""

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.ledger import annotate, resolve
from baham.platform.ledger.models import Statement
from tests.support.people import actor, person, signed_in

WHY = "The register of 1991 says so, independently."


def events(**filters):
    return [(entry.event, entry.act) for entry in Entry.objects.filter(**filters).order_by("number")]


def test_collection(ledger):
    entry = Entry.objects.get(event="collection")
    assert (entry.actor, entry.subject, entry.purpose) == ("tester", "dataset:home-dept", "list-maintenance")


def test_consultation(ledger):
    client = signed_in(person(Role.ANALYST))
    pk = ledger["k-1"].pk
    client.get(f"/entity/{pk}/")
    client.get("/search/?q=zarghun")
    client.post("/screen/", {"name": "Zarghun Talband"})
    shown = Entry.objects.filter(event="consultation").order_by("number")
    assert [(entry.act, entry.subject) for entry in shown] == [
        ("read", f"entity:{pk}"),
        ("read", "search"),
        ("screened", "screening:one"),
    ]
    assert shown[1].detail["entities"] == [pk]
    assert all(entry.purpose == "screening" and entry.at for entry in shown)


def test_alteration_and_combination(ledger):
    statement = Statement.objects.filter(entity=ledger["k-1"], prop="name").get()
    annotate.grade(statement, "B2", actor(), WHY)
    annotate.take_stance(statement, "supports", actor(), WHY, "register of 1991")
    made = resolve.judge(ledger["k-1"], ledger["k-2"], "same", actor(), WHY)
    resolve.retract(made, actor(), WHY)
    assert events(event="alteration") == [
        ("alteration", "graded B2"),
        ("alteration", "supports"),
        ("alteration", "retracted a judgement"),
    ]
    combination = Entry.objects.get(event="combination")
    assert (combination.justification, combination.detail) == (WHY, {"other": ledger["k-2"].pk})


def test_disclosure(ledger, django_capture_on_commit_callbacks):
    client = signed_in(person(Role.ANALYST))
    upload = SimpleUploadedFile("names.csv", b"id,name\n1,Zarghun Talband\n")
    with django_capture_on_commit_callbacks(execute=True):
        job = client.post("/screen/file/", {"file": upload}).url
    pk = job.strip("/").split("/")[-1]
    answer = client.get(f"/screen/results/{pk}/download/")
    assert b"Zarghun" in b"".join(answer.streaming_content)
    entry = Entry.objects.get(event="disclosure")
    assert (entry.recipient, entry.subject) == ("analyst", f"job:{pk}")


def test_no_service_deletes_what_was_recorded():
    """Nothing in the rooms that hold persons calls delete() on a model."""
    platform = Path(__file__).resolve().parents[2] / "baham" / "platform"
    for room in ("ledger", "review", "audit", "screening"):
        for path in (platform / room).rglob("*.py"):
            if path.name == "quota.py":  # forgets which records were read an hour ago; the log keeps the readings
                continue
            if path.name == "erasing.py":  # what two people decided to erase; the log keeps that they did
                continue
            assert ".delete()" not in path.read_text(), path
