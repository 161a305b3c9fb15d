"""Outside the demonstration an account needs a second factor before it sees anything."""

import pytest
from django.test import Client

from baham.platform.accounts.roles import Role
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict(settings):
    settings.REQUIRE_MFA = True


def sign_in(client: Client):
    return client.post("/accounts/login/", {"login": "analyst", "password": PASSWORD})


def code_for(secret: str) -> str:
    """A code as an authenticator app shows it (RFC 6238), by allauth's own arithmetic."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_without_one_every_page_leads_to_setting_it_up(strict):
    person(Role.ANALYST)
    client = Client()
    assert sign_in(client).status_code == 302
    for address in ("/", "/sources/", "/search/", "/screen/", "/review/", "/about/", "/purpose/"):
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith("/accounts/2fa/")


def test_from_the_first_code_to_signing_in_with_one(strict, monkeypatch):
    monkeypatch.setattr("allauth.mfa.totp.internal.auth._is_code_used", lambda *given: False, raising=False)
    person(Role.ANALYST)
    client = Client()
    sign_in(client)
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/"), (
        "the password once more"
    )
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert client.post("/accounts/2fa/totp/activate/", {"code": "000000"}).status_code == 200, (
        "a wrong code sets nothing up"
    )
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)}).status_code == 302
    assert client.get("/").status_code == 200
    other = Client()
    assert sign_in(other).url.startswith("/accounts/2fa/authenticate/")
    assert other.get("/").status_code == 302, "a password alone opens nothing"
    assert other.post("/accounts/2fa/authenticate/", {"code": "123456"}).status_code == 200
    assert other.get("/").url.startswith("/accounts/login/")


def test_nobody_signs_up():
    assert Client().get("/accounts/signup/").status_code in (200, 302, 403, 404)
    Client().post("/accounts/signup/", {"username": "x", "password1": PASSWORD, "password2": PASSWORD})
    from baham.platform.accounts.models import User

    assert not User.objects.filter(username="x").exists()


def test_a_closed_account_does_not_sign_in(strict):
    user = person(Role.ANALYST)
    user.is_active = False
    user.save()
    client = Client()
    sign_in(client)
    assert client.get("/").url.startswith("/accounts/login/")


def test_people_are_met_in_their_own_language():
    user = person(Role.ANALYST)
    user.language = "ur"
    user.save()
    client = Client()
    sign_in(client)
    assert 'dir="rtl"' in client.get("/").content.decode()
    chosen = Client()
    chosen.cookies["baham_language"] = "en"
    sign_in(chosen)
    assert 'dir="ltr"' in chosen.get("/").content.decode()
