"""S-09: each page opens for exactly the roles it is declared for; an undeclared page opens for nobody."""

import uuid
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver
from django.urls import path as url_path

from baham.platform.accounts.middleware import LoginRequired
from baham.platform.accounts.roles import PERMISSIONS, Role
from baham.platform.ledger.models import Offered, Statement
from tests.support.measures import said
from tests.support.people import person, signed_in

EVERYBODY = frozenset(Role)
WORKING = frozenset({Role.LIST_OFFICER, Role.ANALYST, Role.REVIEWER, Role.RELEASE_OFFICER})
SCREENING = frozenset({Role.LIST_OFFICER, Role.ANALYST, Role.REVIEWER})
RESOLVING = frozenset({Role.ANALYST, Role.REVIEWER})
DECIDING = frozenset({Role.REVIEWER, Role.LIST_OFFICER, Role.RELEASE_OFFICER})
SIGNING = frozenset({Role.REVIEWER, Role.RELEASE_OFFICER})
HANDLING = frozenset({Role.LIST_OFFICER, Role.REVIEWER})
OVERSIGHT = frozenset({Role.OVERSIGHT})
ERASING = frozenset({Role.REVIEWER, Role.LIST_OFFICER})
AUDITOR = frozenset({Role.AUDITOR})

# The declared table: page, method, who may. Written out here a second time on purpose.
TABLE = {
    ("home", "get"): EVERYBODY,
    ("about", "get"): EVERYBODY,
    ("purpose", "get"): EVERYBODY,
    ("search", "get"): WORKING | {Role.OVERSIGHT},
    ("entity", "get"): WORKING | {Role.OVERSIGHT},
    ("chain", "get"): WORKING | {Role.OVERSIGHT},
    ("chain", "post"): RESOLVING,
    ("judge", "post"): RESOLVING,
    ("retract", "post"): RESOLVING,
    ("sources", "get"): EVERYBODY,
    ("sources", "post"): frozenset({Role.LIST_OFFICER}),
    ("source", "get"): EVERYBODY,
    ("offered", "get"): frozenset({Role.LIST_OFFICER}),
    ("offered", "post"): frozenset({Role.LIST_OFFICER}),
    ("version", "get"): WORKING | {Role.OVERSIGHT},
    ("screen", "get"): SCREENING,
    ("screen_file", "post"): SCREENING,
    ("screen_results", "get"): SCREENING,
    ("screen_download", "get"): SCREENING,
    ("review", "get"): WORKING | {Role.OVERSIGHT},
    ("propose", "post"): SCREENING,
    ("matter", "get"): WORKING | {Role.OVERSIGHT},
    ("matter", "post"): DECIDING,
    ("cleared", "get"): WORKING | {Role.OVERSIGHT},
    ("withdraw_clearing", "post"): DECIDING,
    ("letter", "post"): DECIDING,
    ("letter_shown", "get"): WORKING | {Role.OVERSIGHT},
    ("reading", "get"): EVERYBODY,
    ("reading", "post"): EVERYBODY,
    ("job", "get"): EVERYBODY,
    ("job_stop", "post"): EVERYBODY,
    ("cases", "get"): EVERYBODY,
    **{(name, "get"): WORKING | {Role.OVERSIGHT} for name in ("case_begin", "case", "case_letter")},
    **{(name, "post"): WORKING | {Role.OVERSIGHT} for name in ("case_write", "case_move", "case_hand_over")},
    ("clients", "get"): frozenset({Role.ADMINISTRATOR}),
    ("clients", "post"): frozenset({Role.ADMINISTRATOR}),
    ("client_renew", "post"): frozenset({Role.ADMINISTRATOR}),
    ("client_revoke", "post"): frozenset({Role.ADMINISTRATOR}),
    ("standing", "get"): ERASING,
    ("standing", "post"): ERASING,
    ("originators", "get"): WORKING | {Role.OVERSIGHT},
    ("scopes", "get"): WORKING | {Role.OVERSIGHT, Role.AUDITOR},
    ("partner", "get"): WORKING | {Role.OVERSIGHT},
    ("partner", "post"): frozenset({Role.RELEASE_OFFICER}),  # another agreement; who signs sends a choice
    ("partner_trust", "post"): frozenset({Role.RELEASE_OFFICER}),
    ("release", "get"): WORKING | {Role.OVERSIGHT},
    ("release", "post"): SIGNING,
    ("recall", "get"): WORKING | {Role.OVERSIGHT, Role.AUDITOR},
    ("release_propose", "get"): frozenset({Role.ANALYST, Role.REVIEWER, Role.RELEASE_OFFICER}),
    ("erasures", "get"): WORKING | {Role.OVERSIGHT},
    ("erasure", "get"): WORKING | {Role.OVERSIGHT},
    ("erasure", "post"): ERASING,
    ("erase", "get"): ERASING,
    ("erase", "post"): ERASING,
    ("restriction", "get"): ERASING,
    ("restriction", "post"): ERASING,
    ("take_back", "get"): SIGNING,
    ("take_back", "post"): SIGNING,
    ("rights", "get"): HANDLING | OVERSIGHT,
    ("rights", "post"): HANDLING,
    ("access_request", "get"): HANDLING | OVERSIGHT,
    ("access_answer", "post"): HANDLING,
    ("oversight", "get"): OVERSIGHT,
    ("oversight", "post"): OVERSIGHT,
    ("examination", "get"): OVERSIGHT,
    ("examination", "post"): OVERSIGHT,
    ("examination_letter", "post"): OVERSIGHT,
    ("audit", "get"): AUDITOR,
    ("audit_verify", "post"): AUDITOR,
    **said("PAGES"),
}
PUBLIC = {"healthz"}
# Doors for programs: opened by a key and by nothing else, whoever is signed in.
DOORS = {
    "monitoring": ("/api/monitoring/subjects", "/api/monitoring/alerts"),
    "yente": ("/yente/catalog", "/yente/search/default?q=z", "/yente/entities/k-1", "/yente/statements?entity_id=k-1"),
    **said("DOORS"),
}


