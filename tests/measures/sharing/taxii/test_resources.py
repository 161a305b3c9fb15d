"""The resources of TAXII 2.1 as a partner asks for them: what is there, to whom, in which order, in which shape."""

import json

import pytest

from baham.measures.sharing.taxii import moments
from baham.measures.sharing.taxii.models import Stored
from baham.platform.audit.models import Entry
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import objects_of, stix


def test_discovery_names_the_roots_in_which_the_partner_has_a_collection(kohsar, nilgar, shared):
    other = world.collection(nilgar, root="circle")
    found = kohsar.get("")
    assert found.status_code == 200
    assert found["Content-Type"] == world.MEDIA
    assert found.json()["api_roots"] == ["http://testserver/taxii2/exchange/"]
    assert found.json()["default"] == "http://testserver/taxii2/exchange/"
    assert len(nilgar.get("").json()["api_roots"]) == 2
    assert kohsar.get(f"{other.root.slug}/").status_code == 404
    assert kohsar.get("exchange/").json()["versions"] == [world.MEDIA]
    assert kohsar.get("exchange/").json()["max_content_length"] == 10_000_000


def test_collections_are_sorted_by_id_and_name_what_the_partner_may_do(kohsar, nilgar):
    from baham.measures.sharing.taxii.arrange import give_access
    from tests.support.people import actor

    several = [world.collection(kohsar, title=f"Collection {n}", alias=f"c-{n}") for n in range(4)]
    give_access(actor(), several[0], kohsar.partner)
    told = kohsar.get("exchange/collections/").json()["collections"]
    assert [one["id"] for one in told] == sorted(str(one.pk) for one in several)
    rights = {one["id"]: (one["can_read"], one["can_write"]) for one in told}
    assert rights[str(several[0].pk)] == (False, False)
    assert rights[str(several[1].pk)] == (True, True)
    assert kohsar.get(f"exchange/collections/{several[0].pk}/objects/").status_code == 403
    assert kohsar.get("exchange/collections/c-2/").json()["id"] == str(several[2].pk)
    assert nilgar.get(f"exchange/collections/{several[2].pk}/").status_code == 404


def test_what_is_posted_is_served_in_order_with_a_moment_of_its_own(kohsar, nilgar, shared):
    sent = [stix(number=n) for n in range(5)]
    answer = kohsar.post(shared, *sent)
    assert answer.status_code == 202
    assert answer.json()["status"] == "complete"
    assert answer.json()["success_count"] == 5
    served = nilgar.get(objects_of(shared))
    assert served.json()["objects"] == sent
    assert served.json()["more"] is False
    added = list(Stored.objects.order_by("added").values_list("added", flat=True))
    assert len(set(added)) == 5
    assert served["X-TAXII-Date-Added-First"] == moments.write(added[0])
    assert served["X-TAXII-Date-Added-Last"] == moments.write(added[-1])
    assert kohsar.get(f"exchange/status/{answer.json()['id']}/").json() == answer.json()
    assert nilgar.get(f"exchange/status/{answer.json()['id']}/").status_code == 404


def test_pages_go_on_without_state_and_without_loss(kohsar, nilgar, shared):
    kohsar.post(shared, *(stix(number=n) for n in range(7)))
    first = nilgar.get(objects_of(shared), limit=3)
    assert first.json()["more"] is True
    kohsar.post(shared, stix(number=100))
    assert len(nilgar.ids(shared, limit=3)) == 8
    # a reader who lost the `next` goes on from the last moment that it was told
    rest = nilgar.ids(shared, added_after=first["X-TAXII-Date-Added-Last"])
    assert len(rest) == 5
    assert not set(rest) & {one["id"] for one in first.json()["objects"]}
    assert nilgar.get(objects_of(shared), added_after=moments.write(moments.now() + moments.DAY)).json() == {}


def test_manifest_and_versions(kohsar, nilgar, shared):
    kohsar.post(shared, stix(number=1), stix(number=1, modified="2026-05-02T00:00:00.000Z"), world.observable(2))
    lines = nilgar.get(f"exchange/collections/{shared.pk}/manifest/").json()["objects"]
    assert [line["version"] for line in lines][0] == "2026-05-02T00:00:00.000Z"
    assert lines[1]["version"] == lines[1]["date_added"]
    assert {line["media_type"] for line in lines} == {"application/stix+json;version=2.1"}
    address = f"{objects_of(shared)}{stix(number=1)['id']}/versions/"
    assert nilgar.get(address).json()["versions"] == ["2026-05-01T00:00:00.000Z", "2026-05-02T00:00:00.000Z"]


