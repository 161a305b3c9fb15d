"""How often each page asks the database: pinned in query_counts.json, so that a change shows; and it does not grow."""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baham.platform.accounts.roles import Role
from baham.platform.ledger.models import Entity, Statement
from baham.platform.review.services import propose
from baham.platform.rights.erasure import put_forward
from baham.platform.rights.models import Erasure
from baham.platform.screening import index
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, person, signed_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the counts are pinned for SQLite"),
]

PINNED = Path(__file__).with_name("query_counts.json")
UPDATE = "UPDATE_QUERY_COUNTS"
"""Not BAHAM_…: tests/settings.py puts those away, as settings of an operator."""


def _propose(entity: Entity, number: int = 0) -> object:
    evidence = [
        {
            "feature": "name",
            "direction": "for",
            "weight": "moderate",
            "query": entity.caption,
            "listed": entity.caption,
            "code": "",
            "text": "",
            "alignment": [],
        }
    ]
    return propose(
        "match",
        f"Is traveller {number} the listed {entity.caption}?",
        proposed_by=actor("korband", "screening"),
        proposal={"name": entity.caption, "verdict": "possible"},
        evidence=evidence,
        entity=entity,
        asker="A bank",
    )


def _ask(entity: Entity) -> Erasure:
    return put_forward(actor(), entity, "order", "A court ordered it; the order is on file.")


@pytest.fixture
def pages(tmp_path) -> dict[str, tuple[Role, str, dict | None]]:
    """Each page: who opens it, where it is, and what is sent to it, if anything."""
    load_rows(tmp_path)
    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985"}, *PEOPLE[1:3]])
    index.build()
    entity = Entity.objects.get(key="k-1")
    value = Statement.objects.filter(entity=entity, until=None, prop="birthDate").get()
    matter = _propose(entity)
    return {
        "home": (Role.REVIEWER, "/", None),
        "search": (Role.ANALYST, "/search/?q=Nilgar", None),
        "entity": (Role.ANALYST, f"/entity/{entity.pk}/", None),
        "chain": (Role.ANALYST, f"/entity/{entity.pk}/statement/{value.sid_hex}/", None),
        "sources": (Role.LIST_OFFICER, "/sources/", None),
        "source": (Role.ANALYST, "/sources/home-dept/", None),
        "version": (Role.ANALYST, "/sources/home-dept/2/", None),
        "screen": (Role.ANALYST, "/screen/", {"name": "زرغون تلبند", "birth_date": "1985"}),
        "review": (Role.REVIEWER, "/review/", None),
        "matter": (Role.REVIEWER, f"/review/{matter.pk}/", None),
        "reading": (Role.ANALYST, "/reading/", None),
        "rights": (Role.REVIEWER, "/rights/", None),
        "oversight": (Role.OVERSIGHT, "/rights/oversight/", None),
        "clients": (Role.ADMINISTRATOR, "/clients/", None),
        "audit": (Role.AUDITOR, "/audit/", None),
        "erasures": (Role.REVIEWER, "/rights/erasures/", None),
        "erasure": (Role.REVIEWER, f"/rights/erasures/{_ask(entity).pk}/", None),
        "restriction": (Role.REVIEWER, f"/entity/{entity.pk}/restrict/", None),
    }


def _count(client, path: str, sent: dict | None = None) -> int:
    """The queries of a second visit: what is kept for a session is kept by then."""
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(path, sent) if sent else client.get(path)
        assert answer.status_code == 200, path
    return len(asked)


def test_each_page_asks_as_often_as_is_pinned(pages):
    people = {role: signed_in(person(role)) for role in {role for role, _path, _sent in pages.values()}}
    counted = {name: _count(people[role], path, sent) for name, (role, path, sent) in pages.items()}
    if os.environ.get(UPDATE):
        PINNED.write_text(json.dumps(counted, indent=2) + "\n")
    pinned = json.loads(PINNED.read_text())
    differ = [
        f"{name}: {pinned.get(name, 'not pinned')} pinned, {counted.get(name, 'no such page')} counted"
        for name in sorted({*pinned, *counted})
        if pinned.get(name) != counted.get(name)
    ]
    assert not differ, (
        f"Pages ask the database more or less often than {PINNED.name} says: {'; '.join(differ)}. If that is meant, run "
        f"{UPDATE}=1 python -m pytest tests/platform/test_queries.py and commit the file with the reason."
    )


def test_an_entity_with_many_values_asks_no_more_often(tmp_path):
    few = {"id": "few", "name": "Zarghun Talband", "birth_date": "1984", "nationality": "sv"}
    many = [
        {
            "id": "many",
            "name": f"Mirwais Khorvash {n}",
            "birth_date": str(1960 + n),
            "nationality": "sv",
            "address": f"House {n}, Rudabar",
            "id_number": f"61-22{n:02}-0932",
        }
        for n in range(30)
    ]
    load_rows(tmp_path, [few, *many])
    client = signed_in(person(Role.ANALYST))
    small, large = (Entity.objects.get(key=key) for key in ("few", "many"))
    assert large.statements.count() > 25 * small.statements.count()
    assert _count(client, f"/entity/{large.pk}/") == _count(client, f"/entity/{small.pk}/")


def test_what_is_held_on_somebody_asks_no_more_often_for_many_values(tmp_path):
    from baham.platform.rights.access import concerned, gather

    many = {
        "id": "many",
        "name": "Mirwais Khorvash",
        "birth_date": "1960;1961;1962;1963;1964",
        "address": "A;B;C;D;E;F",
    }
    load_rows(tmp_path, [{"id": "few", "name": "Zarghun Talband"}, many])
    counted = []
    for key in ("few", "many"):
        person_concerned = concerned([f"home-dept/{key}"], {"name": "Zarghun Talband", "birth_date": "1984"})
        with CaptureQueriesContext(connection) as asked:
            found = gather(person_concerned)
        counted.append((len(asked), len(found)))
    assert counted[0][0] == counted[1][0] and counted[0][1] < counted[1][1]


@pytest.mark.parametrize("path", ["/review/", "/"])
def test_a_long_work_list_asks_no_more_often(tmp_path, path):
    load_rows(tmp_path)
    client = signed_in(person(Role.REVIEWER))
    entities = list(Entity.objects.order_by("pk"))
    for number in range(2):
        _propose(entities[number], number)
    short = _count(client, path)
    for number in range(2, 40):
        _propose(entities[number % len(entities)], number)
    assert _count(client, path) == short