def ours() -> dict[str, URLPattern]:
    """All our named patterns; allauth's and the language switch belong to others and are listed by the middleware."""
    found = {}

    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                if pattern.lookup_str.startswith("baham."):
                    found[pattern.name] = pattern
            else:
                walk(pattern.url_patterns)

    walk(get_resolver().url_patterns)
    return found


@pytest.fixture
def addresses(ledger):
    from baham.platform.release.partners import add_partner
    from baham.platform.review.services import propose
    from baham.platform.rights import oversight, requests
    from tests.support.people import actor

    pk = ledger["k-1"].pk
    item = propose("match", "Is it?", proposed_by=actor(), proposal={"name": "Z"}, evidence=[], entity=ledger["k-1"])
    sid = Statement.objects.filter(entity_id=pk).first().sid_hex
    add_partner(actor(), "daryab", "Daryab", "agency", reason="An invented reason that is long enough.")
    Offered.objects.create(dataset_name="home-dept", path="/nowhere/file.csv", file_name="file.csv", by="tester")
    asked = requests.ask(
        actor(), entities=[pk], asked={"name": "Z"}, verified="passport seen", received_on=date(2026, 1, 5)
    )
    examined = oversight.bring(asked, actor())
    return {
        "home": "/",
        "about": "/about/",
        "purpose": "/purpose/",
        "reading": "/reading/",
        "search": "/search/",
        "entity": f"/entity/{pk}/",
        "chain": f"/entity/{pk}/statement/{sid}/",
        "judge": f"/entity/{pk}/judge/",
        "retract": "/judgement/999/retract/",
        "sources": "/sources/",
        "source": "/sources/home-dept/",
        "offered": f"/sources/offered/{Offered.objects.get().pk}/",
        "version": "/sources/home-dept/1/",
        "screen": "/screen/",
        "screen_file": "/screen/file/",
        "screen_results": f"/screen/results/{uuid.UUID(int=1)}/",
        "screen_download": f"/screen/results/{uuid.UUID(int=1)}/download/",
        "review": "/review/",
        "propose": "/review/propose/",
        "matter": f"/review/{item.pk}/",
        "cleared": "/review/cleared/",
        "withdraw_clearing": "/review/cleared/999/withdraw/",
        "letter": f"/review/{item.pk}/letter/",
        "letter_shown": "/review/letter/999/",
        "job": f"/job/{uuid.UUID(int=1)}/",
        "job_stop": f"/job/{uuid.UUID(int=1)}/stop/",
        "cases": "/cases/",
        "case_begin": "/cases/new/none/",
        "case": "/cases/999/",
        "case_write": "/cases/999/fields/",
        "case_move": "/cases/999/move/none/",
        "case_hand_over": "/cases/999/hand-over/",
        "case_letter": "/cases/letters/999/",
        "clients": "/clients/",
        "client_renew": "/clients/none/renew/",
        "client_revoke": "/clients/none/revoke/",
        "audit": "/audit/",
        "audit_verify": "/audit/verify/",
        "partner": "/sharing/partners/daryab/",
        "partner_trust": "/sharing/partners/daryab/trust/",
        "scopes": "/sharing/circles/",
        "release": "/sharing/releases/999/",
        "recall": "/sharing/recalls/999/",
        "release_propose": f"/entity/{pk}/release/",
        "take_back": f"/entity/{pk}/recall/",
        "standing": f"/entity/{pk}/standing/",
        "originators": f"/entity/{pk}/originators/?partner=daryab&purpose=analysis",
        "rights": "/rights/",
        "access_request": f"/rights/{asked.pk}/",
        "access_answer": f"/rights/{asked.pk}/answer/",
        "oversight": "/rights/oversight/",
        "examination": f"/rights/oversight/{examined.pk}/",
        "examination_letter": f"/rights/oversight/{examined.pk}/letter/",
        "erasures": "/rights/erasures/",
        "erasure": "/rights/erasures/999/",
        "erase": f"/entity/{pk}/erase/",
        "restriction": f"/entity/{pk}/restrict/",
        **said("ADDRESSES"),
    }


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "no role")
def test_the_matrix(addresses, role):
    client = signed_in(person(role))
    for (name, method), allowed in TABLE.items():
        answer = getattr(client, method)(addresses[name])
        refused = answer.status_code == 403
        assert refused == (role not in allowed), (name, method, role, answer.status_code)


