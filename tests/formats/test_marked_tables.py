"""A table is marked wherever the mark stands: in a column by any usual name, or as a label in a cell that is not read."""

import pytest

from baham.formats import csv_mapping
from baham.formats.marking_words import closes
from baham.kernel.handling import OPEN


def read(tmp_path, header: str, row: str):
    path = tmp_path / "list.csv"
    path.write_text(f"id,schema,name,{header}\nc1,Person,Torvel Amandur,{row}\n", encoding="utf-8")
    return next(csv_mapping.read(path, "own"))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("description", "TLP:AMBER+STRICT"),
        ("tags", "paper; tlp:red"),
        ("summary", "PAP:RED, as agreed"),
        ("name2", "TLP:RED"),
        ("Einstufung", "VS-NfD"),
        ("Gizlilik", "Gizli"),
        ("درجہ بندی", "خفیہ"),
        ("releasable", "no"),
        ("keywords", "tlp:amber"),
    ],
)
def test_a_mark_closes_wherever_it_stands(tmp_path, header, said):
    marks = [one for one in read(tmp_path, header, f'"{said}"') if one.prop == "marking"]
    assert marks and closes(marks[0].value) != OPEN


@pytest.mark.parametrize(
    ("header", "said"), [("tags", "lantern; pier"), ("description", "A keeper"), ("releasable", "yes")]
)
def test_what_marks_nothing_closes_nothing(tmp_path, header, said):
    assert not [one for one in read(tmp_path, header, said) if one.prop == "marking"]


@pytest.mark.parametrize(
    "header",
    [
        "endDate",
        "end_date",
        "EndDate",
        "enddate",
        "End date",
        "delisted_on",
        "DELISTED_ON",
        "removal_date",
        "valid_until",
    ],
)
def test_the_end_of_an_entry_is_read_by_any_usual_header(tmp_path, header):
    assert [one.value for one in read(tmp_path, header, "2020-02-03") if one.prop == "endDate"] == ["2020-02-03"]
