"""Who is listed by the parts of a name alone is there for programs too."""

import pytest

from baham.platform.screening import index
from tests.support.ftm import load_ftm

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(tmp_path, db) -> str:
    entity = {"id": "x-6", "schema": "Person", "properties": {"firstName": ["Norvelin"], "lastName": ["Hastravan"]}}
    load_ftm(tmp_path, [entity], name="by-parts")
    index.build()
    return "by-parts:x-6"


@pytest.mark.parametrize(
    "asked", [{"name": ["Norvelin Hastravan"]}, {"firstName": ["Norvelin"], "lastName": ["Hastravan"]}]
)
def test_who_is_listed_by_parts_is_matched(listed, program, asked):
    assert program().found(**asked) == [listed]


def test_who_is_listed_by_parts_is_found_and_shown(listed, program):
    bank = program()
    assert bank.get(f"/yente/entities/{listed}").json()["id"] == listed
    found = bank.get("/yente/search/default", q="Hastravan").json()
    assert [one["id"] for one in found["results"]] == [listed]
    assert found["results"][0]["caption"] == "Norvelin Hastravan"
