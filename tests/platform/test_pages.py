"""Every page opens for somebody, in every language, with and without data."""

import pytest
from django.urls import reverse

from baham.platform.accounts.roles import Role
from baham.platform.ledger.models import Entity, Statement
from baham.platform.screening import index
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(tmp_path):
    load_rows(tmp_path)
    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985"}, *PEOPLE[1:3]])
    index.build()


@pytest.mark.parametrize("language", ["en", "ur", "ps"])
def test_pages_open(ledger, language):
    client = signed_in(person(Role.ANALYST))
    client.cookies["baham_language"] = language
    entity = Entity.objects.get(key="k-1")
    statement = Statement.objects.filter(entity=entity, until=None).first()
    for address in (
        "/",
        "/about/",
        "/purpose/",
        "/search/",
        "/search/?q=Zarghun",
        "/search/?q=%25",
        "/sources/",
        "/sources/home-dept/",
        "/sources/home-dept/1/",
        "/sources/home-dept/2/",
        "/sources/home-dept/2/?kind=removed",
        f"/entity/{entity.pk}/",
        f"/entity/{entity.pk}/?on=2020-01-01",
        f"/entity/{entity.pk}/?on=nonsense",
        f"/entity/{entity.pk}/statement/{statement.sid_hex}/",
        "/screen/",
        "/review/",
        "/review/?show=decided",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.content[:500])
        assert f'lang="{language}"' in answer.content.decode()


def test_screen_then_review(ledger):
    client = signed_in(person(Role.ANALYST))
    answer = client.post("/screen/", {"name": "زرغون تلبند", "birth_date": "1985", "father_name": "Tor Baz"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Zarghun Talband" in page
    assert "probable" in page
    entity = Entity.objects.get(key="k-1")
    answer = client.post(reverse("propose"), {"name": "Zarghun Talband", "entity": entity.pk})
    assert answer.status_code == 302
    answer = client.get(answer.url)
    assert "Is this the person on the list?" in answer.content.decode()


def test_auditor(ledger):
    client = signed_in(person(Role.AUDITOR))
    assert client.get("/audit/").status_code == 200
    assert client.get("/audit/?actor=tester").status_code == 200
    assert client.post("/audit/verify/").status_code == 200
