"""OpenSanctions' simple table, and any table through a mapping."""

import pytest

from baham.formats import BadInput
from baham.formats.reading import split_values
from tests.formats.conftest import MAPPING, TARGETS, read, said


def test_a_simple_target(given):
    (person,) = read("targets_simple", given(TARGETS))
    assert (person.id, person.schema) == ("Q-1", "Person")
    assert person.values("name") == ["Belmur Ostrand"]
    assert person.values("alias") == ["Bel", "Ostrand; Bel"]
    assert person.values("birthDate") == ["1970", "1971-02"]
    assert person.values("idNumber") == ["QX1234567", "55-66-77"]
    assert person.values("programId") == ["TL-A"]
    assert {(one.origin, one.first_seen, one.last_seen) for one in person} == {
        ("Testland list", "2031-01-01", "2031-02-01")
    }


def test_the_program_column_may_be_absent(given):
    rows = [
        line.split(",TL-A,")[0] + ",Testland list,,,2031" if "TL-A" in line else line for line in TARGETS.split("\n")
    ]
    rows[0] = rows[0].replace("program_ids,", "")
    assert read("targets_simple", given("\n".join(rows)))[0].values("programId") == []


def test_usual_headers_are_understood(given):
    first, second = read("csv_mapping", given(MAPPING))
    assert (first.id, first.schema, second.id) == ("1", "Person", "2")
    assert first.values("alias") == ["Bel", "Boatman"]
    assert [str(one.place) for one in said(first, "alias")] == ["line 2, Alias", "line 3, Alias"]
    assert first.values("fatherName") == []
    assert first.left_out == 1
    assert second.values("birthDate") == ["1980"]
    # What is not understood is not read.
    assert "44" not in {one.value for one in first}


def test_a_mapping_in_a_dict_or_a_file(given, tmp_path):
    table = given("Nr,Wer,Wann\n7,Belmur Ostrand,1970\n", "table.csv")
    mapping = {"Nr": "id", "Wer": "name", "Wann": "birthDate"}
    (by_dict,) = read("csv_mapping", table, mapping=mapping, schema="LegalEntity")
    assert (by_dict.id, by_dict.schema) == ("7", "LegalEntity")
    for name, text in (
        ("m.toml", 'Nr = "id"\nWer = "name"\nWann = "birthDate"\n'),
        ("m.json", '{"Nr": "id", "Wer": "name", "Wann": "birthDate"}'),
    ):
        (by_file,) = read("csv_mapping", table, mapping=given(text, name), schema="LegalEntity")
        assert list(by_file) == list(by_dict)


@pytest.mark.parametrize(
    "mapping",
    [
        "{",
        "[1]",
        "{}",
        '{"name": 5}',
        '{"name": "not a name"}',
        '{"absent": "name"}',
        "= 5",
        '{"id": "name"' + ',"x":[' * 5000,
        '{"id": "id", "name": "id"}',
        "x" * 2_000_000,
        b"\xff\xfe",
        b"\xe9 = 'name'",
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping, given):
    table = given("id,name\n1,A\n", "table.csv")
    with pytest.raises(BadInput) as caught:
        read("csv_mapping", table, mapping=given(mapping, "map.toml"))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter, given):
    (one,) = read(
        "csv_mapping",
        given(f'id{delimiter}"full name"\n1{delimiter}Belmur; Ostrand, Bel\n'.replace("; ", " ").replace(", ", " ")),
    )
    assert one.values("name") == ["Belmur Ostrand Bel"]


def test_without_an_id_rows_have_ids_of_what_they_say(given):
    rows = ["name,alias", "A,a", "B,b", "A,a"]
    ids = [entity.id for entity in read("csv_mapping", given("\n".join(rows)))]
    assert len(set(ids)) == 3
    assert ids[2] == f"{ids[0]}-2"
    turned = [entity.id for entity in read("csv_mapping", given("\n".join([rows[0], rows[2], rows[1]])))]
    assert turned == [ids[1], ids[0]]


def test_a_table_of_nobody_is_no_error(given):
    assert read("csv_mapping", given("id,name\n")) == []


def test_one_id_cannot_grow_without_end(given):
    rows = "".join(f"1,name {number}\n" for number in range(10_003))
    with pytest.raises(BadInput, match="under one id"):
        read("csv_mapping", given("id,name\n" + rows))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a", ["a"]),
        ("a; b;;c ", ["a", "b", "c"]),
        ('"a; b"; c', ['"a; b"', "c"]),
        ('5" gun; b', ['5" gun', "b"]),
        (";", []),
    ],
)
def test_several_values_in_a_field(text, values):
    assert split_values(text) == values


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("TLP", "RED", ["TLP:RED"]),
        ("tlp", "tlp:amber", ["tlp:amber"]),
        ("tlpMarking", "AMBER+STRICT", ["TLP:AMBER+STRICT"]),
        ("tlp", "purple", ["TLP:purple"]),
        ("PAP level", "red", ["PAP:red"]),
        ("marking", "TLP:GREEN", ["TLP:GREEN"]),
        ("Classification", "For official use only", ["For official use only"]),
        ("caveat", "NOFORN", ["NOFORN"]),
        ("tlp", "CLEAR", []),
        ("tlp", "WHITE", []),
        ("tlp", "", []),
        ("classification", "Vessel", []),
        ("marking", "(c) 2031 The Lantern Foundation", []),
        ("colour", "RED", []),
    ],
)
@pytest.mark.parametrize("mapping", [None, {"name": "name"}])
def test_a_column_on_handling_is_read_by_whatever_mapping(column, value, says, mapping, given):
    table = given(f"name,{column}\nBelmur Ostrand,{value}\n", "table.csv")
    (one,) = read("csv_mapping", table, mapping=mapping)
    assert one.values("marking") == says
    assert [str(each.place) for each in said(one, "marking")] == [f"line 2, {column}"] * len(says)
