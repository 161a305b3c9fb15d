"""What goes out: TAXII's media type, its error object, its headers; and which media types a request may name."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from baham.measures.sharing.taxii import moments

TAXII = "application/taxii+json;version=2.1"
_TITLES = {
    400: "The request is not understood",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not found",
    405: "Not in this way",
    406: "Only TAXII 2.1 is spoken here",
    413: "Too large",
    415: "Only TAXII 2.1 is spoken here",
    422: "The content cannot be processed",
    429: "Too much at once",
    500: "A fault on our side",
    503: "Busy",
}


class Problem(Exception):
    """A request that is answered with an error. The text says what to mend."""

    def __init__(self, status: int, description: str, wait: int | None = None) -> None:
        super().__init__(description)
        self.status, self.wait = status, wait


def answer(body: Any, status: int = 200) -> HttpResponse:
    """A resource as TAXII sends it."""
    return raw(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), status)


def raw(body: bytes, status: int = 200) -> HttpResponse:
    """Bytes that are a TAXII resource already."""
    made = HttpResponse(body, content_type=TAXII, status=status)
    made.headers["Cache-Control"] = "no-store"
    return made


def error(status: int, description: str, wait: int | None = None) -> HttpResponse:
    """TAXII's error object (§3.6.1); `wait` is the number of seconds for Retry-After."""
    made = answer({"title": _TITLES[status], "description": description, "http_status": str(status)}, status)
    if wait is not None:
        made.headers["Retry-After"] = str(wait)
    if status == 401:
        made.headers["WWW-Authenticate"] = 'Basic realm="TAXII", charset="UTF-8"'
    return made


def envelope(name: str, parts: Sequence[bytes], following: str) -> bytes:
    """A page: the parts joined as they are under `name`, and `next` if there is more. An empty one says nothing."""
    if not parts:
        return b"{}"
    head = b'{"more":true,"next":' + json.dumps(following).encode() if following else b'{"more":false'
    return b"".join((head, b',"', name.encode(), b'":[', b",".join(parts), b"]}"))


def dated(made: HttpResponse, first: int, last: int) -> HttpResponse:
    """The moments of arrival of the first and the last object of a page, as headers."""
    made.headers["X-TAXII-Date-Added-First"] = moments.write(first)
    made.headers["X-TAXII-Date-Added-Last"] = moments.write(last)
    return made


def check_accept(request: HttpRequest) -> None:
    """Raise Problem 406 unless the client takes TAXII 2.1. Without a version it takes the latest, which is that."""
    accepts = request.headers.get("Accept") or "*/*"
    for part in accepts.split(","):
        kind, version = _read(part)
        if kind in ("*/*", "application/*") or (kind == "application/taxii+json" and version in ("", "2.1")):
            return
    raise Problem(406, f"Send `Accept: {TAXII}`.")


def check_content(request: HttpRequest) -> None:
    """Raise Problem 415 unless the content says that it is TAXII 2.1 and is not packed."""
    kind, version = _read(request.headers.get("Content-Type", ""))
    if kind != "application/taxii+json" or version not in ("", "2.1"):
        raise Problem(415, f"Send `Content-Type: {TAXII}`.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem(415, "Send the content unpacked, without Content-Encoding.")


def _read(media: str) -> tuple[str, str]:
    kind, *parameters = (part.strip().lower() for part in media.split(";"))
    values = dict(part.partition("=")[::2] for part in parameters)
    return kind, values.get("version", "").strip('" ')
