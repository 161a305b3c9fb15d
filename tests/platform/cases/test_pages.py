"""A workflow of twenty lines has its pages: a work list, a case, a form for each move, a letter; each for whom it is."""

import re

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.cases.models import Case, Tell
from tests.platform.cases.conftest import WHY
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
GIVEN = {"title": "Lantern at the north pier", "subject": "Orsal Ferrand", "basis": "Lantern Act, s. 3", "days": "30"}


def revision(page: str) -> str:
    return re.search(r'name="revision" value="(\d+)"', page)[1]


@pytest.fixture
def drafter(flow, people):
    return signed_in(people[0])


@pytest.fixture
def case(drafter) -> Case:
    assert drafter.post("/cases/new/lantern/", GIVEN).status_code == 302
    return Case.objects.get()


def move(client, case: Case, code: str, **more):
    page = client.get(f"/cases/{case.pk}/").content.decode()
    return client.post(f"/cases/{case.pk}/move/{code}/", {"revision": revision(page), "reason": WHY, **more})


def test_a_day_s_work(case, drafter, people):
    page = drafter.get(f"/cases/{case.pk}/").content.decode()
    assert "Orsal Ferrand" in page and "Draft" in page and f"/cases/{case.pk}/move/propose/" in page
    drafter.post(f"/cases/{case.pk}/fields/", {"revision": revision(page), "days": "14"})
    move(drafter, case, "propose")
    refused = drafter.get(f"/cases/{case.pk}/").content.decode()
    assert f"/cases/{case.pk}/move/order/" not in refused and "Your role does not allow this." in refused
    reviewer = signed_in(people[1])
    assert "Lantern at the north pier" in reviewer.get("/cases/?mine=1").content.decode()
    move(reviewer, case, "order")
    case.refresh_from_db()
    assert (case.state, case.given["days"]) == ("in-force", 14)
    page = reviewer.get(f"/cases/{case.pk}/").content.decode()
    assert "The keeper" in page and "Expiry" in page and "Written in" in page
    letter = reviewer.get(f"/cases/letters/{Tell.objects.get().pk}/").content.decode()
    assert "Orsal Ferrand keeps the lantern lit for 14 days." in letter
    assert Entry.objects.filter(act="letter of a case", event="disclosure").count() == 1


def test_what_may_not_be_done_is_said_and_nothing_is_recorded(case, drafter):
    answer = drafter.post(f"/cases/{case.pk}/move/propose/", {"revision": "1", "reason": "so"})
    assert answer.status_code == 400 and "20 characters" in answer.content.decode()
    for sent in ({"revision": "0", "reason": WHY}, {"reason": WHY}, {"revision": "x" * 9, "reason": WHY}):
        answer = drafter.post(f"/cases/{case.pk}/move/propose/", sent)
        assert answer.status_code == 400 and "moved on" in answer.content.decode()
    assert drafter.post(f"/cases/{case.pk}/fields/", {"revision": "1", "days": "many"}).status_code == 400
    assert case.steps.count() == 1


def test_an_edit_tells_what_is_missing_to_open(drafter):
    answer = drafter.post("/cases/new/lantern/", {**GIVEN, "title": "", "days": "-3"})
    page = answer.content.decode()
    assert answer.status_code == 400 and 'value="Orsal Ferrand"' in page and not Case.objects.exists()


def test_there_is_no_case_for_whom_it_is_not(case):
    for role in (Role.RELEASE_OFFICER, Role.OVERSIGHT):
        client = signed_in(person(role))
        assert client.get(f"/cases/{case.pk}/").status_code == 404
        assert "Lantern" not in client.get("/cases/").content.decode()
        assert client.get("/cases/new/lantern/").status_code == 403


def test_the_work_list_narrows(case, drafter):
    for query, is_there in (
        ("", 1),
        ("?workflow=lantern", 1),
        ("?state=proposed", 0),
        ("?closed=1", 0),
        ("?overdue=1", 0),
    ):
        page = drafter.get(f"/cases/{query}").content.decode()
        assert ("Lantern at the north pier" in page) == bool(is_there), query


def test_without_a_workflow_the_page_says_how_one_comes(db):
    client = signed_in(person(Role.ANALYST))
    assert "come with the measures" in client.get("/cases/").content.decode()
    assert 'href="/cases/"' not in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["ur", "ps"])
def test_it_speaks_the_languages(case, drafter, language):
    drafter.cookies["baham_language"] = language
    page = drafter.get(f"/cases/{case.pk}/").content.decode()
    assert 'dir="rtl"' in page and {"ur": "میعادیں", "ps": "مودې"}[language] not in page  # no clock runs in a draft
    assert {"ur": "کیس", "ps": "قضیې"}[language] in page
