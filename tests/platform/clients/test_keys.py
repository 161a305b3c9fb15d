"""Keys of programs: made once, kept as a hash, recognised, limited, ended. And the administrator's page."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.clients import rate
from baham.platform.clients.keys import hash_of
from baham.platform.clients.models import Bucket, Client
from baham.platform.clients.services import CannotMake, add_client, revoke
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "The key was seen by somebody else."


def test_a_key_is_kept_as_a_hash_alone():
    client, key = add_client(actor(), "bank", "Daryab Commercial Bank", rate=60)
    assert key.text.startswith(f"baham_{client.prefix}_")
    assert len(key.text) > 55
    stored = Client.objects.filter(pk=client.pk).values()[0]
    assert stored["key_hash"] == hash_of(key.text)
    secret = key.text.split("_", 2)[2]
    assert not any(key.text in str(value) or secret in str(value) for value in stored.values())
    entry = Entry.objects.get(act="made a key")
    assert (entry.subject, entry.detail["prefix"]) == ("client:bank", client.prefix)
    assert secret not in entry.canonical().decode()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"name": "a bank"}, "letters"),
        ({"name": ""}, "letters"),
        ({"name": "b" * 61}, "60"),
        ({"organisation": " "}, "organisation"),
        ({"purpose": "curiosity"}, "purposes"),
        ({"rate": 0}, "rate"),
        ({"days": 10_000}, "731"),
        ({"scope": ["no-such-list"]}, "no-such-list"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_line(given, problem):
    with pytest.raises(CannotMake, match=problem):
        add_client(actor(), **{"name": "bank", "organisation": "Daryab Commercial Bank", **given})
    assert not Client.objects.exists()


def test_a_name_is_used_once(program):
    program()
    with pytest.raises(CannotMake, match="already"):
        program()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "ApiKey"},
        {"Authorization": "ApiKey nonsense"},
        {"Authorization": "Basic YmFoYW06YmFoYW0="},
        {"X-API-Key": "baham_00000000_" + "x" * 43},
        {"Authorization": "ApiKey باہم"},
        {"X-API-Key": "x" * 7_000},
    ],
)
def test_without_a_good_key_nothing_is_answered(bank, headers):
    for address in (
        "/yente/catalog",
        "/yente/algorithms",
        "/yente/search/default",
        "/yente/entities/k-1",
        "/yente/statements",
        "/yente/openapi.json",
        "/yente/no-such-thing",
    ):
        answer = Browser().get(address, headers=headers)
        assert answer.status_code == 401, address
        assert answer.headers["WWW-Authenticate"] == "ApiKey"
        assert "missing or unknown" in answer.json()["detail"]


def test_a_good_prefix_with_another_secret_opens_nothing(bank):
    wrong = bank.key[:-1] + ("a" if bank.key[-1] != "a" else "b")
    assert Browser().get("/yente/catalog", headers={"Authorization": f"ApiKey {wrong}"}).status_code == 401


def test_a_session_opens_nothing(bank):
    browser = signed_in(person(Role.ANALYST))
    assert browser.get("/yente/catalog").status_code == 401


@pytest.mark.parametrize(
    "headers", [{"Authorization": "Bearer {key}"}, {"X-API-Key": "{key}"}, {"Authorization": "apikey {key}"}]
)
def test_ways_to_send_a_key(bank, headers):
    sent = {name: value.format(key=bank.key) for name, value in headers.items()}
    assert Browser().get("/yente/catalog", headers=sent).status_code == 200


def test_an_ended_and_a_revoked_key_say_so(bank):
    Client.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = bank.get("/yente/catalog")
    assert (answer.status_code, "ended on" in answer.json()["detail"]) == (403, True)
    revoke(actor(), bank.client, WHY)
    answer = bank.get("/yente/catalog")
    assert (answer.status_code, "revoked on" in answer.json()["detail"]) == (403, True)
    with pytest.raises(CannotMake, match="before"):
        revoke(actor(), bank.client, WHY)


def test_revoking_needs_a_reason(bank):
    with pytest.raises(CannotMake, match="20"):
        revoke(actor(), bank.client, "lost")
    assert bank.get("/yente/catalog").status_code == 200


def test_a_renewed_key_takes_the_place_of_the_old_one(bank):
    from baham.platform.clients.services import renew

    with pytest.raises(CannotMake, match="20"):
        renew(actor(), bank.client, "lost")
    made, key = renew(actor(), bank.client, WHY, 30)
    assert bank.get("/yente/catalog").status_code == 401
    bank.key = key.text
    assert bank.get("/yente/catalog").status_code == 200
    assert made.pk == bank.client.pk
    entry = Entry.objects.get(act="renewed a key")
    assert (entry.justification, entry.detail["instead_of"]) == (WHY, bank.client.prefix)
    assert Client.objects.count() == 1
    revoke(actor(), made, WHY)
    with pytest.raises(CannotMake, match="anew"):
        renew(actor(), made, WHY)


def test_the_commands(begin, tmp_path):
    """From making to revoking, at the terminal: the key on stdout, everything else on stderr, refusals in one line."""
    from tests.platform.test_power_cut import run

    home = begin(tmp_path / "own")
    made = run(home, "clients", "add", "bank", "--organisation", "Daryab Commercial Bank")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("baham_") and made.stdout.count("\n") == 1
    renewed = run(home, "clients", "renew", "bank", "--reason", WHY)
    assert renewed.stdout.startswith("baham_") and renewed.stdout != made.stdout
    listed = run(home, "clients", "list").stdout
    assert renewed.stdout.split("_")[1] in listed and made.stdout.split("_")[1] not in listed
    for words in (
        ["add", "bank", "--organisation", "X"],
        ["add", "b c", "--organisation", "X"],
        ["add", "c", "--organisation", "X", "-d", "none"],
        ["revoke", "bank", "--reason", "lost"],
        ["renew", "nobody", "--reason", WHY],
    ):
        refused = run(home, "clients", *words)
        assert (refused.returncode, refused.stderr.count("\n"), refused.stdout) == (2, 1, ""), words
    assert run(home, "clients", "revoke", "bank", "--reason", WHY).returncode == 0
    assert "revoked" in run(home, "clients", "list").stdout


def test_a_bucket_fills_with_time_and_never_overflows(program):
    client = program(rate=60).client
    rate.take(client, 60, now=1_000.0)
    with pytest.raises(rate.TooFast) as refused:
        rate.take(client, 2, now=1_000.5)
    assert refused.value.wait == 2
    rate.take(client, 2, now=1_002.0)
    with pytest.raises(rate.TooFast):
        rate.take(client, 1, now=1_002.0)
    rate.take(client, 60, now=90_000.0)
    with pytest.raises(rate.TooFast):
        rate.take(client, 1, now=90_000.0)
    rate.take(client, 1, now=90_001.0)


def test_a_clock_that_goes_back_gives_nothing_away(program):
    client = program(rate=60).client
    rate.take(client, 60, now=1_000.0)
    with pytest.raises(rate.TooFast):
        rate.take(client, 1, now=10.0)


def test_too_fast_is_429_and_asks_nothing(ledger, program):
    slow = program(rate=3)
    assert len(slow.match(name="Zarghun Talband")["results"]) == 1
    body = {"queries": {str(n): {"schema": "Person", "properties": {"name": ["Zarghun"]}} for n in range(3)}}
    asked = Entry.objects.filter(actor="client:bank").count()
    answer = slow.post("/yente/match/default", body)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert Entry.objects.filter(actor="client:bank").count() == asked
    Bucket.objects.update(tokens=3, at=timezone.now().timestamp())
    body["queries"]["more"] = body["queries"]["1"]
    answer = slow.post("/yente/match/default", body)
    assert (answer.status_code, "4 names" in answer.json()["detail"]) == (400, True)


def test_the_page_shows_a_key_once(ledger):
    browser = signed_in(person(Role.ADMINISTRATOR))
    given = {
        "name": "bank",
        "organisation": "Daryab Commercial Bank",
        "purpose": "screening",
        "scope": ["home-dept"],
        "rate": "120",
        "days": "30",
        "reason": "",
    }
    made = browser.post("/clients/", given)
    client = Client.objects.get()
    page = made.content.decode()
    assert f"baham_{client.prefix}_" in page
    assert made.headers["Cache-Control"] == "no-store"
    key = page[page.index("baham_") :].split("<")[0]
    assert Browser().get("/yente/catalog", headers={"Authorization": f"ApiKey {key}"}).status_code == 200
    assert (client.scope, client.rate, client.made_by) == (["home-dept"], 120, "administrator")
    listing = browser.get("/clients/").content.decode()
    assert client.prefix in listing
    assert key not in listing
    assert browser.post("/clients/bank/revoke/", {"reason": "lost"}).status_code == 400
    assert browser.post("/clients/bank/revoke/", {"reason": WHY}).status_code == 302
    assert "Revoked" in browser.get("/clients/").content.decode()
    assert browser.post("/clients/no-such/revoke/", {"reason": WHY}).status_code == 404


def test_the_page_renews_a_key_and_shows_the_new_one_once(bank):
    browser = signed_in(person(Role.ADMINISTRATOR))
    before = bank.client.prefix
    for wrong, problem in (
        ({"reason": "lost", "days": "30"}, "Write at least 20 characters on why the key is renewed."),
        ({"reason": WHY, "days": "732"}, "A key is good for 1 to 731 days."),
        ({"reason": WHY, "days": "-1"}, "A key is good"),
        ({"reason": WHY, "days": "9" * 5_000}, "A key is good"),
        ({"reason": WHY, "days": "²"}, "A key is good"),
        ({"reason": WHY}, "A key is good"),
    ):
        refused = browser.post("/clients/bank/renew/", wrong)
        page = refused.content.decode()
        assert refused.status_code == 400 and "The key was not renewed." in page and problem in page
        assert f'value="{wrong["reason"]}"' in page and '<details class="mt-2" open><summary>Renew' in page
        assert "baham_" not in page and Client.objects.get().prefix == before
    assert bank.get("/yente/catalog").status_code == 200
    # Also one that has ended; the days may be written in the digits of the reader's language.
    Client.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert "<summary>Renew" in browser.get("/clients/").content.decode()
    renewed = browser.post("/clients/bank/renew/", {"reason": WHY, "days": "۳۰"})
    page = renewed.content.decode()
    assert (renewed.status_code, renewed.headers["Cache-Control"]) == (200, "no-store")
    assert "The key before it opens nothing any more" in page
    assert bank.get("/yente/catalog").status_code == 401
    bank.key = page[page.index("baham_") :].split("<")[0]
    assert bank.get("/yente/catalog").status_code == 200
    now = Client.objects.get()
    assert (now.expires_at - timezone.now()).days == 29
    entry = Entry.objects.get(act="renewed a key")
    assert (entry.actor, entry.justification, entry.detail["instead_of"]) == ("administrator", WHY, before)
    assert bank.key not in browser.get("/clients/").content.decode()
    browser.post("/clients/bank/revoke/", {"reason": WHY})
    assert "<summary>Renew" not in browser.get("/clients/").content.decode()
    page = browser.post("/clients/bank/renew/", {"reason": WHY, "days": "30"}).content.decode()
    assert "is made anew under another name" in page
    assert browser.get("/clients/bank/renew/").status_code == 405
    assert browser.post("/clients/no-such/renew/", {"reason": WHY, "days": "30"}).status_code == 404


@pytest.mark.parametrize(
    "change", [{"name": "a b"}, {"rate": "many"}, {"purpose": "none"}, {"scope": ["x"]}, {"days": "0"}]
)
def test_a_form_that_is_wrong_makes_no_key(ledger, change):
    browser = signed_in(person(Role.ADMINISTRATOR))
    given = {"name": "bank", "organisation": "Bank", "purpose": "screening", "rate": "120", "days": "30", **change}
    assert browser.post("/clients/", given).status_code == 400
    assert not Client.objects.exists()


def test_the_administrator_sees_no_data(ledger):
    browser = signed_in(person(Role.ADMINISTRATOR))
    assert "Zarghun" not in browser.get("/clients/").content.decode()
    assert browser.get("/search/?q=zarghun").status_code == 403
