"""A file that states how many records it holds is refused as cut off where it holds another number."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.formats import counted, csv_mapping, eu_csv, ftm_json, ftm_statements, targets_simple, un_xml
from baham.formats.errors import BadInput
from tests.formats.conftest import UN

NAMES = ["Belmur Ostrand", "Livra Zelmani", "Tarvok Quell", "Ost Ferryman"]
TRAILERS = [
    "#TOTAL,{}",
    "TOTAL,{}",
    "EOF {}",
    "EOF,{}",
    "Records: {}",
    "records={}",
    "Total records: {}",
    "# rows: {}",
    "END,{}",
    "Number of records,{}",
    "{} records",
    "# {} rows in total",
    "TRAILER,{},",
    "Count: {}",
    "End of file {}",
    '"Total","{}"',
    "Total number of entries: {}",
    "*** END OF FILE: {} records ***",
    "{} rows exported",
    "TRL,{}",
    "Record count: {}",
]


def table(tmp_path, trailer: str, kept: int = 4):
    path = tmp_path / "t.csv"
    rows = [f"{number},{name}," for number, name in enumerate(NAMES[:kept], 1)]
    path.write_text("\n".join(["id,name,birth_date", *rows, trailer]) + "\n")
    return path


@pytest.mark.parametrize("form", TRAILERS)
@pytest.mark.parametrize("kept", [4, 3, 1])
def test_the_last_row_of_a_table_states_how_many_there_are(tmp_path, form, kept):
    path = table(tmp_path, form.format(4), kept)
    if kept == 4:
        assert [one.caption for one in csv_mapping.read(path, "x")] == NAMES
    else:
        with pytest.raises(BadInput, match=f"states 4 records, and {kept} are there"):
            list(csv_mapping.read(path, "x"))


def test_numbers_are_read_as_people_write_them():
    assert [counted.in_row([text]) for text in ("Total: 1,234", "EOF 1 234", "Rows 12.345", "Records: 0")] == [
        1234,
        1234,
        12345,
        0,
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["7", "Total Belmur", ""],
        ["1", "2", "3"],
        ["EOF"],
        [],
        [""],
        ["total"],
        ["8", "Records Ostrand 9", "1970"],
        ["Total 1970 Ltd"],
        ["12", "rows of Ost"],
        ["9", "", "1970"],
        ["4"],
        ["End", "Belmur"],
        ["Count Ostrand"],
    ],
)
def test_a_row_of_data_states_nothing(row):
    assert counted.in_row(row) is None


def test_what_states_a_number_in_the_middle_is_a_row_like_any_other(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id,name\n1,Belmur\nTotal,2\n3,Livra\n")
    assert len(list(csv_mapping.read(path, "x"))) == 3


OTHERS = {
    targets_simple: "id,schema,name,aliases,birth_date,countries,identifiers\n{}EOF,{}\n",
    eu_csv: "celex,programKey,startDate,schema,name\n{}EOF,{}\n",
    ftm_statements: "entity_id,canonical_id,schema,prop,value,dataset\n{}EOF,{}\n",
}
ROWS = {
    targets_simple: "{n},Person,{name},,,,\n",
    eu_csv: "c,p,1.2.2030,Person,{name}\n",
    ftm_statements: "{n},{n},Person,name,{name},d\n",
}


@pytest.mark.parametrize("form", OTHERS, ids=lambda form: form.__name__.rpartition(".")[2])
def test_so_it_is_in_every_table(tmp_path, form):
    rows = "".join(ROWS[form].format(n=n, name=name) for n, name in enumerate(NAMES))
    path = tmp_path / "t.csv"
    path.write_text(OTHERS[form].format(rows, 4))
    assert len(list(form.read(path, "x"))) == 4
    path.write_text(OTHERS[form].format(rows, 5))
    with pytest.raises(BadInput, match="states 5 records, and 4 are there"):
        list(form.read(path, "x"))


SAID = [
    {"count": 4},
    {"type": "trailer", "records": 4},
    {"_meta": {"total_records": 4}},
    {"recordCount": "4", "date": "2031"},
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("first", [True, False])
def test_an_object_among_json_lines(tmp_path, said, first):
    every = [{"id": str(n), "schema": "Person", "properties": {"name": [name]}} for n, name in enumerate(NAMES)]
    path = tmp_path / "t.ftm.json"
    for kept in (4, 3):
        some = [said, *every[:kept]] if first else [*every[:kept], said]
        path.write_text("".join(json.dumps(one) + "\n" for one in some))
        if kept == 4:
            assert len(list(ftm_json.read(path, "x"))) == 4
        else:
            with pytest.raises(BadInput, match="states 4 records, and 3 are there"):
                list(ftm_json.read(path, "x"))


STATED = {
    "the root": ("<CONSOLIDATED_LIST ", '<CONSOLIDATED_LIST recordCount="{}" '),
    "a group": ("<INDIVIDUALS>", '<INDIVIDUALS count="{}">'),
    "an element": ("</CONSOLIDATED_LIST>", "<RECORD_COUNT>{}</RECORD_COUNT></CONSOLIDATED_LIST>"),
    "a trailer": ("</CONSOLIDATED_LIST>", '<TRAILER total="{}"/></CONSOLIDATED_LIST>'),
}


@pytest.mark.parametrize("where", STATED)
def test_xml(tmp_path, where):
    before, after = STATED[where]
    right = 1 if where == "a group" else 2
    path = tmp_path / "t.xml"
    path.write_text(UN.replace(before, after.format(right)))
    assert len(list(un_xml.read(path, "x"))) == 2
    path.write_text(UN.replace(before, after.format(right + 1)))
    with pytest.raises(BadInput, match=f"states {right + 1} records, and {right} are there"):
        list(un_xml.read(path, "x"))


@given(st.lists(st.text(max_size=40), max_size=4))
def test_whatever_a_row_holds_it_is_a_number_or_none(cells):
    found = counted.in_row(cells)
    assert found is None or found >= 0


# ---- columns on handling


@pytest.mark.parametrize("column", ["TLP", "tlpLevel", "office_classification", "Handling caveat", "Dissemination"])
@pytest.mark.parametrize("form", OTHERS, ids=lambda form: form.__name__.rpartition(".")[2])
def test_a_column_on_handling_closes_in_every_table(tmp_path, form, column):
    head, row = OTHERS[form].split("\n")[0], ROWS[form].format(n=1, name=NAMES[0]).strip()
    path = tmp_path / "t.csv"
    path.write_text(f"{head},{column}\n{row},TLP:RED\n")
    [entity] = form.read(path, "x")
    assert entity.values("marking") == ["TLP:RED"]
    path.write_text(f"{head},{column}\n{row},TLP:CLEAR\n")
    [entity] = form.read(path, "x")
    assert entity.values("marking") == []
