"""The door for programs: a key, a rate, and only then the API behind it.

Django's urlconf names this door alone. The API is imported when somebody first knocks, so that no command and no page
pays for django-ninja; and whatever is added behind the door is behind the key, without having to say so.
"""

import logging
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from django.views.decorators.csrf import csrf_exempt

from baham.platform.accounts.access import CLIENT
from baham.platform.audit.quota import TooManyRead
from baham.platform.clients.keys import ClientRequest, KeyRefused, client_of
from baham.platform.clients.rate import TooFast, take
from baham.platform.review import bulk

log = logging.getLogger(__name__)
_BUSY_SECONDS = 5
_BULK_SECONDS = 600


def _door(module: str, *, open_to_all: frozenset[str] = frozenset()) -> Callable[..., HttpResponse]:
    """A view that leads to the API in `module`; the addresses `open_to_all` need no key, and say nothing of anybody."""

    def door(request: ClientRequest, address: str) -> HttpResponse:
        try:
            if address not in open_to_all:
                request.client = client_of(request)
                take(request.client)
            request.body  # noqa: B018  after the key: who sends what to whom it is not known is not read
            return _in_json(_behind(module, address)(request))
        except KeyRefused as refused:
            answer = problem(refused.status, str(refused))
            if refused.status == 401:
                answer.headers["WWW-Authenticate"] = "ApiKey"
            return answer
        except TooFast as too_fast:
            return problem(429, str(too_fast), wait=too_fast.wait)
        except TooManyRead as many:
            bulk.stopped(request.client.actor, str(request.client.organisation))
            detail = f"{many} A person here has been asked whether this program may read on."
            return problem(429, detail, wait=_BULK_SECONDS)
        except Http404:
            return problem(404, "There is nothing at this address.")
        except RequestDataTooBig:
            return problem(413, "The request is larger than 5 MB; send it in parts.")
        except OperationalError as error:
            log.error("%s: %s", address.split("/")[0], error)
            return problem(503, "The database is busy with something large; try again.", wait=_BUSY_SECONDS)
        except Exception:
            # Nothing of the request goes into the log: its address may hold a name.
            log.exception("a fault behind the door, at %s", address.split("/")[0])
            return problem(500, "A fault on our side; nothing was decided or changed. It has been logged.")

    vars(door).update(access=CLIENT)
    return csrf_exempt(door)  # no cookie opens it, so no other site can make a browser knock


def problem(status: int, detail: Any, wait: int | None = None) -> JsonResponse:
    """An error in yente's shape; `wait` is the number of seconds for Retry-After."""
    answer = JsonResponse({"detail": detail}, status=status)
    if wait is not None:
        answer.headers["Retry-After"] = str(wait)
    return answer


def _in_json(answer: HttpResponse) -> HttpResponse:
    """A refused method is said in the same shape as every other error."""
    if answer.status_code == 405:
        allowed = answer.headers.get("Allow", "")
        answer = problem(405, f"This address is asked with {allowed or 'another method'}.")
        answer.headers["Allow"] = allowed
    return answer


def _behind(module: str, address: str) -> Callable[[HttpRequest], HttpResponse]:
    found = _resolver(module).resolve(address)
    return lambda request: found.func(request, *found.args, **found.kwargs)


@cache
def _resolver(module: str) -> URLResolver:
    patterns, _app, _namespace = import_module(module).api.urls
    return URLResolver(RegexPattern(r"^"), patterns)


yente = _door("baham.platform.clients.yente.api", open_to_all=frozenset({"healthz", "readyz"}))
monitoring = _door("baham.platform.clients.monitoring_api")
