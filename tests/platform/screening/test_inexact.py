"""What a list says of a date's exactness, and a name it gives in parts, reach the index; what cannot be is not asked."""

import pytest

from baham.engines.names import Query
from baham.platform.ledger.load import load
from baham.platform.screening import index
from baham.platform.screening.services import screen
from tests.support.ftm import load_ftm
from tests.support.people import actor

pytestmark = pytest.mark.django_db


def evidence(name: str, birth_date: str = "") -> list[tuple[str, str, str]]:
    (found,) = screen([Query(name, schema="Person", birth_date=birth_date or None)])
    return [(e.code, e.direction, e.subject) for one in found for e in one.hit.evidence if e.feature == "birth_date"]


def test_a_date_reaches_the_index_as_exact_as_it_was_said(tmp_path):
    rows = [
        "id,name,birth_date",
        "1,Tarvok Zelmani,about 1968",
        "2,Livra Ormund,before 1968",
        "3,Vosk Melter,some day in 1968 or",
    ]
    path = tmp_path / "own.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    load(path, "own", actor())
    index.build()
    assert evidence("Tarvok Zelmani", "1972-01-02") == [("birth_date.approximate", "for", "approximately 1968")]
    assert evidence("Livra Ormund", "1951") == [("birth_date.open", "neutral", "before 1968")]
    assert evidence("Vosk Melter", "1931") == []


PARTS = [
    {"id": "p-1", "schema": "Person", "properties": {"firstName": ["Tarvok"], "lastName": ["Zelmani"]}},
    {
        "id": "p-2",
        "schema": "Person",
        "properties": {"name": ["L. Ormund"], "firstName": ["Livra"], "middleName": ["Sen"], "lastName": ["Ormund"]},
    },
]


def test_parts_of_a_name_are_found_alone_and_beside_other_names(tmp_path):
    load_ftm(tmp_path, PARTS)
    index.build()
    found = screen([Query("Tarvok Zelmani", schema="Person"), Query("Livra Sen Ormund", schema="Person")])
    assert [[one.entity.key for one in hits] for hits in found] == [["p-1"], ["p-2"]]
    assert found[0][0].entity.caption == "Tarvok Zelmani"


def test_a_table_may_give_names_in_parts(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("id,first_name,last_name\n1,Tarvok,Zelmani\n2,Livra,\n", encoding="utf-8")
    load(path, "own", actor())
    index.build()
    (found,) = screen([Query("Zelmani Tarvok", schema="Person")])
    assert [one.entity.key for one in found] == ["1"]
