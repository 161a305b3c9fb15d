"""Behind a proxy, failed sign-ins are counted for each true address: a stranger locks nobody else out."""

import pytest
from django.core.cache import cache
from django.test import Client

from baham.platform.accounts.roles import Role
from tests.support.people import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty():
    cache.clear()
    yield
    cache.clear()


def sign_in(username: str, password: str, address: str) -> bool:
    """Whether somebody at an address, behind one proxy on this machine, got in."""
    client = Client()
    sent = {"login": username, "password": password}
    client.post("/accounts/login/", sent, headers={"x-forwarded-for": f"198.51.100.99, {address}"})
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(("proxies", "gets_in"), [(1, True), (0, False)])
def test_a_stranger_who_guesses_locks_out_only_the_own_address(settings, proxies, gets_in):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    person(Role.ANALYST, "noor")
    for number in range(15):
        assert not sign_in(f"nobody{number}", "guessed", "203.0.113.7")
    assert sign_in("noor", PASSWORD, "203.0.113.8") is gets_in


def test_guesses_at_one_account_are_counted_from_wherever_they_come(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person(Role.ANALYST, "noor")
    assert not any(sign_in("noor", "guessed", f"203.0.113.{number}") for number in range(1, 8))
