"""Whoever posts learns nothing of what it may not read: the answers are those of a collection in which that is not."""

import json
import re

import pytest

from baham.measures.sharing.taxii import marked
from baham.measures.sharing.taxii.models import State, Stored
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import AMBER, GREEN, RED, objects_of, stix
from tests.support.people import actor

pytestmark = pytest.mark.django_db
LATER = "2026-06-01T00:00:00.000Z"
WHY = "Read by two people and found in order."


@pytest.fixture
def kohsar(db):
    return world.partner("kohsar")


@pytest.fixture
def nilgar(db):
    return world.partner("nilgar")


def without_moments(answer):
    """A status as it is told, without what is another each time: ids and the moment."""
    assert answer.status_code == 202, answer.content
    told = {name: value for name, value in answer.json().items() if name not in ("id", "request_timestamp")}
    return json.loads(re.sub(r"--[0-9a-f-]{36}", "", json.dumps(told)))


def hidden(shared, owner, state):
    """An object that nobody but its owner may know of."""
    item = stix("identity", 4711, RED if state is State.ACCEPTED else GREEN)
    owner.post(shared, item)
    Stored.objects.update(state=int(state))
    return item


@pytest.mark.parametrize("moderated", [False, True])
@pytest.mark.parametrize("state", [State.ACCEPTED, State.WAITING, State.REFUSED, State.REMOVED])
@pytest.mark.parametrize("way", ["a copy", "another content", "a later version", "revoked", "another creator"])
def test_an_id_that_is_hidden_is_answered_as_one_that_nobody_has(kohsar, nilgar, moderated, state, way):
    shared = world.collection(kohsar, nilgar, moderated=moderated)
    if state is State.REMOVED and not moderated:
        item = stix("identity", 4711, RED)
        kohsar.post(shared, item)
        Stored.objects.update(state=int(state))
    else:
        item = hidden(shared, kohsar, state)
    change = {
        "a copy": {},
        "another content": {"name": "Varnok works"},
        "a later version": {"modified": LATER},
        "revoked": {"revoked": True, "modified": LATER},
        "another creator": {"created_by_ref": stix("identity", 9)["id"]},
    }[way]
    attack, free = {**item, **change}, {**item, **change, "id": stix("identity", 815)["id"]}
    assert without_moments(nilgar.post(shared, attack)) == without_moments(nilgar.post(shared, free))
    again = {**change, "modified": "2026-07-01T00:00:00.000Z"}
    for second in ({}, again, {"name": "Third works", **again}):
        answers = [nilgar.post(shared, {**one, **second}) for one in (attack, free)]
        assert without_moments(answers[0]) == without_moments(answers[1]), second
    for number in (attack["id"], free["id"]):
        assert len(nilgar.get(f"{objects_of(shared)}{number}/").json()["objects"]) == 1
        assert len(nilgar.get(f"{objects_of(shared)}{number}/versions/").json()["versions"]) == len(
            nilgar.get(f"{objects_of(shared)}{free['id']}/versions/").json()["versions"]
        )
    statuses = [nilgar.delete(f"{objects_of(shared)}{one['id']}/").status_code for one in (attack, free)]
    assert statuses == [200, 200]
    assert Stored.objects.get(owner=kohsar.partner).state == state, "another party's object is as it was"


def test_what_it_may_read_is_still_nobody_elses_to_change(kohsar, nilgar):
    shared = world.collection(kohsar, nilgar)
    item = stix("identity", 4711, AMBER)
    kohsar.post(shared, item)
    told = nilgar.post(shared, {**item, "modified": LATER}).json()
    assert told["failure_count"] == 1 and "Another party" in told["failures"][0]["message"]
    assert nilgar.post(shared, item).json()["successes"][0]["message"] == "It was there before."
    assert nilgar.delete(f"{objects_of(shared)}{item['id']}/").status_code == 403


def test_who_may_only_post_learns_of_nobody_elses(kohsar, nilgar):
    from baham.measures.sharing.taxii import arrange

    shared = world.collection(kohsar)
    arrange.give_access(actor(), shared, nilgar.partner, can_write=True)
    item = stix("identity", 4711, GREEN)
    kohsar.post(shared, item)
    free = stix("identity", 815, GREEN)
    for change in ({}, {"modified": LATER}):
        answers = [nilgar.post(shared, {**one, **change}) for one in (item, free)]
        assert without_moments(answers[0]) == without_moments(answers[1])


def test_a_third_reader_finds_one_object_under_one_id(kohsar, nilgar):
    """That of the first party whose it may have; neither both, nor one in place of what it had."""
    third, closer = world.partner("varand"), world.partner("daryab")
    shared = world.collection(kohsar, nilgar, third, closer)
    item = stix("identity", 4711, RED)
    kohsar.post(shared, item)
    nilgar.post(shared, {**item, "object_marking_refs": [GREEN], "name": "Varnok works", "modified": LATER})
    for reader, name in ((third, "Varnok works"), (nilgar, "Varnok works"), (kohsar, item["name"])):
        found = [one["name"] for one in reader.get(objects_of(shared)).json()["objects"]]
        assert found == [name], reader.partner
    Stored.objects.filter(owner=kohsar.partner).update(marking=marked.marking_of(_green()))
    assert [one["name"] for one in closer.get(objects_of(shared)).json()["objects"]] == [item["name"]]


def _green():
    from baham.kernel.handling import PAP, TLP, Handling

    return Handling(TLP.GREEN, PAP.CLEAR)


def test_what_is_hidden_between_two_objects_is_not_to_be_counted(kohsar, nilgar):
    shared = world.collection(kohsar, nilgar)
    for _turn in range(3):
        kohsar.post(shared, *(stix("identity", None, GREEN if n % 4 == 0 else RED) for n in range(40)))
    added = list(Stored.objects.order_by("seq").values_list("added", flat=True))
    assert added == sorted(set(added)), "each has a moment of its own, in the order of arrival"
    assert len({later - before for before, later in zip(added, added[1:], strict=False)}) > 8
