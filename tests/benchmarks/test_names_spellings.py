"""Who bears a name in another spelling, by the benchmark's own table."""

import pytest

from baham.engines.names import Subject
from benchmarks.names.pakistani import people
from benchmarks.names.spellings import Listed, readings

LIST = [
    Subject("a", ("OSMAN, Haji Mohamed",)),
    Subject("b", ("Sayf Allah bin Hussayn",)),
    Subject("c", ("Abd al-Qadir Khan",)),
    Subject("d", ("Zarghun Talband",), weak_names=("Hidayatullah",)),
]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Muhammad Usman", "a"),
        ("Saifullah Hussain", "b"),
        ("Abdul Qadeer Khan", "c"),
        ("Hidayat Ullah", "d"),
        ("Usman Khan", ""),
        ("Qadir Khan", ""),
        ("Muhammad Usman Khan", ""),
        ("محمد عثمان", ""),
        ("", ""),
        ("Abdul", ""),
    ],
)
def test_who_bears_a_name(name: str, found: str) -> None:
    assert Listed(LIST).who(name) == frozenset(found)


def test_every_name_of_the_table_is_read_and_is_itself() -> None:
    for latin, _urdu in people(2_000, 3):
        assert readings(latin), latin
        assert Listed([Subject("x", (latin,))]).who(latin) == {"x"}, latin
