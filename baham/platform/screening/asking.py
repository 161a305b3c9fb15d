"""The dates that somebody asks with: the same rule for a file, a form and the API."""

import re
from datetime import date

from baham.kernel.dates import BEFORE, as_said, read_dates, span


class NoSuchDate(ValueError):
    """Why what was written cannot be the date of somebody who is asked about, in a few words."""


def asked_dates(written: str, today: date) -> list[str]:
    """The dates that somebody asks with, as `as_said`. Raises NoSuchDate for what is no date, for a day that no
    calendar has (parts written as zero are unknown) and for one in the future: to pass over it would weaken the answer.
    """
    read = read_dates(written)
    if not read or any(not reading.value for reading in read):
        raise NoSuchDate("not a date")
    for reading in read:
        value = reading.value
        if "partial" in reading.flags and len(read) == 1 and _parts_written(written) > value.count("-") + 1:
            raise NoSuchDate("there is no such day")
        days = span(value)
        if days is None or (days[0] > today and BEFORE not in reading.flags):
            raise NoSuchDate("the date lies in the future")
    return [as_said(reading.value, reading.flags) for reading in read]


def _parts_written(written: str) -> int:
    """How many of year, month and day were written and are not zero."""
    day = re.sub(r"T\d.*", "", written)
    return sum(int(number) > 0 for number in re.findall(r"\d+", day)) + bool(re.search("[A-Za-z]{3,9}", day))


def can_be_compared(name: str) -> bool:
    """Whether a name has a letter of any script; one without could be compared with nothing."""
    return any(char.isalpha() for char in name)
