"""Subject and entry side by side: every value of both, script by script, as people wrote them."""

import pytest

from baham.engines.names import Query
from baham.platform.ledger.models import Entity
from baham.platform.review.comparison import as_written, compare, part
from baham.platform.review.services import propose
from baham.platform.screening import index
from baham.platform.screening.services import evidence_as_json, screen
from tests.support.lists import load_rows
from tests.support.people import actor, reader

ENTRY = {
    "id": "n-1",
    "name": "Mohammad Zarghun Talband",
    "alias": "زرغون تلبند",
    "weakAlias": "Z. T. Khan",
    "birth_date": "1984",
    "father_name": "Tor Baz",
    "nationality": "sv",
    "id_number": "61-0447-2215",
    "notes": "Wears a green cap.",
}


@pytest.fixture
def matter(db, tmp_path):
    load_rows(tmp_path, [ENTRY])
    index.build()

    def put(**asked):
        asked = {"name": "MUHAMMAD Zarghoon Talbund", **asked}
        hit = screen([Query(**asked)], threshold=0.05)[0][0].hit
        return propose(
            "match",
            "",
            proposed_by=actor(),
            proposal={**asked, "verdict": hit.verdict},
            evidence=[evidence_as_json(one) for one in hit.evidence],
            entity=Entity.objects.get(key="n-1"),
        )

    return put


def test_every_field_stands_beside_its_counterpart_and_says_what_it_means(matter):
    fields = {
        one.feature: one
        for one in compare(matter(birth_date="1999", nationality="sv", address="Torsang"), reader()).fields
    }
    assert fields["birth_date"].reading == "against"
    assert ([one.text for one in fields["birth_date"].asked], [one.text for one in fields["birth_date"].listed]) == (
        ["1999"],
        ["1984"],
    )
    assert fields["nationality"].reading == "for"
    assert fields["father_name"].reading == "only listed"
    assert fields["address"].reading == "only asked"
    assert fields["identifier"].listed[0].text == "61-0447-2215"


def test_what_speaks_against_stands_first_and_the_weightier_before_the_lighter(matter):
    readings = [
        one.reading for one in compare(matter(birth_date="1999", father_name="Tor Baz", id_number="1"), reader()).fields
    ]
    order = {"against": 0, "for": 1}
    assert [order.get(reading, 2) for reading in readings] == sorted(order.get(reading, 2) for reading in readings)
    first = compare(matter(birth_date="1950", id_number="61-0000-0000"), reader()).fields[0]
    assert first.feature == "birth_date", "a strong contradiction before a weak one"


def test_names_stand_script_by_script_with_their_quality(matter):
    latin, arabic = compare(matter(), reader()).scripts
    assert (latin.code, [one.text for one in latin.listed]) == ("Latn", ["Mohammad Zarghun Talband", "Z. T. Khan"])
    assert latin.listed[1].weak
    assert (arabic.code, arabic.asked, [one.text for one in arabic.listed]) == ("Arab", [], ["زرغون تلبند"])


def test_parts_are_shown_as_people_wrote_them(matter):
    latin, arabic = compare(matter(), reader()).scripts
    assert [one.asked for one in latin.parts] == ["MUHAMMAD", "Zarghoon", "Talbund"]
    assert [one.listed for one in latin.parts] == ["Mohammad", "Zarghun", "Talband"]
    assert {one.listed for one in arabic.parts} >= {"زرغون", "تلبند"}


def test_every_listed_value_has_its_chain_and_nothing_is_left_out(matter):
    compared = compare(matter(), reader())
    listed = [one for group in compared.scripts for one in group.listed]
    listed += [one for field in compared.fields if field.feature != "name" for one in field.listed]
    listed += [one for _prop, values in compared.more for one in values]
    assert all(one.chain is not None and one.chain.url for one in listed)
    assert {one.text for one in listed} == set(ENTRY.values()) - {"n-1"}


@pytest.mark.parametrize(
    ("name", "tokens", "written"),
    [
        ("Hafiz Ullah Khan", ["hafizullah", "khan"], ["Hafiz Ullah", "Khan"]),
        ("Abd al-Rahman Gul", ["abd", "rahman", "gul"], ["Abd", "al-Rahman", "Gul"]),
        ("ABDUL Rahman", ["abd", "rahman"], ["ABDUL", "Rahman"]),
        ("Иван Петров", ["ivan", "petrov"], ["Иван", "Петров"]),
        ("زرغون تلبند", ["زرغون", "", "تلبند"], ["زرغون", "", "تلبند"]),
        ("", ["a"], ["a"]),
        ("A B", [], []),
    ],
)
def test_tokens_find_the_words_they_came_from(name, tokens, written):
    assert as_written(name, tokens) == written


def test_a_name_written_joined_on_one_side_stands_in_one_column(db, tmp_path):
    load_rows(tmp_path, [{"id": "t-1", "name": "Torbaz Sarfraz Talbund"}])
    index.build()
    asked = {"name": "Tor Bazz Talbund"}
    hit = screen([Query(**asked)], threshold=0.05)[0][0].hit
    item = propose(
        "match",
        "",
        proposed_by=actor(),
        proposal=asked,
        entity=Entity.objects.get(key="t-1"),
        evidence=[evidence_as_json(one) for one in hit.evidence],
    )
    parts = [(one.asked, one.listed) for one in compare(item, reader()).scripts[0].parts]
    assert ("Tor Bazz", "Torbaz") in parts and ("Talbund", "Talbund") in parts


def test_what_differs_is_marked_within_one_script_alone():
    assert part("Talband", "Talbund", 0.9).asked_marks == (("Talb", False), ("a", True), ("nd", False))
    assert part("Talband", "تلبند", 0.9).asked_marks == (("Talband", False),)
    assert part("Khan", "", 0).reading == "one side"
