"""A file of names, row by row: what can be read is asked, what cannot is told with its line and field."""

import io
import json

import pytest

from baham.formats import BadInput
from baham.platform.screening.queries import Asked, BadRow, open_queries, read_queries


def rows(text: str) -> list[Asked | BadRow]:
    return list(read_queries(io.StringIO(text), "names.csv"))


def bad(text: str) -> BadRow:
    found = [row for row in rows(text) if isinstance(row, BadRow)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1984", "1984"),
        ("1984-03", "1984-03"),
        ("3.1.1984", "1984-01-03"),
        ("1968-00-00", "1968"),
        ("1968-05-00", "1968-05"),
        ("2 May 1979", "1979-05-02"),
        ("29.2.1984", "1984-02-29"),
        ("1968/1970", "1968/1970"),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_dates_are_read_as_far_as_they_are_known(written, read):
    assert rows(f"id,name,birth_date\n1,Gul,{written}\n")[0].query.birth_date == read


@pytest.mark.parametrize(
    "written",
    [
        "1984-02-31",
        "31.2.1984",
        "1984-13-01",
        "1985-02-29",
        "31 Feb 1984",
        "February 31 1984",
        "2984",
        "2099-01-01",
        "in the year of the flood",
        "1984 or 1985",
        "12345",
    ],
)
def test_a_day_that_no_calendar_has_is_an_error_of_its_row(written):
    found = rows(f'id,name,birth_date\n1,Gul,"{written}"\n2,Zar,1984\n')
    assert isinstance(found[0], BadRow) and (found[0].id, found[0].line, found[0].field) == ("1", 2, "birth_date")
    assert found[1].query.name == "Zar"


@pytest.mark.parametrize(
    "name", ["x", "李", "Z" * 10_000, "Gul ‮Zar", "زرغون Talband", "Gul 7", "O'Neil; DROP", "e\u0301"]
)
def test_odd_names_are_asked(name):
    assert rows(f"id,name\n1,{name}\n")[0].query.name == name


@pytest.mark.parametrize("name", ["😀", "12345", "٣٣", "---", "‮", "Z" * 10_001, "   "])
def test_what_can_be_compared_with_nothing_is_told_and_not_passed_for_clean(name):
    assert bad(f"id,name\n1,{name}\n2,Gul\n").field == "name"


def test_a_number_alone_may_be_asked_where_it_is_an_identity_number():
    assert rows("id,name,id_number\n1,---,61-0447\n")[0].query.id_number == "61-0447"


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ('{"id": 2, "name": ["A"]}', "name"),
        ('{"id": 2}', "name"),
        ("{broken", ""),
        ("[1]", ""),
        ('{"id": {}, "name": "A"}', "id"),
        ('{"id": 2, "name": true}', "name"),
        ('{"id": 2, "name": "A", "birth_date": 19840231}', "birth_date"),
    ],
)
def test_a_broken_line_of_json_spoils_itself_alone(broken, field):
    lines = ['{"id": 1, "name": "Gul"}', broken, "", '{"id": 4, "name": "Zar", "birth_date": 1984}']
    found = rows("\n".join(lines) + "\n")
    assert [type(row) for row in found] == [Asked, BadRow, Asked]
    assert (found[1].line, found[1].field) == (2, field)
    assert (found[2].id, found[2].query.birth_date, found[2].line) == ("4", "1984", 4)


@pytest.mark.parametrize("broken", ['2,"Zar', '2,"Zar" x', "2,a,b,c", '2,"a\nb\nc'])
def test_a_broken_row_of_csv_spoils_itself_alone(broken):
    rest = "".join(f"{number},Gul {chr(97 + number % 26)}\n" for number in range(10, 60))
    found = rows(f"id,name\n1,Gul\n{broken}\n{rest}")
    told = [row for row in found if isinstance(row, BadRow)]
    asked = [row.id for row in found if isinstance(row, Asked)]
    assert told[0].line == 3
    assert asked == ["1", *map(str, range(10, 60))]


def test_a_name_may_hold_quoted_commas_and_line_ends():
    found = rows('id,name\n1,"Talband, Zarghun"\n2,"Zarghun\nTalband"\n3,Gul\n')
    assert [row.query.name for row in found] == ["Talband, Zarghun", "Zarghun\nTalband", "Gul"]


def test_bytes_that_are_no_utf8_spoil_their_row(tmp_path):
    path = tmp_path / "names.csv"
    path.write_bytes(b"id,name\n1,Gul\n2,Z\xe9r\n3,Zar\n")
    with open_queries(path) as file:
        found = list(read_queries(file, "names.csv"))
    assert [getattr(row, "error", "") for row in found] == ["", "not UTF-8 text", ""]


@pytest.mark.parametrize(
    "content", ["", "\n", "name\nGul\n", "id\n1\n", "id,name\0\n1,Gul\n", '"id,name\n1,Gul\n', "\ufeff\n"]
)
def test_what_is_no_file_of_names_is_refused(content):
    with pytest.raises(BadInput, match=r"names\.csv"):
        rows(content)


def test_an_error_is_one_line_of_json_without_hidden_characters():
    told = bad("id,name,birth_date\n‮1,Gul,198‮4\n2,Gul,\n")
    text = json.dumps(told.as_json(), ensure_ascii=False)
    assert "‮" not in told.error and text.encode()
    assert list(told.as_json()) == ["id", "line", "field", "error"]
