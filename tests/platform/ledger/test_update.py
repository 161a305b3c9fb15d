"""Fetching from publishers, against a server of our own on this machine that can fail in every way."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from baham.formats import BadInput
from baham.platform.ledger import offered
from baham.platform.ledger.models import Entity, Offered, Version
from baham.platform.ledger.publishers import BY_NAME, PUBLISHERS
from baham.platform.ledger.update import CannotFetch, HeldBack, folder, update
from baham.platform.review.models import Item
from tests.support.people import actor

pytestmark = pytest.mark.django_db

ONE = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-01-0{version}T00:00:00Z"><INDIVIDUALS>{people}</INDIVIDUALS><ENTITIES></ENTITIES>
</CONSOLIDATED_LIST>"""
PERSON = """<INDIVIDUAL><DATAID>{number}</DATAID><FIRST_NAME>ZARGHUN</FIRST_NAME><SECOND_NAME>TALBAND {number}</SECOND_NAME>
<UN_LIST_TYPE>Test</UN_LIST_TYPE><REFERENCE_NUMBER>TEi.{number}</REFERENCE_NUMBER><LISTED_ON>2020-01-01</LISTED_ON></INDIVIDUAL>"""


def un_list(version: int, *numbers: int) -> bytes:
    return ONE.format(version=version, people="".join(PERSON.format(number=number) for number in numbers)).encode()


class Server:
    """What the server answers, and what it was asked."""

    def __init__(self):
        self.body, self.etag, self.status, self.cut, self.chunked, self.redirect, self.slow = (
            b"",
            "",
            200,
            0,
            False,
            "",
            0.0,
        )
        self.asked: list[dict[str, str]] = []


@contextmanager
def serving(state: Server):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.asked.append(dict(self.headers))
            if state.slow:
                threading.Event().wait(state.slow)
            if state.redirect:
                self.send_response(302)
                self.send_header("Location", state.redirect)
                self.end_headers()
                return
            if state.etag and self.headers.get("If-None-Match") == state.etag:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(state.status)
            if state.etag:
                self.send_header("ETag", state.etag)
            if not state.chunked:
                self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body[: len(state.body) - state.cut])

        def log_message(self, *given):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/list.xml"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def state():
    return Server()


@pytest.fixture
def publisher(state):
    with serving(state) as url:
        yield replace(BY_NAME["un"], files=((url, "consolidated.xml"),), timeout=2.0, largest=100_000)


def test_fetch_load_and_nothing_new(state, publisher):
    state.body, state.etag = un_list(1, 1, 2), '"one"'
    done = update(publisher, actor())
    assert (done.version.number, done.version.added, done.version.label[:10]) == (1, 2, "2026-01-01")
    assert update(publisher, actor()) is None
    assert state.asked[1]["If-None-Match"] == '"one"'
    state.body, state.etag = un_list(2, 1, 2, 3), '"two"'
    done = update(publisher, actor())
    assert (done.version.added, done.version.removed) == (1, 0)
    assert (folder(publisher) / "consolidated.xml").read_bytes() == state.body
    dataset = done.version.dataset
    assert (dataset.publisher, dataset.review_route) == (publisher.source.publisher, publisher.source.review_route)


def test_the_same_content_without_an_etag_is_no_new_version(state, publisher):
    state.body = un_list(1, 1)
    update(publisher, actor())
    assert update(publisher, actor()) is None
    assert Version.objects.count() == 1


def test_a_file_that_would_end_very_much_is_held_back_and_a_second_person_is_asked_once(state, publisher):
    state.body = un_list(1, *range(1, 41))
    update(publisher, actor())
    good, state.body = state.body, un_list(2, 1, 2, 3)
    for _ in range(2):
        with pytest.raises(HeldBack, match="would end 37 of 40"):
            update(publisher, actor())
    assert Version.objects.count() == 1
    assert (folder(publisher) / "consolidated.xml").read_bytes() == good
    (item,) = Item.objects.filter(kind="version")
    one = Offered.objects.get(pk=item.proposal["offered"])
    offered.agree(one, actor("gul"), "The publisher confirms it by telephone.")
    assert offered.put_in_force(one, actor("gul")).version.removed == 37


FAULTS = {
    "server error": {"status": 503},
    "not found": {"status": 404},
    "cut short": {"cut": 20},
    "cut short without a length": {"cut": 20, "chunked": True},
    "too large": {"body": b"x" * 200_000},
    "too large without a length": {"body": b"x" * 200_000, "chunked": True},
    "empty": {"body": b""},
    "an error page": {"body": b"<html><body>Please try later</body></html>"},
    "a list of nobody": {"body": un_list(1)},
    "redirected to http elsewhere": {"redirect": "http://lists.example/un.xml"},
    "redirected to a file": {"redirect": "file:///etc/passwd"},
    "too slow": {"slow": 3.0},
}


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS.keys())
def test_whatever_fails_the_version_in_force_stays(state, publisher, fault):
    state.body = un_list(1, 1, 2)
    update(publisher, actor())
    kept = (folder(publisher) / "consolidated.xml").read_bytes()
    state.body = un_list(2, 2, 3)
    for name, value in FAULTS[fault].items():
        setattr(state, name, value)
    with pytest.raises((CannotFetch, BadInput)) as caught:
        update(publisher, actor())
    assert "\n" not in str(caught.value)
    assert Version.objects.count() == 1
    assert Entity.objects.filter(current=True).count() == 2
    assert (folder(publisher) / "consolidated.xml").read_bytes() == kept
    assert not (folder(publisher) / "new").exists()


def test_nobody_there(publisher):
    gone = replace(publisher, files=(("http://127.0.0.1:9/list.xml", "consolidated.xml"),))
    with pytest.raises(CannotFetch, match="refused"):
        update(gone, actor())


def test_only_https_is_fetched(publisher):
    with pytest.raises(CannotFetch, match="https"):
        update(replace(publisher, files=(("http://lists.example/un.xml", "consolidated.xml"),)), actor())


def test_the_registered_addresses_are_https_and_their_formats_known():
    from baham.formats import by_name

    for publisher in PUBLISHERS:
        assert by_name(publisher.source.format)
        assert all(url.startswith("https://") for url, _ in publisher.files)
