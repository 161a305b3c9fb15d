"""Names that a source gives in parts."""

from baham.formats.naming import MOST, names_of_parts, names_said
from baham.kernel.entity import caption


def test_parts_make_a_name_in_the_order_in_which_it_is_said() -> None:
    parts = {"lastName": ["Talband"], "firstName": ["Zarghun"], "middleName": ["Khalil"]}
    assert names_of_parts(parts) == ["Zarghun Khalil Talband"]


def test_what_is_a_name_already_is_not_made_again() -> None:
    parts = {"firstName": ["Zarghun"], "lastName": ["Talband"]}
    assert names_of_parts(parts, ["TALBAND Zarghun"]) == []
    assert names_of_parts(parts, ["Z. Talband"]) == ["Zarghun Talband"]


def test_one_part_is_a_name_only_where_there_is_no_other() -> None:
    assert names_of_parts({"firstName": ["Zarghun"]}) == ["Zarghun"]
    assert names_of_parts({"firstName": ["Zarghun"]}, ["Z. Talband"]) == []
    assert names_of_parts({"nameSuffix": ["jr."]}) == []


def test_the_names_made_of_many_parts_are_bounded() -> None:
    many = {"firstName": [f"A{n}" for n in range(50)], "lastName": [f"B{n}" for n in range(50)]}
    assert len(names_of_parts(many)) == MOST


def test_an_entity_of_parts_alone_is_called_by_them() -> None:
    assert caption("x-1", [("firstName", "Zarghun"), ("lastName", "Talband")]) == "Zarghun Talband"
    assert caption("x-1", [("name", "Z. T."), ("firstName", "Zarghun"), ("lastName", "Talband")]) == "Z. T."


def test_all_names_are_those_said_and_those_that_parts_make():
    said = [("firstName", "Livra"), ("alias", "Lv"), ("lastName", "Ormund"), ("weakAlias", "L"), ("birthDate", "1970")]
    assert names_said(said) == ["Lv", "Livra Ormund"]
    assert names_said([("name", "Ormund Livra"), *said[:1], said[2]]) == ["Ormund Livra"]
    assert names_said([("birthDate", "1970")]) == []
