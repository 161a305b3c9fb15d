"""Times come first as they are, then how far off; a date says no more than the source did."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils import translation

from baham.platform.shell.parts.dates import far, moment, when

from .conftest import needs_languages

NOW = datetime(2026, 11, 10, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _pakistan(settings):
    settings.TIME_ZONE = "Asia/Karachi"


def test_a_moment_is_absolute_then_relative():
    drawn = moment(NOW + timedelta(minutes=19), NOW)
    assert drawn == (
        '<time datetime="2026-11-10T04:31:00+00:00">10 Nov 2026, 09:31 PKT</time> <small>in 19 min</small>'
    )


def test_another_zone_is_the_same_moment():
    kabul = datetime(2026, 11, 10, 9, 1, tzinfo=timezone(timedelta(hours=4, minutes=30)))
    assert "09:31 PKT" in moment(kabul, NOW)


def test_a_day_gets_no_hour():
    assert moment(date(2026, 11, 8)) == '<time datetime="2026-11-08">8 Nov 2026</time>'
    assert "not dated" in moment(None)


@pytest.mark.parametrize(
    ("delta", "said"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(hours=2, minutes=30), "in 2 h"),
        (timedelta(days=-1, hours=-2), "1 day ago"),
        (timedelta(days=-3), "3 days ago"),
    ],
)
def test_how_far_off(delta, said):
    assert far(NOW + delta, NOW) == said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("1968", "1968"),
        ("1968-05", "May 1968"),
        ("1968-05-03", "3 May 1968"),
        ("1984-03/1985-03", "Mar 1984 – Mar 1985"),
        ("1968/1970", "1968 – 1970"),
        ("1968/1968", "1968"),
    ],
)
def test_a_reading_says_no_more_than_it_knows(given, said):
    assert f">{said}<" in when(given)


@pytest.mark.parametrize("given", ["31.02.1986", "", "1986-02-31", "1986-13", "about 1968", "1970/1968x", "/", "0000"])
def test_what_cannot_be_read_stays_as_it_stood(given):
    assert when(given) == f'<bdi dir="auto">{given}</bdi>'


@needs_languages
def test_urdu_says_a_range_with_a_word_and_its_own_digits():
    with translation.override("ur"):
        assert "مارچ ۱۹۸۴ تا مارچ ۱۹۸۵" in when("1984-03/1985-03")
        assert "۱۰ نومبر ۲۰۲۶، ۰۹:۱۲ پاکستانی وقت" in moment(NOW, NOW)
    with translation.override("ps"):
        assert "له ۱۹۶۸ تر ۱۹۷۰" in when("1968/1970")
