"""The account pages work as forms, in every language, and say things in our words."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from baham.platform.shell.middleware import POLICY

from .conftest import needs_languages

pytestmark = pytest.mark.django_db
PHRASE = "four words nobody guesses"
PAGES = ["account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_logout"]


@pytest.fixture
def officer():
    user = get_user_model()(username="s.noor")
    user.set_password(PHRASE)
    user.save()
    return user


@pytest.fixture
def signed_in(officer):
    client = Client()
    client.post(reverse("account_login"), {"login": "s.noor", "password": PHRASE})
    assert "_auth_user_id" in client.session
    return client


def test_signing_in_without_javascript(officer):
    page = Client().get(reverse("account_login"))
    assert page["Content-Security-Policy"] == POLICY
    assert "Sign in" in page.text and "sign up" not in page.text.lower() and "Remember" not in page.text
    assert 'placeholder="Password"' not in page.text


def test_a_wrong_password_is_said_and_the_name_kept(officer):
    page = Client().post(reverse("account_login"), {"login": "s.noor", "password": "wrong"}).text
    assert 'role="alert"' in page and 'value="s.noor"' in page


@needs_languages
@pytest.mark.parametrize("language", ["en", "ur", "ps"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_in_every_language(signed_in, settings, name, language):
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = signed_in.get(reverse(name), follow=True)
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text and "Menu:" not in page.text and "<h1>" in page.text


def test_an_authenticator_app_can_be_set_up_and_its_codes_seen(signed_in):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    page = signed_in.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:  # asks once more who it is
        page = signed_in.post(page["Location"], {"password": PHRASE}, follow=True)
    assert 'src="data:image/svg+xml' in page.text
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    done = signed_in.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    assert "Each code works once" in done.text
    index = signed_in.get(reverse("mfa_index")).text
    assert "Your account asks for a second step." in index
    assert "Stop using" in signed_in.get(reverse("mfa_deactivate_totp")).text
    assert "will stop working" in signed_in.get(reverse("mfa_generate_recovery_codes")).text

    again = Client()
    second = again.post(reverse("account_login"), {"login": "s.noor", "password": PHRASE}, follow=True)
    assert "The second step" in second.text and "mfa_webauthn_authenticate" in second.text
