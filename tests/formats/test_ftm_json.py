"""FollowTheMoney's JSON lines: taken as they are, wrong types named."""

import json

import pytest

from baham.formats import BadInput
from tests.formats.conftest import FTM, read, said


def test_an_entity(given):
    person, ship = read("ftm_json", given(FTM))
    assert (person.id, person.schema) == ("Q-1", "Person")
    assert person.values("name") == ["Belmur Ostrand", "بلمور"]
    assert str(said(person, "name")[1].place) == "line 1, properties.name[2]"
    (born,) = said(person, "birthDate")
    assert (born.value, born.original_value, born.flags) == ("1970", "1970-00-00", ("partial",))
    assert person.values("modifiedAt") == ["2031-01-15"]
    assert person.values("height") == ["180.5"]
    assert person.left_out == 1
    assert {(one.first_seen, one.last_seen, one.origin) for one in person} == {
        ("2031-01-01T00:00:00", "2031-02-01T00:00:00", "tl_one,tl_two")
    }
    assert ship.values("imoNumber") == ["IMO9900001"]
    assert {one.origin for one in ship} == {None}


def _line(**changes: object) -> str:
    found = {"id": "Q", "schema": "Person", "properties": {"name": ["A"]}} | changes
    return json.dumps({key: value for key, value in found.items() if value != "absent"})


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (_line(id="absent"), "id"),
        (_line(id=5), "id"),
        (_line(id=""), "id"),
        (_line(id="a b"), "id"),
        (_line(id=["Q"]), "id"),
        (_line(schema=None), "schema"),
        (_line(properties=[]), "properties"),
        (_line(properties="absent"), "properties"),
        (_line(properties={"name": 5}), "properties.name"),
        (_line(properties={"name": ["A", None]}), "properties.name[2]"),
        (_line(properties={"name": ["A", True]}), "properties.name[2]"),
        (_line(properties={"holder": [{"id": "Q"}]}), "properties.holder[1]"),
        (_line(properties={"": ["A"]}), "properties."),
        (_line(datasets="x"), "datasets"),
        (_line(first_seen=["x"]), "first_seen"),
        (_line(last_seen="yesterday"), "last_seen"),
        ('{"id":"Q","id":"P","schema":"Person","properties":{}}', "id"),
        ('{"id":"Q"', None),
        ("[1]", None),
        ('"Q"', None),
        ("nothing", None),
        ("[" * 100_000, None),
        ('{"id":"Q","schema":"P","properties":{},"x":' + "[" * 60 + "]" * 60 + "}", None),
    ],
)
def test_what_is_wrong_names_line_and_field(line, field, given):
    with pytest.raises(BadInput) as caught:
        read("ftm_json", given(FTM + line + "\n"))
    assert (caught.value.line, caught.value.field) == (3, field)
    assert len(str(caught.value).splitlines()) == 1


def test_numbers_of_any_kind_do_no_harm(given):
    odd = '{"id":"Q","schema":"Person","properties":{"height":[NaN, 1e999, %s]},"x":-Infinity}' % ("9" * 6000)
    (entity,) = read("ftm_json", given(odd))
    assert entity.values("height") == ["NaN", "1e999", "9" * 6000]


def test_a_lone_surrogate_is_shown_as_lost(given):
    (entity,) = read("ftm_json", given('{"id":"Q","schema":"Person","properties":{"name":["A\\ud800"]}}'))
    (name,) = said(entity, "name")
    assert (name.value, name.flags) == ("A\ufffd", ("replacement",))


@pytest.mark.parametrize(
    ("beside", "marking"),
    [
        ({"tlp": "red"}, ["TLP:red"]),
        ({"marking": ["for official use only"]}, ["for official use only"]),
        ({"tags": ["lantern", "TLP:AMBER"]}, ["TLP:AMBER lantern"]),
        ({"x_note": {"handling": "tlp:amber+strict"}}, ["tlp:amber+strict"]),
        ({"tlp": "clear"}, []),
        ({"target": True, "caption": "Red Lantern"}, []),
    ],
)
def test_a_mark_of_handling_beside_the_properties_is_one(given, beside, marking):
    (found,) = read("ftm_json", given(_line(**beside)))
    assert found.values("marking") == marking
