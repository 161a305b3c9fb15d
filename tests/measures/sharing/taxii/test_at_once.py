"""Several who post at once to one collection: nothing is lost, doubled or served in a wrong order."""

import threading

import pytest
from django.db import connection, connections

from baham.measures.sharing.taxii.models import Stored
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import objects_of, stix


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer, and this test's lies in memory")
def test_posts_at_once():
    writers = [world.partner(f"writer-{n}") for n in range(4)]
    shared = world.collection(*writers)
    writers[0].post(shared, stix(number=900))
    answers = []

    def work(number: int) -> None:
        try:
            for turn in range(10):
                same = [stix(number=500 + turn, name="The same from all")]
                own = [stix(number=number * 100 + turn * 5 + n) for n in range(5)]
                answers.append(writers[number].post(shared, *own, *same))
                if number == 0:
                    writers[0].post(shared, stix(number=900, modified=f"2026-06-{turn + 1:02}T00:00:00.000Z"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.json()["failure_count"] for answer in answers} == {0}
    assert Stored.objects.count() == 4 * 50 + 10 + 11
    rows = list(Stored.objects.order_by("added").values_list("added", "seq"))
    assert len({added for added, _seq in rows}) == len(rows)
    assert [seq for _added, seq in rows] == sorted(seq for _added, seq in rows)
    last = Stored.objects.filter(stix_id=stix(number=900)["id"], superseded=False)
    assert [one.version_text for one in last] == ["2026-06-10T00:00:00.000Z"]
    assert len(writers[1].ids(shared, limit=7)) == 4 * 50 + 10 + 1
    assert writers[1].get(f"{objects_of(shared)}{stix(number=900)['id']}/versions/").status_code == 200
