"""Reading from and posting to other TAXII 2.1 servers.

    there = Taxii("https://taxii.example.org/taxii2/", "kohsar", secret)
    for root in there.roots():
        for collection in there.collections(root):
            for page in there.pages(collection, added_after=last):
                take_in(page.objects); last = page.last or last      # where to go on the next time
    told = there.post(collection, objects)                           # in portions; failures with their reasons

Nothing that the other side sends is trusted: the secret goes to the one host that was named and nowhere else, over
https only (or on this machine, for tests); redirects are not followed; answers are bounded in size, and pages that lead
nowhere end in an error. Every failure is one line.
"""

import base64
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from baham.platform import outbound

MEDIA = "application/taxii+json;version=2.1"
LARGEST = 64_000_000
"""Bytes of one answer."""
PORTION, PORTION_BYTES = 500, 4_000_000
_AGENT = "baham (https://pypi.org/project/baham)"
_TRIES, _LONGEST_WAIT = 6, 120.0
_MOST_PAGES = 1_000_000


class TaxiiError(Exception):
    """The other server could not be asked, or answered with an error. One line: address and what was wrong."""

    def __init__(self, problem: str, status: int = 0) -> None:
        super().__init__(problem)
        self.status = status


@dataclass(frozen=True, slots=True)
class Remote:
    """A collection of another server: its address, and what we may do with it."""

    url: str
    id: str
    title: str
    can_read: bool
    can_write: bool
    most_bytes: int = PORTION_BYTES


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page: its objects, and the moment of arrival there of the last of them (empty if the server does not say)."""

    objects: Sequence[dict[str, Any]]
    last: str


@dataclass(slots=True)
class Told:
    """What the other side said about what was posted: how many were taken or wait there, and those that were not."""

    taken: int = 0
    waiting: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Answer:
    """A body, and its headers by their names in lower case: a server may write them in any."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Taxii:
    """A TAXII 2.1 server, asked under one name and secret. `url` is its discovery address or an API root."""

    url: str
    user: str
    secret: str = field(repr=False)
    timeout: float = 60.0
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        try:
            outbound.check(self.url)
        except outbound.NotAllowed as error:
            raise TaxiiError(str(error)) from error

    def roots(self) -> list[str]:
        """The addresses of the API roots that discovery names. Raises TaxiiError."""
        said = self._resource(self.url)
        return [self._ours(one) for one in _list(said, "api_roots", self.url) if isinstance(one, str)]

    def collections(self, root: str) -> list[Remote]:
        """The collections of an API root. Raises TaxiiError."""
        root = self._ours(root)
        limit = self._resource(root).get("max_content_length")
        most = min(limit, PORTION_BYTES) if isinstance(limit, int) and limit > 0 else PORTION_BYTES
        address = urljoin(root, "collections/")
        found = []
        for one in _list(self._resource(address), "collections", address):
            if not isinstance(one, dict) or not isinstance(one.get("id"), str):
                raise TaxiiError(f"{address}: a collection without an id")
            url = self._ours(urljoin(address, f"{one['id']}/"))
            found.append(
                Remote(
                    url,
                    one["id"],
                    str(one.get("title", "")),
                    one.get("can_read") is True,
                    one.get("can_write") is True,
                    most,
                )
            )
        return found

    def pages(
        self, collection: Remote, *, added_after: str = "", limit: int = 1_000, **match: str
    ) -> Iterator[PageRead]:
        """The objects that came after a moment, page by page; `match` are filters: id, type, version, spec_version.

        Who keeps the `last` of each page once it is dealt with goes on from there after a failure. Raises TaxiiError.
        """
        address = urljoin(collection.url, "objects/")
        asked = {"limit": str(limit), **{f"match[{name}]": value for name, value in match.items()}}
        if added_after:
            asked["added_after"] = added_after
        seen: set[str] = set()
        for _page in range(_MOST_PAGES):
            answer = self._ask("GET", f"{address}?{urlencode(asked)}")
            said = _object(answer.body, address)
            objects = [one for one in _list(said, "objects", address) if isinstance(one, dict)]
            if objects:
                yield PageRead(objects, answer.headers.get("x-taxii-date-added-last") or "")
            if said.get("more") is not True:
                return
            following = said.get("next")
            if not isinstance(following, str) or following in seen:
                raise TaxiiError(f"{address}: says that there is more, and leads nowhere")
            if not objects and len(seen) > 1_000:
                raise TaxiiError(f"{address}: a thousand empty pages")
            seen.add(following)
            asked["next"] = following
        raise TaxiiError(f"{address}: more than {_MOST_PAGES} pages")

    def post(self, collection: Remote, objects: Iterable[Mapping[str, Any]]) -> Told:
        """Post objects, in portions; what was said about all of them. Raises TaxiiError; what went before it stands.

        Posting the same again is harmless, so a post that failed half-way is posted again whole.
        """
        told, address = Told(), urljoin(collection.url, "objects/")
        for portion in _portions(objects, collection.most_bytes):
            said = _object(self._ask("POST", address, portion).body, address)
            told.taken += _count(said, "success_count", address)
            told.waiting += _count(said, "pending_count", address)
            told.statuses.append(str(said.get("id", "")))
            for one in _list(said, "failures", address):
                if isinstance(one, dict):
                    told.failures.append((str(one.get("id", "")), str(one.get("message", ""))))
        return told

    def _resource(self, url: str) -> dict[str, Any]:
        return _object(self._ask("GET", url).body, url)

    def _ours(self, url: str) -> str:
        """The address, absolute; only one on the host that was named is asked, or the secret would go elsewhere."""
        whole = urljoin(self.url, url)
        one, other = urlsplit(whole), urlsplit(self.url)
        if (one.scheme, one.netloc) != (other.scheme, other.netloc):
            raise TaxiiError(
                f"{self.url}: sends on to {one.scheme}://{one.netloc}, which was not named; it is not asked"
            )
        return whole if whole.endswith("/") else f"{whole}/"

    def _ask(self, method: str, url: str, body: bytes | None = None) -> _Answer:
        """One request, tried again while the server says that it is busy (429, 503), as late as it says."""
        for turn in range(_TRIES):
            try:
                return self._ask_once(method, url, body)
            except urllib.error.HTTPError as error:
                with error:
                    wait, why = _wait(error, turn), _why(error)
                if error.code not in (429, 503) or turn == _TRIES - 1 or wait > _LONGEST_WAIT:
                    raise TaxiiError(f"{_short(url)}: {error.code} {why}", error.code) from None
                self.sleep(wait)
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", None) or error
                raise TaxiiError(f"{_short(url)}: {reason or type(error).__name__}") from error
        raise AssertionError("unreachable")

    def _ask_once(self, method: str, url: str, body: bytes | None) -> _Answer:
        login = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        headers = {
            "Accept": MEDIA,
            "User-Agent": _AGENT,
            "Authorization": f"Basic {login}",
            "Accept-Encoding": "identity",
        }
        if body is not None:
            headers["Content-Type"] = MEDIA
        request = urllib.request.Request(url, body, headers, method=method)
        with outbound.opener(url).open(request, timeout=self.timeout) as answer:
            kind = (answer.headers.get("Content-Type") or "").replace(" ", "")
            if not kind.startswith("application/taxii+json"):
                raise TaxiiError(f"{_short(url)}: answers with {kind[:60] or 'no media type'}, which is not TAXII")
            read = answer.read(LARGEST + 1)
            if len(read) > LARGEST:
                raise TaxiiError(f"{_short(url)}: an answer of more than {LARGEST:,} bytes")
            return _Answer(read, {name.lower(): value for name, value in answer.headers.items()})


