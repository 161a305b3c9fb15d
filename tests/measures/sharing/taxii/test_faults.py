"""When something breaks: nothing goes out unlogged, nothing is half-stored, and the partner is told when to come again."""

import pytest
from django.db import OperationalError

from baham.measures.sharing.taxii import marked, posting, views
from baham.measures.sharing.taxii.models import Bucket, Collection, Status, Stored
from baham.platform.audit.models import Entry
from tests.measures.sharing.taxii.world import objects_of, stix


def broken(*_: object, **__: object) -> None:
    raise OSError("the disk is full")


def busy(*_: object, **__: object) -> None:
    raise OperationalError("database is locked")


def test_what_cannot_be_logged_does_not_go_out(kohsar, nilgar, shared, monkeypatch):
    kohsar.post(shared, stix(number=1, name="Tarvok Zelmani"))
    monkeypatch.setattr(views, "record", broken)
    for address in (
        objects_of(shared),
        f"{objects_of(shared)}{stix(number=1)['id']}/",
        f"exchange/collections/{shared.pk}/manifest/",
    ):
        answer = nilgar.get(address)
        assert answer.status_code == 500
        assert "Tarvok" not in answer.content.decode()
        assert stix(number=1)["id"] not in answer.content.decode()
        assert "disk" not in answer.content.decode()


@pytest.mark.parametrize("module, where", [(posting, "record"), (posting, "insert_many"), (marked, "marking_of")])
def test_a_post_that_breaks_half_way_leaves_nothing(kohsar, shared, monkeypatch, module, where):
    kohsar.post(shared, stix(number=9))
    before = Entry.objects.count(), Collection.objects.get().last_added, Bucket.objects.get().tokens
    monkeypatch.setattr(module, where, broken)
    answer = kohsar.post(shared, stix(number=1), stix(number=2))
    assert answer.status_code == 500
    assert "nothing was stored" in answer.json()["description"]
    assert (Stored.objects.count(), Status.objects.count()) == (1, 1)
    assert (Entry.objects.count(), Collection.objects.get().last_added, Bucket.objects.get().tokens) == before
    monkeypatch.undo()
    assert kohsar.post(shared, stix(number=1), stix(number=2)).json()["success_count"] == 2


def test_a_removal_that_breaks_removes_nothing(kohsar, shared, monkeypatch):
    kohsar.post(shared, stix(number=1))
    monkeypatch.setattr(posting, "record", broken)
    assert kohsar.delete(f"{objects_of(shared)}{stix(number=1)['id']}/").status_code == 500
    monkeypatch.undo()
    assert kohsar.ids(shared) == [stix(number=1)["id"]]


def test_a_busy_database_is_said_to_be_busy(kohsar, shared, monkeypatch):
    monkeypatch.setattr(posting, "insert_many", busy)
    answer = kohsar.post(shared, stix(number=1))
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert not Stored.objects.exists()
