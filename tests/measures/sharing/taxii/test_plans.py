"""Pages and look-ups go along an index, on either database; none reads the collection or sorts it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baham.measures.sharing.taxii.filters import EVERY, Filters, Place, Versions
from baham.measures.sharing.taxii.readers import Reading
from baham.measures.sharing.taxii.stored import StoredShelf
from tests.measures.sharing.taxii.world import stix

AFTER = Place(1_700_000_000_000_000, 5)
BY_ID = "sqlite_autoindex_sharing_stored_1"
"""SQLite's own name for the index of `stored_once`."""
QUESTIONS = {
    "a page": (AFTER, Filters(), "stored_by_added"),
    "the first page": (None, Filters(), "stored_by_added"),
    "what came since": (None, Filters(added_after=1_700_000_000_000_000), "stored_by_added"),
    "all versions": (AFTER, Filters(versions=EVERY), "stored_by_added"),
    "one type": (AFTER, Filters(types=("identity",)), "stored_by_type"),
    "several types": (AFTER, Filters(types=("identity", "location")), "stored_by_type"),
    "many types": (AFTER, Filters(types=tuple(f"kind-{n}" for n in range(50))), "stored_by_added"),
    "one object": (None, Filters(ids=("identity--1",)), BY_ID),
    "some objects": (None, Filters(ids=("identity--1", "identity--2")), BY_ID),
    "a moment": (None, Filters(versions=Versions(last=False, exact=(1_700_000_000_000_000,))), "stored_by_version"),
}


@pytest.fixture
def shelf(kohsar, nilgar, shared):
    kohsar.post(shared, stix(number=1), stix("location", 2))
    return StoredShelf(shared, Reading.of(nilgar.partner))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite plans without knowing how much lies in a table")
@pytest.mark.parametrize("name", QUESTIONS)
def test_the_plan(shelf, name):
    after, filters, index = QUESTIONS[name]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        shelf.objects(after, filters)
    (asked,) = [query["sql"] for query in captured if "sharing_stored" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked}")
        plan = [row[3] for row in cursor.fetchall()]
    text = "\n".join(plan)
    assert not [line for line in plan if line.startswith("SCAN s") and "USING" not in line], text
    walks = [line for line in plan if line.startswith(("SEARCH s ", "SCAN s ")) and "PRIMARY KEY" not in line]
    assert walks and all(index in line for line in walks), text
    if index in ("stored_by_added", "stored_by_type") and name != "several types":
        assert "USE TEMP B-TREE" not in text, text


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_is_answered_on_this_database(shelf, name):
    after, filters, _index = QUESTIONS[name]
    rows, more = shelf.manifest(after, filters)
    assert not more
    assert len(rows) == {
        "several types": 2,
        "one type": 1,
        "a page": 2,
        "the first page": 2,
        "what came since": 2,
        "all versions": 2,
    }.get(name, 0)


def test_a_page_asks_the_database_no_more_often_than_an_empty_one(kohsar, nilgar, shared):
    from tests.measures.sharing.taxii.world import objects_of

    counts = []
    kohsar.post(shared, stix())
    nilgar.get(objects_of(shared))  # what is made once is made
    for objects in (1, 40):
        kohsar.post(shared, *(stix() for _ in range(objects)))
        with CaptureQueriesContext(connection) as captured:
            assert nilgar.get(objects_of(shared)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
    with CaptureQueriesContext(connection) as few:
        kohsar.post(shared, stix())
    with CaptureQueriesContext(connection) as many:
        kohsar.post(shared, *(stix() for _ in range(40)))
    assert len(few) == len(many)
