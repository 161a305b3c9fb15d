"""The clients that users of TAXII have, from PyPI and unchanged, against a live server on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest

from baham.measures.sharing.taxii.models import Collection
from tests.measures.sharing.taxii import made_ledger, world
from tests.measures.sharing.taxii.world import AMBER, GREEN, RED, stix

taxii2client = pytest.importorskip("taxii2client", reason="taxii2-client is not installed")
stix2 = pytest.importorskip("stix2", reason="stix2 is not installed")
requests = pytest.importorskip("requests", reason="requests is not installed")


@pytest.fixture
def server(live_server, kohsar, nilgar, shared) -> Iterator[Any]:
    from taxii2client.v21 import Server

    with Server(f"{live_server.url}/taxii2/", user="kohsar", password=kohsar.secret) as found:
        yield found


@pytest.fixture
def theirs(live_server, server, nilgar, shared) -> Iterator[Any]:
    """The collection as the other partner sees it."""
    from taxii2client.v21 import Collection as TheirCollection

    url = f"{live_server.url}/taxii2/{shared.root.slug}/collections/{shared.pk}/"
    with TheirCollection(url, user="nilgar", password=nilgar.secret) as found:
        yield found


def test_discovery_roots_and_collections(server, shared: Collection):
    (root,) = server.api_roots
    assert server.title == "Baham"
    assert server.default.url == root.url
    assert root.title == "Exchange"
    assert root.versions == [world.MEDIA]
    (collection,) = root.collections
    assert (collection.id, collection.title) == (str(shared.pk), "Networks")
    assert collection.can_read and collection.can_write
    assert collection.media_types == ["application/stix+json;version=2.1"]


def test_objects_are_added_paged_listed_and_removed(server, theirs):
    from taxii2client.v21 import as_pages

    ours = server.api_roots[0].collections[0]
    sent = [stix("identity", n, GREEN if n % 2 else RED) for n in range(1, 26)]
    status = ours.add_objects({"objects": sent})
    assert (status.status, status.success_count, status.failure_count) == ("complete", 25, 0)
    status.refresh()
    assert len(status.successes) == 25
    pages = list(as_pages(ours.get_objects, per_request=10))
    assert [len(page["objects"]) for page in pages] == [10, 10, 5]
    assert [one for page in pages for one in page["objects"]] == sent
    assert [one for page in as_pages(theirs.get_objects, per_request=4) for one in page["objects"]] == sent[::2]
    manifest = [line for page in as_pages(ours.get_manifest, per_request=7) for line in page["objects"]]
    assert [line["id"] for line in manifest] == [one["id"] for one in sent]
    after = manifest[19]["date_added"]
    assert len(ours.get_objects(added_after=after)["objects"]) == 5
    assert ours.get_object(sent[3]["id"])["objects"] == [sent[3]]
    assert ours.object_versions(sent[3]["id"])["versions"] == [sent[3]["modified"]]
    assert ours.get_objects(id=[sent[3]["id"], sent[4]["id"]])["objects"] == sent[3:5]
    ours.delete_object(sent[2]["id"])
    with pytest.raises(requests.exceptions.HTTPError) as gone:
        theirs.get_object(sent[2]["id"])
    assert gone.value.response.status_code == 404
    with pytest.raises(requests.exceptions.HTTPError) as refused:
        theirs.delete_object(sent[4]["id"])
    assert refused.value.response.status_code == 403


def test_what_is_refused_is_told_object_by_object(server):
    ours = server.api_roots[0].collections[0]
    bad = {**stix(number=2), "spec_version": "1.2"}
    status = ours.add_objects({"objects": [stix(number=1), bad]})
    assert (status.success_count, status.failure_count) == (1, 1)
    assert "takes 2.1" in status.failures[0]["message"]
    with pytest.raises(requests.exceptions.HTTPError) as refused:
        ours.add_objects({"things": []})
    assert refused.value.response.status_code == 422


def test_a_wrong_secret(live_server, shared):
    from taxii2client.v21 import Server

    with Server(f"{live_server.url}/taxii2/", user="kohsar", password="x") as stranger:
        with pytest.raises(requests.exceptions.HTTPError) as refused:
            _ = stranger.api_roots
        assert refused.value.response.status_code == 401


def test_stix2_reads_and_writes_through_its_own_source_and_sink(server, theirs):
    from stix2 import Filter, TAXIICollectionSink, TAXIICollectionSource, v21

    ours = server.api_roots[0].collections[0]
    people = [
        v21.Identity(name=f"Orvane works {n}", identity_class="organization", object_marking_refs=[mark])
        for n, mark in enumerate((GREEN, AMBER, RED))
    ]
    place = v21.Location(country="SV", name="Kohsar", object_marking_refs=[GREEN])
    TAXIICollectionSink(ours).add([*people, place])
    source = TAXIICollectionSource(theirs)
    assert source.get(people[0].id) == people[0]
    assert source.get(people[2].id) is None
    assert {one.id for one in source.query([Filter("type", "=", "identity")])} == {people[0].id, people[1].id}
    assert source.query([Filter("type", "=", "location")]) == [place]
    renamed = people[0].new_version(name="Orvane works, renamed")
    TAXIICollectionSink(ours).add([renamed])
    assert source.get(people[0].id) == renamed
    assert len(source.all_versions(people[0].id)) == 2


@pytest.fixture
def ledger(live_server, kohsar, tmp_path) -> Iterator[Any]:
    """A collection of our ledger as a partner sees it."""
    from taxii2client.v21 import Collection as TheirCollection

    made_ledger.filled(tmp_path)
    made = made_ledger.shelf_of(kohsar)
    with TheirCollection(
        f"{live_server.url}/taxii2/ours/collections/{made.pk}/", user="kohsar", password=kohsar.secret
    ) as found:
        yield found


def test_a_collection_of_the_ledger_is_read_as_any_other(ledger):
    from stix2 import Filter, TAXIICollectionSource, parse
    from taxii2client.v21 import as_pages

    pages = list(as_pages(ledger.get_objects, per_request=5))
    assert [len(page["objects"]) for page in pages[:-1]] == [5] * (len(pages) - 1)
    objects = [one for page in pages for one in page["objects"]]
    assert len({one["id"] for one in objects}) == len(objects) == len(made_ledger.ENTITIES) + 9
    assert [parse(one, allow_custom=False).id for one in objects] == [one["id"] for one in objects]
    source = TAXIICollectionSource(ledger)
    (group,) = source.query([Filter("type", "=", "identity"), Filter("name", "=", "The Nilgar Column")])
    assert source.get(group.id) == group
    for ref in (*group.object_marking_refs, group.created_by_ref):
        assert source.get(ref) is not None, "what it refers to is found by its id"
    ties = [one for one in objects if one["type"] == "relationship"]
    for tie in ties:
        assert source.get(tie["source_ref"]) and source.get(tie["target_ref"])
    assert (ledger.can_read, ledger.can_write) == (True, False)


def test_a_served_page_is_strictly_valid(ledger):
    validator = pytest.importorskip("stix2validator", reason="stix2-validator is not installed")

    objects = ledger.get_objects()["objects"]
    bundle = {"type": "bundle", "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d", "objects": objects}
    result = validator.validate_instance(bundle, validator.ValidationOptions(strict=True, version="2.1"))
    assert result.is_valid, [str(error) for error in result.errors]
    assert not getattr(result, "warnings", [])
