"""Ways of writing dates that the published lists use beside the plain ones."""

import pytest

from baham.kernel.dates import DateReading, read_dates


@pytest.mark.parametrize(
    ("written", "value", "flag"),
    [
        ("2031-03-04-04:00", "2031-03-04", None),
        ("2031-03-04Z", "2031-03-04", None),
        ("Between 1911 and 1913 (Approximately)", "1911/1913", "approximate"),
        ("Between 1921 and 1922 (Approximately )", "1921/1922", "approximate"),
        ("(probably) 1912", "1912", "approximate"),
        ("9.9.1399 (Hijri Calendar)", "", "unread"),
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
        ("a) 1915 b) 1910", ["1915", "1910"]),
        ("a) 20.7.1918, b) 20.6.1918", ["1918-07-20", "1918-06-20"]),
        ("(i) 21.4.1913, (ii) 21.4.1910", ["1913-04-21", "1910-04-21"]),
        ("(a) 25.1.1913; (b) 25.1.1914", ["1913-01-25", "1914-01-25"]),
        ("a) 2.2.1919 b) approximately 1921", ["1919-02-02", "1921"]),
    ],
)
def test_lettered_dates_are_several(written: str, values: list[str]) -> None:
    readings = read_dates(written)
    assert [reading.value for reading in readings] == values
    assert all("several" in reading.flags for reading in readings)


def test_a_date_with_a_time_is_still_its_day() -> None:
    assert read_dates("1968-05-03T00:00:00") == [DateReading("1968-05-03")]
