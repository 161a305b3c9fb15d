"""The entry that granian serves: the front, and behind it Django in threads. Who may have a body kept is asked here of
those who know: a program's key, a partner's secret, or a person who has signed in."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError, close_old_connections

from baham.platform.clients.keys import KeyRefused, client_of
from baham.platform.front import Environ, Front, Room
from baham.platform.measure import switched_on
from baham.platform.release.partners import PartnerRefused, partner_of
from baham.platform.wsgi import application as django

_PROGRAM = 64_000_000
"""As much as any door for programs says a word about; each has its own smaller limit, and tells it."""
_PERSON = 4 * 1024**3
_FORM = 1024 * 1024
"""What somebody who has not signed in may send: the form by which one signs in is far smaller."""


def _program(environ: Environ) -> bool:
    """Whether a request carries the key of a program or the secret of a partner."""
    close_old_connections()
    request = _without_body(environ)
    for who in (client_of, partner_of):
        try:
            who(request)
            return True
        except (KeyRefused, PartnerRefused):
            continue
        except OperationalError:
            return False
    return False


def _person(environ: Environ) -> bool:
    """Whether a request carries the cookie of somebody who has signed in."""
    close_old_connections()
    key = _without_body(environ).COOKIES.get(settings.SESSION_COOKIE_NAME)
    try:
        return bool(key) and SESSION_KEY in import_module(settings.SESSION_ENGINE).SessionStore(key)
    except OperationalError:
        return False


def _without_body(environ: Environ) -> WSGIRequest:
    import io

    return WSGIRequest({**environ, "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": ""})


application = Front(
    django,
    [
        Room(("/yente/", "/api/", *(door for one in switched_on() for door in one.doors)), 4, _program, _PROGRAM),
        Room((), 4, _person, _PERSON, stranger=_FORM),
    ],
)
