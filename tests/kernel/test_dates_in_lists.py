"""Ways of writing dates that the published lists use beside the plain ones."""

import pytest

from baham.kernel.dates import DateReading, read_dates


@pytest.mark.parametrize(
    ("written", "value", "flag"),
    [
        ("2015-07-01-04:00", "2015-07-01", None),
        ("2015-07-01Z", "2015-07-01", None),
        ("Between 1960 and 1962 (Approximately)", "1960/1962", "approximate"),
        ("Between 1966 and 1967 (Approximately )", "1966/1967", "approximate"),
        ("(probably) 1944", "1944", "approximate"),
        ("24.6.1402 (Hijri Calendar)", "", "unread"),
    ],
)
def test_one_date(written: str, value: str, flag: str | None) -> None:
    (reading,) = read_dates(written)
    assert reading.value == value
    assert flag is None or flag in reading.flags
    assert flag is not None or reading.flags == ()


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("a) 1975 b) 1970", ["1975", "1970"]),
        ("a) 10.7.1968, b) 10.6.1968", ["1968-07-10", "1968-06-10"]),
        ("(i) 11.4.1963, (ii) 11.4.1960", ["1963-04-11", "1960-04-11"]),
        ("(a) 15.1.1973; (b) 15.1.1974", ["1973-01-15", "1974-01-15"]),
        ("a) 1.1.1969 b) approximately 1971", ["1969-01-01", "1971"]),
    ],
)
def test_lettered_dates_are_several(written: str, values: list[str]) -> None:
    readings = read_dates(written)
    assert [reading.value for reading in readings] == values
    assert all("several" in reading.flags for reading in readings)


def test_a_date_with_a_time_is_still_its_day() -> None:
    assert read_dates("1968-05-03T00:00:00") == [DateReading("1968-05-03")]
