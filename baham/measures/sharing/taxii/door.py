"""The TAXII door: who knocks, which address, which method; and every refusal as TAXII's error object.

The secret of a partner opens it and nothing else, and nothing of a request is read before. What is too large is read to
its end and thrown away (up to a limit), so that its sender hears why.
"""

import logging
import re
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from baham.measures.sharing.taxii import rate, views
from baham.measures.sharing.taxii.answers import Problem, check_accept, error
from baham.measures.sharing.taxii.border import MAX_CONTENT, NotAnEnvelope
from baham.measures.sharing.taxii.filters import BadFilter
from baham.measures.sharing.taxii.posting import NotThere, NotYours
from baham.measures.sharing.taxii.rate import TooFast
from baham.platform.accounts.access import CLIENT
from baham.platform.release.partners import PartnerRefused, partner_of

log = logging.getLogger(__name__)
_BUSY_SECONDS = 5
_PASSED_OVER = 64_000_000
"""Bytes of a request that is too large which are still read, and thrown away, so that its sender hears why."""
_BLOCK = 1 << 16

_ROOT, _COLLECTION = r"(?P<root>[-\w]+)", r"(?P<root>[-\w]+)/collections/(?P<collection>[-\w]+)"
ADDRESSES: list[tuple[str, dict[str, Callable[..., HttpResponse]]]] = [
    (r"", {"GET": views.discovery}),
    (rf"{_ROOT}", {"GET": views.root}),
    (rf"{_ROOT}/status/(?P<status>[-\w]+)", {"GET": views.status}),
    (rf"{_ROOT}/collections", {"GET": views.collections}),
    (rf"{_COLLECTION}", {"GET": views.collection}),
    (rf"{_COLLECTION}/manifest", {"GET": views.manifest}),
    (rf"{_COLLECTION}/objects", {"GET": views.objects, "POST": views.add}),
    (rf"{_COLLECTION}/objects/(?P<number>[^/]{{1,300}})", {"GET": views.one, "DELETE": views.delete}),
    (rf"{_COLLECTION}/objects/(?P<number>[^/]{{1,300}})/versions", {"GET": views.versions}),
]
_SHAPES = [(re.compile(rf"{shape}/?", re.ASCII), methods) for shape, methods in ADDRESSES]


@csrf_exempt  # no cookie opens it, so no other site can make a browser knock
def taxii(request: HttpRequest, address: str = "") -> HttpResponse:
    """Every address under /taxii2/."""
    try:
        partner = partner_of(request)
        body = _body(request)
        if request.method != "POST":  # a post is counted by its objects and bytes, once they are read
            rate.take(partner)
        view, parts = _view(request.method or "", address)
        check_accept(request)
        if body is None:
            raise Problem(413, f"The request is larger than {MAX_CONTENT:,} bytes; send the objects in portions.")
        return view(request, partner, body, **parts)
    except PartnerRefused as refused:
        return error(refused.status, str(refused))
    except Problem as problem:
        answer = error(problem.status, str(problem), problem.wait)
        if problem.status == 405:
            answer.headers["Allow"] = ", ".join(_methods(address))
        return answer
    except BadFilter as bad:
        return error(400, str(bad))
    except NotAnEnvelope as bad:
        return error(bad.status, str(bad))
    except NotThere:
        return error(404, "There is nothing here that you may have.")
    except NotYours:
        return error(403, "Another party posted this object; only that party may remove it.")
    except TooFast as too_fast:
        return error(429, str(too_fast), too_fast.wait)
    except OperationalError as fault:
        log.error("taxii: %s", fault)
        return error(503, "The database is busy with something large; try again.", _BUSY_SECONDS)
    except Exception:
        # Nothing of the request goes into the log: its address may say what somebody looks for.
        log.exception("a fault behind the TAXII door")
        return error(500, "A fault on our side; nothing was stored or removed. It has been logged.")


vars(taxii).update(access=CLIENT)


def _body(request: HttpRequest) -> bytes | None:
    """The content; None if it is too large."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    size = int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 19 else 0
    if size <= MAX_CONTENT:
        return request.read(size) if size else b""
    left = min(size, _PASSED_OVER)
    while left > 0 and (block := request.read(min(left, _BLOCK))):
        left -= len(block)
    return None


def _view(method: str, address: str) -> tuple[Callable[..., HttpResponse], dict[str, str]]:
    for shape, methods in _SHAPES:
        if found := shape.fullmatch(address):
            if method not in methods:
                raise Problem(405, f"This address is asked with {' or '.join(methods)}.")
            return methods[method], found.groupdict()
    raise Problem(404, "There is nothing at this address.")


def _methods(address: str) -> list[str]:
    return next((list(methods) for shape, methods in _SHAPES if shape.fullmatch(address)), [])
