"""Who is served what: by marking, agreement and state; forged marks; and no policy under which more goes out."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baham.formats.stix.markings import TLP_OF as PREDEFINED
from baham.kernel.handling import TLP, Audience
from baham.measures.sharing.taxii import marked, posting
from baham.measures.sharing.taxii.models import Marking, State, Stored
from baham.platform.audit.models import Entry
from baham.platform.release.models import Agreement
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import AMBER, CLEAR, GREEN, RED, objects_of, stix
from tests.support.people import actor

STRICT = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"
OWN = "marking-definition--00000000-0000-4000-8000-00000000000a"
ALL = [stix("identity", n, mark) for n, mark in enumerate((CLEAR, GREEN, AMBER, STRICT, RED), 1)]
UNMARKED = {**stix(number=6), "object_marking_refs": []}


def served(reader: world.Knocker, collection) -> list[int]:
    return [int(one[-1], 16) for one in reader.ids(collection)]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, [1, 2, 3]),
        ({"tlp": TLP.GREEN}, [1, 2]),
        ({"tlp": TLP.CLEAR}, [1]),
        ({"tlp": TLP.RED, "audience": Audience.NAMED}, [1, 2, 3]),  # above AMBER nothing leaves unless two people sign
        ({"audience": Audience.COMMUNITY}, [1, 2]),
        ({"audience": Audience.PUBLIC}, [1]),
        ({"agreed": False}, []),
        ({"standing": False}, []),
        ({"trusted": False}, []),
    ],
)
def test_what_leaves_by_marking_and_agreement(kohsar, terms, expected):
    reader = world.partner("reader", **terms)
    collection = world.collection(kohsar, reader)
    kohsar.post(collection, *ALL, UNMARKED)
    assert served(reader, collection) == expected
    for item in (*ALL, UNMARKED):
        number = int(item["id"][-1])
        one = reader.get(f"{objects_of(collection)}{item['id']}/")
        lines = reader.get(f"exchange/collections/{collection.pk}/manifest/", **{"match[id]": item["id"]}).json()
        versions = reader.get(f"{objects_of(collection)}{item['id']}/versions/")
        assert one.status_code == versions.status_code == (200 if number in expected else 404)
        assert bool(lines) == (number in expected)
    assert served(kohsar, collection) == [1, 2, 3, 4, 5, 6]  # its own


def test_an_agreement_that_ends_ends_at_once(kohsar, nilgar, shared):
    kohsar.post(shared, *ALL)
    assert served(nilgar, shared) == [1, 2, 3]
    Agreement.objects.filter(partner=nilgar.partner).update(ends=timezone.now() - timedelta(seconds=1))
    assert served(nilgar, shared) == []


def test_marks_that_nobody_knows_and_marks_that_come_with_the_objects(kohsar, nilgar, shared):
    definition = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": OWN,
        "created": "2026-05-01T00:00:00.000Z",
        "definition_type": "tlp",
        "definition": {"tlp": "green"},
        "object_marking_refs": [CLEAR],
    }
    kohsar.post(shared, stix("identity", 1, OWN))
    assert nilgar.ids(shared) == []
    kohsar.post(shared, definition, stix("identity", 2, OWN))
    kohsar.post(shared, stix("identity", 3, OWN), stix("identity", 4, OWN, RED), stix("identity", 5, GREEN, "x"))
    assert served(nilgar, shared) == [
        10,
        2,
        3,
    ]  # the definition, what came with it, what came after; not what came before


def test_a_definition_cannot_be_loosened_afterwards(kohsar, nilgar, shared):
    definition = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": OWN,
        "created": "2026-05-01T00:00:00.000Z",
        "definition_type": "tlp",
        "definition": {"tlp": "red"},
    }
    looser = {**definition, "definition": {"tlp": "clear"}, "object_marking_refs": [CLEAR]}
    kohsar.post(shared, definition, looser, stix("identity", 1, OWN))
    for forged in (looser, {**looser, "modified": "2026-06-01T00:00:00.000Z"}):
        for sender in (kohsar, nilgar):
            told = sender.post(shared, forged, stix("identity", 2 if sender is kohsar else 3, OWN)).json()
            # That it was there before is told to whoever may know of it; to the other it is its own, and loosens nothing.
            assert [one["id"] for one in told.get("failures", [])] == (
                [OWN] if "modified" in forged or sender is kohsar else []
            )
    assert nilgar.ids(shared) == [OWN, stix(number=3)["id"]]  # its own
    tlp = dict(Stored.objects.filter(type="identity").values_list("stix_id", "marking__handling__tlp"))
    assert set(tlp.values()) == {"RED"}


def test_a_definition_that_waits_opens_nothing_for_others(kohsar, nilgar):
    shared = world.collection(kohsar, nilgar, moderated=True)
    definition = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": OWN,
        "created": "2026-05-01T00:00:00.000Z",
        "definition_type": "tlp",
        "definition": {"tlp": "clear"},
        "object_marking_refs": [CLEAR],
    }
    kohsar.post(shared, definition)
    nilgar.post(shared, stix("identity", 2, OWN))
    kohsar.post(shared, stix("identity", 3, OWN))
    tlp = dict(Stored.objects.values_list("stix_id", "marking__handling__tlp"))
    assert tlp[stix(number=2)["id"]] == "AMBER_STRICT"
    assert tlp[stix(number=3)["id"]] == "CLEAR"


def test_a_later_version_that_the_reader_may_not_have_hides_nothing_it_may(kohsar, nilgar, shared):
    kohsar.post(shared, stix("identity", 1, GREEN), stix("identity", 1, RED, modified="2026-06-01T00:00:00.000Z"))
    address = f"{objects_of(shared)}{stix(number=1)['id']}/"
    assert [one["modified"] for one in nilgar.get(address).json()["objects"]] == ["2026-05-01T00:00:00.000Z"]
    assert [one["modified"] for one in kohsar.get(address).json()["objects"]] == ["2026-06-01T00:00:00.000Z"]
    assert nilgar.get(f"{address}versions/").json()["versions"] == ["2026-05-01T00:00:00.000Z"]
    assert len(nilgar.ids(shared)) == 1


def test_a_moderated_collection_waits_for_a_person(kohsar, nilgar):
    shared = world.collection(kohsar, nilgar, moderated=True)
    posted = kohsar.post(shared, *(stix(number=n) for n in range(1, 4)), 7)
    told = posted.json()
    assert (told["status"], told["pending_count"], told["failure_count"]) == ("pending", 3, 1)
    assert nilgar.ids(shared) == []
    assert served(kohsar, shared) == [1, 2, 3]
    before = nilgar.get(objects_of(shared))
    assert "X-TAXII-Date-Added-Last" not in before
    seqs = list(Stored.objects.order_by("seq").values_list("seq", flat=True))
    assert posting.decide(actor(), shared, seqs[:2], accept=True, reason="Read by two people and found in order.") == 2
    assert (
        posting.decide(actor(), shared, seqs[2:], accept=False, reason="It concerns a journalist, who is protected.")
        == 1
    )
    assert posting.decide(actor(), shared, seqs, accept=True, reason="Looked at again without need.") == 0
    assert served(nilgar, shared) == [1, 2]
    status = kohsar.get(f"exchange/status/{told['id']}/").json()
    assert (status["status"], status["success_count"], status["failure_count"]) == ("complete", 2, 2)
    assert "journalist" not in str(status)  # the reason is ours
    again = kohsar.post(shared, stix(number=3)).json()
    assert "refused" in again["failures"][0]["message"]
    assert Entry.objects.filter(act__in=("accepted objects", "refused objects")).count() == 3


def test_what_is_accepted_late_reaches_readers_who_were_past_it(kohsar, nilgar):
    shared = world.collection(kohsar, nilgar, moderated=True)
    kohsar.post(shared, stix(number=1), stix(number=2))
    first, second = Stored.objects.order_by("seq").values_list("seq", flat=True)
    posting.decide(actor(), shared, [second], accept=True, reason="Read and found to be in order.")
    last = nilgar.get(objects_of(shared))["X-TAXII-Date-Added-Last"]
    posting.decide(actor(), shared, [first], accept=True, reason="In order, after a question was answered.")
    assert nilgar.ids(shared, added_after=last) == [stix(number=1)["id"]]


def test_an_id_that_was_squatted_is_free_once_a_person_has_refused_it(kohsar, nilgar):
    shared = world.collection(kohsar, nilgar, moderated=True)
    kohsar.post(shared, stix(number=1, name="A forgery"))
    posting.decide(
        actor(), shared, [Stored.objects.get().seq], accept=False, reason="A forgery: the agency has never sent it."
    )
    genuine = stix(number=1, modified="2026-05-02T00:00:00.000Z")
    assert nilgar.post(shared, genuine).json()["pending_count"] == 1
    assert Stored.objects.filter(state=State.WAITING).get().owner == nilgar.partner


def test_the_owner_of_a_collection_posts_without_waiting_and_removes_what_is_in_it(kohsar, nilgar):
    shared = world.collection(kohsar, nilgar, moderated=True, owner=kohsar.partner)
    kohsar.post(shared, stix(number=1))
    nilgar.post(shared, stix(number=2))
    assert served(nilgar, shared) == [1, 2]
    assert kohsar.delete(f"{objects_of(shared)}{stix(number=2)['id']}/").status_code == 200
    assert served(nilgar, shared) == [1]


def test_a_removal_tells_nobody_of_what_it_may_not_see(kohsar, nilgar, shared):
    kohsar.post(shared, stix("identity", 1, RED), stix("identity", 2, GREEN))
    hidden, seen = (f"{objects_of(shared)}{stix(number=n)['id']}/" for n in (1, 2))
    assert nilgar.delete(hidden).status_code == nilgar.delete(f"{objects_of(shared)}{stix()['id']}/").status_code == 404
    assert nilgar.delete(seen).status_code == 403
    assert served(kohsar, shared) == [1, 2]


def test_handlings_without_number_are_refused_and_close_nobody_elses(kohsar, nilgar, shared, monkeypatch):
    from baham.formats.stix.ids import EXTENSION

    monkeypatch.setattr(marked, "MOST_MARKINGS", 5)

    def restricting(number: int, *names: str) -> dict:
        handling = {
            "pap": "PAP:GREEN",
            "releasable_to": [*names, str(nilgar.partner.party)],
            "originators": [],
            "purposes": None,
            "expires": None,
        }
        return {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": stix("marking-definition", number)["id"],
            "created": "2026-05-01T00:00:00.000Z",
            "object_marking_refs": [GREEN],
            "extensions": {EXTENSION: {"extension_type": "property-extension", "handling": handling}},
        }

    for number in range(10, 30):
        definition = restricting(number, f"party-{number}")
        said = kohsar.post(shared, definition, stix("identity", number, GREEN, definition["id"]))
        assert said.status_code == 202
    refused = said.json()["failures"]
    assert [one["id"] for one in refused] == [stix(number=29)["id"]] and "another than the 5" in refused[0]["message"]
    assert Marking.objects.filter(by=kohsar.partner).count() == 5
    mine = restricting(40, "party-of-nilgar")
    assert nilgar.post(shared, mine, stix("identity", 40, GREEN, mine["id"])).json()["failure_count"] == 0
    huge = restricting(50, *(f"party-{n}" for n in range(2_000)))
    said = kohsar.post(shared, huge, stix("identity", 50, GREEN, huge["id"])).json()
    assert any("bytes of parties" in one["message"] for one in said["failures"])
    assert not Stored.objects.filter(stix_id=stix(number=50)["id"]).exists()


def test_an_earlier_version_stays_the_last_where_the_later_was_refused_for_its_handling(kohsar, shared, monkeypatch):
    kohsar.post(shared, stix("identity", 1, GREEN))
    monkeypatch.setattr(marked, "MOST_MARKINGS", 0)
    later = stix("identity", 1, AMBER, modified="2026-06-01T00:00:00.000Z")
    assert kohsar.post(shared, later).json()["failure_count"] == 1
    assert Stored.objects.get(stix_id=later["id"]).superseded is False and served(kohsar, shared) == [1]


MARKS = st.lists(st.sampled_from([*PREDEFINED, OWN]), max_size=3)


@pytest.mark.django_db(transaction=False)
@given(
    marks=st.lists(MARKS, min_size=1, max_size=8),
    limit=st.sampled_from(list(TLP)),
    audience=st.sampled_from(list(Audience)),
    trusted=st.booleans(),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_policy_lets_out_more_than_the_strictest_mark_allows(marks, limit, audience, trusted):
    from django.db import transaction

    with transaction.atomic():
        writer = world.partner("writer")
        reader = world.partner("reader", tlp=limit, audience=audience, trusted=trusted)
        collection = world.collection(writer, reader)
        items = [stix("identity", n, *several) | {"object_marking_refs": several} for n, several in enumerate(marks)]
        writer.post(collection, *items)
        out = set(reader.ids(collection))
        for item in items:
            known = [PREDEFINED.get(ref, TLP.AMBER_STRICT) for ref in item["object_marking_refs"]] or [TLP.AMBER_STRICT]
            strictest = max(known)
            reaches = {TLP.CLEAR: 0, TLP.GREEN: 1, TLP.AMBER: 2}.get(strictest, 99)
            allowed = trusted and strictest <= limit and audience >= reaches
            assert (item["id"] in out) == allowed
        transaction.set_rollback(True)


def dressed(number: str, **more) -> dict:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": number,
        "created": "2026-05-01T00:00:00.000Z",
        "definition_type": "statement",
        "definition": {"statement": "custom"},
        **more,
    }


def test_a_standards_definition_is_nobodys_whatever_it_carries_and_whoever_posted_it_first(kohsar, nilgar, shared):
    for poster, one in (
        (kohsar, dressed(RED, x_kohsar_order=4)),
        (nilgar, dressed(RED, name="TLP:RED")),
        (kohsar, dressed(RED, x_kohsar_order=5)),
    ):
        answer = poster.post(shared, one, stix(number=1 if poster is kohsar else 2)).json()
        assert answer["failure_count"] == 0, answer


def test_words_in_an_object_and_in_its_marking_close_it(kohsar, shared):
    mark = dressed(OWN, definition={"statement": "TLP:RED"})
    kohsar.post(
        shared,
        mark,
        stix("identity", 1, CLEAR, OWN),
        {**stix("identity", 2, CLEAR), "description": "TLP:RED"},
        stix("identity", 3, CLEAR),
    )
    said = {int(row.stix_id[-1], 16): row.marking.handling["tlp"] for row in Stored.objects.filter(type="identity")}
    assert said == {1: "RED", 2: "RED", 3: "CLEAR"}


def test_there_is_no_limit_to_the_digits_of_a_second(kohsar, shared):
    fine = stix(number=1, modified="2026-05-01T00:00:00.12345678901234567890Z")
    assert kohsar.post(shared, fine).json()["success_count"] == 1