def _portions(objects: Iterable[Mapping[str, Any]], most_bytes: int) -> Iterator[bytes]:
    """Envelopes of at most PORTION objects and about `most_bytes` bytes."""
    parts: list[bytes] = []
    size = 0
    for one in objects:
        part = json.dumps(one, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        if parts and (len(parts) == PORTION or size + len(part) > most_bytes - 100):
            yield _envelope(parts)
            parts, size = [], 0
        parts.append(part)
        size += len(part) + 1
    if parts:
        yield _envelope(parts)


def _envelope(parts: Sequence[bytes]) -> bytes:
    return b'{"objects":[' + b",".join(parts) + b"]}"


def _object(body: bytes, address: str) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise TaxiiError(f"{_short(address)}: the answer is not JSON") from error
    if not isinstance(said, dict):
        raise TaxiiError(f"{_short(address)}: the answer is not an object")
    return said


def _list(said: Mapping[str, Any], name: str, address: str) -> list[Any]:
    found = said.get(name, [])
    if not isinstance(found, list):
        raise TaxiiError(f"{_short(address)}: {name} is not a list")
    return found


def _count(said: Mapping[str, Any], name: str, address: str) -> int:
    found = said.get(name, 0)
    if not isinstance(found, int) or found < 0:
        raise TaxiiError(f"{_short(address)}: {name} is not a number")
    return found


def _wait(error: urllib.error.HTTPError, turn: int) -> float:
    """Seconds until the next try: what the server says, else 1, 2, 4, …"""
    stated = error.headers.get("Retry-After", "") if error.headers else ""
    return float(stated) if stated.isdecimal() and len(stated) < 7 else float(2**turn)


def _why(error: urllib.error.HTTPError) -> str:
    """What the server says is wrong, as far as it says so in TAXII's way; in one line."""
    try:
        said = json.loads(error.read(100_000))
        text = said.get("description") or said.get("title") or error.reason
    except (ValueError, RecursionError, AttributeError, OSError, http.client.HTTPException):
        text = error.reason
    return " ".join(str(text).split())[:300]


def _short(url: str) -> str:
    """An address without its query: what was looked for is nobody's business who reads a log."""
    return url.partition("?")[0]
