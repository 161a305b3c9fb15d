"""Our client: against our own server, and against servers that fail, lie, are busy or want the secret elsewhere."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from baham.measures.sharing.taxii import client as module
from baham.measures.sharing.taxii.client import Remote, Taxii, TaxiiError
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import RED, stix


@pytest.fixture
def there(live_server, kohsar, shared) -> Taxii:
    return Taxii(f"{live_server.url}/taxii2/", "kohsar", kohsar.secret)


def only(taxii: Taxii) -> Remote:
    (root,) = taxii.roots()
    (collection,) = taxii.collections(root)
    return collection


def test_post_and_read_back_in_pages(live_server, there, nilgar, shared, monkeypatch):
    monkeypatch.setattr(module, "PORTION", 10)
    sent = [stix("identity", n, *([RED] if n == 3 else [])) for n in range(1, 26)]
    told = there.post(only(there), [*sent, {"type": "identity", "id": "nonsense"}])
    assert (told.taken, told.waiting) == (25, 0)
    assert [why for _id, why in told.failures] == [
        "`id` is not a STIX identifier: a type, two hyphens and a UUID in lower case."
    ]
    assert len(told.statuses) == 3
    reader = Taxii(f"{live_server.url}/taxii2/", "nilgar", nilgar.secret)
    pages = list(reader.pages(only(reader), limit=10))
    readable = [one for one in sent if one is not sent[2]]
    assert [one for page in pages for one in page.objects] == readable
    rest = list(reader.pages(only(reader), added_after=pages[0].last))
    assert rest[0].objects == [*pages[1].objects, *pages[2].objects]
    assert [page.objects for page in reader.pages(only(reader), id=sent[5]["id"])] == [[sent[5]]]
    assert there.post(only(there), sent).taken == 25  # posting again is harmless
    assert nilgar.secret not in repr(reader)


def test_a_moderated_collection_is_told_as_waiting(live_server, kohsar):
    world.collection(kohsar, moderated=True)
    there = Taxii(f"{live_server.url}/taxii2/", "kohsar", kohsar.secret)
    told = there.post(only(there), [stix(number=1)])
    assert (told.taken, told.waiting) == (0, 1)


def test_a_refusal_is_one_line_with_what_the_server_says(live_server, kohsar, shared):
    with pytest.raises(TaxiiError, match="401 Send a partner's name") as refused:
        Taxii(f"{live_server.url}/taxii2/", "kohsar", "wrong").roots()
    assert refused.value.status == 401
    assert "\n" not in str(refused.value)
    with pytest.raises(TaxiiError, match="404"):
        Taxii(f"{live_server.url}/taxii2/", "kohsar", kohsar.secret).collections(f"{live_server.url}/taxii2/nowhere/")


def test_portions_by_size(there, monkeypatch):
    sizes = []
    whole = module._portions([{"id": "x" * 1_000} for _ in range(30)], 5_000)
    for portion in whole:
        sizes.append(len(json.loads(portion)["objects"]))
        assert len(portion) <= 5_000
    assert sum(sizes) == 30


@pytest.mark.parametrize(
    "url", ["http://taxii.example.org/", "ftp://taxii.example.org/", "file:///etc/passwd", "https://u:p@x.org/"]
)
def test_addresses_that_are_not_asked(url):
    with pytest.raises(TaxiiError):
        Taxii(url, "kohsar", "secret")


class Other:
    """A server that answers as a test says, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.asked: list[tuple[str, str]] = []
        other = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                other.asked.append((self.command, self.path))
                status, headers, body = other.answers.pop(0) if len(other.answers) > 1 else other.answers[0]
                self.send_response(status)
                for name, value in {"Content-Type": world.MEDIA, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _answer

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/taxii2/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def says(self, *bodies: Any, status: int = 200, **headers: str) -> None:
        self.answers = [
            (status, headers, one if isinstance(one, bytes) else json.dumps(one).encode()) for one in bodies
        ]


@pytest.fixture
def other() -> Iterator[Other]:
    made = Other()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def taxii(other) -> Taxii:
    return Taxii(other.url, "kohsar", "the secret", timeout=5, sleep=lambda _: None)


def remote(other: Other) -> Remote:
    return Remote(f"{other.url}c/", "c", "C", True, True)


NONSENSE: dict[str, tuple[Callable[[Other], None], str]] = {
    "not JSON": (lambda o: o.says(b"<html>"), "not JSON"),
    "not an object": (lambda o: o.says([1]), "not an object"),
    "deep": (lambda o: o.says(b"[" * 200_000), "not JSON"),
    "objects that are no list": (lambda o: o.says({"objects": {}}), "not a list"),
    "more without next": (lambda o: o.says({"more": True, "objects": [{}]}), "leads nowhere"),
    "more for ever": (lambda o: o.says({"more": True, "next": "1", "objects": [{}]}), "leads nowhere"),
    "another media type": (lambda o: o.answers.append((200, {"Content-Type": "text/html"}, b"{}")), "not TAXII"),
    "a redirect": (lambda o: o.answers.append((302, {"Location": "http://127.0.0.1:1/"}, b"")), "302"),
    "an error without words": (lambda o: o.says(b"", status=500), "500"),
    "an error with many": (lambda o: o.says({"description": "a\nb " * 500}, status=400), "400 a b"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_answers_that_are_none(other, taxii, name):
    prepare, words = NONSENSE[name]
    prepare(other)
    with pytest.raises(TaxiiError, match=words) as error:
        list(taxii.pages(remote(other)))
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500
    assert "secret" not in str(error.value)


def test_an_answer_without_end(other, taxii, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1_000)
    other.says({"objects": ["x" * 2_000]})
    with pytest.raises(TaxiiError, match="more than 1,000 bytes"):
        list(taxii.pages(remote(other)))


def test_the_secret_goes_to_nobody_else(other, taxii):
    other.says({"api_roots": ["https://elsewhere.example.org/api/"]})
    with pytest.raises(TaxiiError, match="not named"):
        taxii.roots()
    with pytest.raises(TaxiiError, match="not named"):
        taxii.collections("http://127.0.0.1:1/api/")
    other.says({"collections": [{"id": "//elsewhere.example.org/x"}]})
    with pytest.raises(TaxiiError, match="not named"):
        taxii.collections(other.url)


def test_relative_addresses_of_roots(other, taxii):
    other.says({"api_roots": ["/api1", f"{other.url}api2/"]})
    assert taxii.roots() == [other.url.replace("/taxii2/", "/api1/"), f"{other.url}api2/"]


def test_a_busy_server_is_asked_again_as_late_as_it_says(other):
    waits: list[float] = []
    taxii = Taxii(other.url, "kohsar", "the secret", timeout=5, sleep=waits.append)
    other.answers = [(429, {"Retry-After": "7"}, b"{}"), (503, {}, b"{}"), (200, {}, b'{"objects": [{"id": "x"}]}')]
    assert [page.objects for page in taxii.pages(remote(other))] == [[{"id": "x"}]]
    assert waits == [7.0, 2.0]
    other.says({"description": "Come back tomorrow"}, status=503, **{"Retry-After": "86400"})
    with pytest.raises(TaxiiError, match="503 Come back tomorrow"):
        list(taxii.pages(remote(other)))
    waits.clear()
    other.says({}, status=503)
    with pytest.raises(TaxiiError, match="503"):
        list(taxii.pages(remote(other)))
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0]


def test_a_server_that_is_not_there():
    with pytest.raises(TaxiiError, match="127.0.0.1:1"):
        Taxii("http://127.0.0.1:1/taxii2/", "kohsar", "secret", timeout=2).roots()
