"""The publisher's own end counts: silent from that day, whatever the file still carries."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from baham.platform.ledger import expiry
from baham.platform.ledger.ends import end_of
from baham.platform.ledger.models import Entity
from tests.support.ftm import load_ftm
from tests.support.lists import load_rows

pytestmark = pytest.mark.django_db


def alive() -> set[str]:
    return set(Entity.objects.filter(expiry.in_force()).values_list("key", flat=True))


def test_an_end_date_that_has_passed_ends_the_entry_and_one_to_come_does_not(tmp_path):
    tomorrow = timezone.localdate() + timedelta(days=1)
    load_rows(
        tmp_path,
        [
            {"id": "a", "name": "Orvane Lamp", "endDate": "2020-02-03"},
            {"id": "b", "name": "Orvane Wick", "endDate": ""},
            {"id": "c", "name": "Orvane Oil", "endDate": tomorrow.isoformat()},
            {"id": "d", "name": "Orvane Glass", "endDate": timezone.localdate().isoformat()},
            {"id": "e", "name": "Orvane Stand", "endDate": "soon"},
        ],
    )
    assert alive() == {"b", "c", "e"}
    assert Entity.objects.filter(expiry.in_force(tomorrow)).count() == 2
    assert Entity.objects.get(key="a").ended == date(2020, 2, 3)


def test_an_end_date_that_goes_again_brings_the_entry_back(tmp_path):
    rows = [{"id": "a", "name": "Orvane Lamp", "endDate": "2020-02-03"}]
    load_rows(tmp_path, rows)
    load_rows(tmp_path, [{**rows[0], "endDate": ""}])
    assert alive() == {"a"}


def listing(number: int, of: str, **said: str) -> dict:
    return {
        "id": f"s-{number}",
        "schema": "Sanction",
        "properties": {"entity": [of], **{prop: [value] for prop, value in said.items()}},
    }


def person(key: str) -> dict:
    return {"id": key, "schema": "Person", "properties": {"name": [f"Tarvok {key}"]}}


def test_an_entry_ends_when_the_last_of_its_listings_has(tmp_path):
    people = [person(key) for key in "abcde"]
    load_ftm(
        tmp_path,
        [
            *people,
            listing(1, "a", endDate="2019"),
            listing(2, "a", endDate="2021-05-01"),
            listing(3, "b", endDate="2019"),
            listing(4, "b"),
            listing(5, "c", status="expired"),
            listing(6, "d", endDate="2019", listingDate="2020-01-01"),
        ],
    )
    assert {"a", "c"} & alive() == set()
    assert {"b", "d", "e"} <= alive()
    assert Entity.objects.get(key="a").ended == date(2021, 5, 1)
    load_ftm(tmp_path, [*people, listing(2, "a")])
    assert {"a", "b", "c", "d", "e"} <= alive()


def test_the_end_of_a_tie_ends_nobody(tmp_path):
    tie = {
        "id": "m",
        "schema": "Membership",
        "properties": {"member": ["a"], "organization": ["o"], "endDate": ["2001-01-01"]},
    }
    load_ftm(tmp_path, [person("a"), {"id": "o", "schema": "Organization", "properties": {"name": ["Column"]}}, tie])
    assert {"a", "o", "m"} <= alive()


@pytest.mark.parametrize(
    ("ends", "begins", "day"),
    [
        (["2019"], [], date(2019, 12, 31)),
        (["2019-02", "2018"], [], date(2019, 2, 28)),
        (["x"], [], None),
        ([], [], None),
        (["2019"], ["2020-01-01"], None),
        (["2019"], ["2017"], date(2019, 12, 31)),
    ],
)
def test_the_last_day_that_the_words_may_mean(ends, begins, day):
    assert end_of(ends, begins) == day


@pytest.mark.parametrize(
    ("status", "over"),
    [
        ("Expired", True),
        ("delisted on 3 May", True),
        ("No longer in force", True),
        ("has been revoked", True),
        ("De-listed", True),
        ("in force until revoked", False),
        ("removed if the appeal is upheld", False),
        ("active", False),
        ("listed", False),
    ],
)
def test_the_status_of_a_listing_is_read_as_people_write_it(tmp_path, status, over):
    person = {"id": "p", "schema": "Person", "properties": {"name": ["Orvane Lamp"]}}
    listing = {"id": "s", "schema": "Sanction", "properties": {"entity": ["p"], "status": [status]}}
    load_ftm(tmp_path, [person, listing])
    assert ("p" in alive()) is not over