def test_one_object_in_each_of_its_versions(kohsar, nilgar, shared):
    old, new = stix(number=1), stix(number=1, modified="2026-05-02T00:00:00.000Z", name="Orvane works, renamed")
    kohsar.post(shared, new, old)  # the later first: what is last is said by `modified`, not by arrival
    address = f"{objects_of(shared)}{old['id']}/"
    assert nilgar.get(address).json()["objects"] == [new]
    assert nilgar.get(address, **{"match[version]": "first"}).json()["objects"] == [old]
    assert len(nilgar.get(address, **{"match[version]": "all"}).json()["objects"]) == 2
    assert len(nilgar.get(address, **{"match[version]": "first,last"}).json()["objects"]) == 2
    assert nilgar.get(address, **{"match[version]": old["modified"]}).json()["objects"] == [old]
    assert nilgar.get(address, **{"match[spec_version]": "2.0"}).json() == {}
    assert nilgar.get(f"{objects_of(shared)}{stix(number=9)['id']}/").status_code == 404


def test_filters_by_id_type_and_version(kohsar, nilgar, shared):
    people = [stix("identity", n) for n in range(3)]
    places = [stix("location", n, modified=f"2026-06-0{n + 1}T00:00:00.000Z") for n in range(3)]
    other = world.observable(9)
    kohsar.post(shared, *people, other, *places)
    everything = [one["id"] for one in (*people, other, *places)]
    assert nilgar.ids(shared) == everything
    assert nilgar.ids(shared, **{"match[type]": "location"}) == everything[4:]
    assert nilgar.ids(shared, limit=2, **{"match[type]": "location,identity,tool"}) == everything[:3] + everything[4:]
    many = ",".join(["location", *(f"kind-{n}" for n in range(45))])
    assert nilgar.ids(shared, limit=2, **{"match[type]": many}) == everything[4:]
    assert nilgar.ids(shared, **{"match[id]": f"{everything[5]},{everything[1]}"}) == [everything[1], everything[5]]
    assert nilgar.ids(shared, **{"match[id]": everything[5], "match[type]": "identity"}) == []
    assert nilgar.ids(shared, **{"match[version]": "2026-06-02T00:00:00.000Z"}) == [everything[5]]
    assert nilgar.ids(shared, **{"match[version]": "2026-06-02T00:00:00.000Z", "match[type]": "identity"}) == []
    arrived = moments.write(Stored.objects.get(stix_id=other["id"]).added)
    assert nilgar.ids(shared, **{"match[version]": arrived}) == [other["id"]]
    assert nilgar.ids(shared, limit=1, **{"match[version]": "first,2026-06-02T00:00:00.000Z"}) == everything


def test_every_reading_is_logged_and_empty_pages_are_not(kohsar, nilgar, shared):
    kohsar.post(shared, stix(number=1))
    nilgar.get(objects_of(shared))
    nilgar.get(objects_of(shared), added_after=moments.write(moments.now() + moments.DAY))
    entry = Entry.objects.get(actor="partner:nilgar")
    assert (entry.event, entry.act, entry.detail["objects"]) == ("disclosure", "served objects", 1)
    assert entry.recipient == "Nilgar bureau"
    assert entry.purpose == "screening"
    received = Entry.objects.get(actor="partner:kohsar")
    assert (received.event, received.detail["stored"]) == ("collection", 1)


@pytest.mark.parametrize("slash", ["", "/"])
def test_addresses_with_and_without_a_slash(kohsar, shared, slash):
    kohsar.post(shared, stix(number=1))
    assert kohsar.get(objects_of(shared).rstrip("/") + slash).status_code == 200


def test_what_is_served_is_valid_json_of_the_objects_as_posted(kohsar, nilgar, shared):
    odd = stix(
        number=1, name='باہم \u202e \u0000 "quoted" \\ \U0001f9ed', x_number=0.1, x_large=2**60, x_list=[[], {}, None]
    )
    kohsar.post(shared, odd)
    assert json.loads(nilgar.get(objects_of(shared)).content)["objects"] == [odd]