def test_nobody_who_is_not_signed_in_gets_anywhere(addresses):
    from django.test import Client

    for (name, method), _ in TABLE.items():
        answer = getattr(Client(), method)(addresses[name])
        assert answer.status_code == 302, name
        assert answer.url.startswith("/accounts/login/")


def test_every_page_is_in_the_table():
    assert set(ours()) == {name for name, _ in TABLE} | PUBLIC | set(DOORS)


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "no role")
def test_a_door_for_programs_opens_for_no_person(ledger, role):
    from django.test import Client

    for browser in (signed_in(person(role)), Client()):
        for address in [address for addresses in DOORS.values() for address in addresses]:
            answer = browser.get(address)
            assert answer.status_code == 401, address
            assert "Zarghun" not in answer.content.decode()


def test_every_page_declares_its_access():
    for name, pattern in ours().items():
        assert getattr(pattern.callback, "access", None), name


def test_a_page_that_declares_nothing_opens_for_nobody(ledger):
    from django.core.exceptions import PermissionDenied

    def careless(request):
        return HttpResponse("everything")

    request = RequestFactory().get("/careless/")
    request.user = person(Role.ANALYST, "second")
    request.resolver_match = url_path("careless/", careless, name="careless").resolve("careless/")
    with pytest.raises(PermissionDenied):
        LoginRequired(careless).process_view(request, careless, (), {})


def test_an_action_that_nobody_declared_is_a_fault_not_a_no():
    with pytest.raises(KeyError):
        person_without_database = type("P", (), {"is_active": True, "roles": frozenset()})()
        from baham.platform.accounts.models import User

        User.may(person_without_database, "launch")

    assert all(PERMISSIONS.values())


def test_an_ended_role_opens_nothing(ledger):
    from django.utils import timezone

    user = person(Role.ANALYST, "former")
    user.grants.update(until=timezone.now())
    assert signed_in(user).get(f"/entity/{ledger['k-1'].pk}/").status_code == 403


def test_a_job_belongs_to_who_started_it(ledger):
    from baham.platform.jobs.models import Job

    job = Job.objects.create(kind="screen", title="names.csv", owner="somebody else")
    client = signed_in(person(Role.ANALYST))
    assert client.get(f"/job/{job.pk}/").status_code == 404
    assert client.get(f"/screen/results/{job.pk}/").status_code == 404
