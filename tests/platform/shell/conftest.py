"""What the shell's tests share. They need nothing of the rooms: views, addresses and middleware here are stand-ins."""

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve

SHELL = Path(__file__).resolve().parents[3] / "baham" / "platform" / "shell"
STATIC, TEMPLATES, LOCALE = SHELL / "static", SHELL / "templates", SHELL / "locale"

needs_assets = pytest.mark.skipif(not (STATIC / "vendor").is_dir(), reason="no assets: run `make assets`")
needs_languages = pytest.mark.skipif(
    not (LOCALE / "ur" / "LC_MESSAGES" / "django.mo").exists(), reason="no .mo files: run `make assets`"
)

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "baham.platform.shell.middleware.ContentSecurity",
]


@pytest.fixture(autouse=True)
def _alone(settings):
    """The shell by itself, whichever settings the run began with."""
    settings.ROOT_URLCONF = "tests.platform.shell.urls"
    settings.MIDDLEWARE = MIDDLEWARE
    settings.DEMO = True


class Officer:
    """Somebody who is signed in and may do what `acts` names."""

    is_authenticated = True
    is_active = True
    density = "dense"

    def __init__(self, *acts: str) -> None:
        self.acts = acts

    def may(self, act: str) -> bool:
        return act in self.acts

    def __str__(self) -> str:
        return "S. Noor <desk>"


def ask(path: str = "/", user: object | None = None) -> HttpRequest:
    """A request as the middleware would have left it."""
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    request.resolver_match = resolve(request.path_info)
    return request
