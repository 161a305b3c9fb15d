"""How exact a source says that its date is: approximate, open to one side, of a decade, a span; and who asks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baham.engines.names.dates import in_words
from baham.kernel.dates import as_said, read_dates, span
from baham.platform.ledger.record import possible
from baham.platform.screening.asking import NoSuchDate, asked_dates

TODAY = date(2031, 1, 2)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("circa 1911", "1911~"),
        ("c.1911", "1911~"),
        ("c1911", "1911~"),
        ("1911?", "1911~"),
        ("around May 1911", "1911-05~"),
        ("1911 or so", "1911~"),
        ("early 1911", "1911~"),
        ("late 1910s", "1910/1919~"),
        ("تقریباً ۱۹۱۱", "1911~"),
        ("before 1911", "../1911"),
        ("1911 or earlier", "../1911"),
        ("not later than 1911", "../1911"),
        ("no later than 1911-05", "../1911-05"),
        ("until 1911", "../1911"),
        ("prior to 3 May 1911", "../1911-05-03"),
        ("after 1911", "1911/.."),
        ("1911 or later", "1911/.."),
        ("since 1911", "1911/.."),
        ("1911-", "1911/.."),
        ("1911..", "1911/.."),
        ("..1911", "../1911"),
        ("– 1911", "../1911"),
        ("1911.", "1911"),
        ("not before 1911", "1911/.."),
        ("1910s", "1910/1919"),
        ("191X", "1910/1919"),
        ("19XX", "1900/1999"),
        ("1911-14", "1911/1914"),
        ("1914-1911", "1911/1914"),
        ("between 1914 and 1911", "1911/1914"),
        ("from 1911 to 1914", "1911/1914"),
        ("1911±2", "1909/1913"),
        ("1910s-1920s", "1910/1929"),
        ("۳/۵/۱۹۱۱", "1911-05-03"),
        ("1911-03", "1911-03"),
        ("it was the year of the great flood", ""),
        ("9.9.1399 (Hijri Calendar)", ""),
    ],
)
def test_a_date_is_as_exact_as_its_source_says(written: str, said: str) -> None:
    (reading,) = read_dates(written)
    assert as_said(reading.value, reading.flags) == said
    if said:
        (again,) = read_dates(said)
        assert as_said(again.value, again.flags) == said
        (again,) = read_dates(in_words(said))
        assert as_said(again.value, again.flags) == said


def test_each_of_several_dates_has_its_own_exactness() -> None:
    assert [as_said(r.value, r.flags) for r in read_dates("approximately 1911, 1914")] == ["1911~", "1914"]
    assert [as_said(r.value, r.flags) for r in read_dates("1911 or before 1908")] == ["1911", "../1908"]


@given(st.text(max_size=60) | st.from_regex(r"(circa |before |after |late )?[0-9]{3,4}(s|X|~|\?)?([-/][0-9]{2,4})?"))
def test_what_is_read_is_within_what_is_possible(written: str) -> None:
    for reading in read_dates(written):
        days, left = span(reading.value), possible(reading.value, reading.flags)
        assert (days is None) == (left is None) == (reading.value == "")
        assert days is None or left is None or (left[0] <= days[0] <= days[1] <= left[1])


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1911-02-30", "no such day"),
        ("31.4.1911", "no such day"),
        ("2031-05-03", "future"),
        ("2090", "future"),
        ("after 2050", "future"),
        ("soon", "not a date"),
        ("1911 or soon", "not a date"),
    ],
)
def test_nobody_asks_with_a_date_that_cannot_be(written: str, why: str) -> None:
    with pytest.raises(NoSuchDate, match=why):
        asked_dates(written, TODAY)


def test_a_date_is_asked_with_as_it_was_written() -> None:
    assert asked_dates("1911-00-00", TODAY) == ["1911"]
    assert asked_dates("circa 1911", TODAY) == ["1911~"]
    assert asked_dates("1911 or 1913", TODAY) == ["1911", "1913"]
    assert asked_dates("2031", TODAY) == ["2031"]  # it has begun
