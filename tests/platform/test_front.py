"""The front: bodies are taken in before a thread sees them, not slower than a least rate, and of nobody unknown."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import ExitStack

import pytest

from baham.platform.front import Front, Room, environ_of
from tests.journeys.house import _free_port
from tests.support.browser import ROOT

KNOWN = (b"authorization", b"yes")


def scope(path="/api/x", headers=(), method="POST"):
    return {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"a=%D8%A7",
        "http_version": "1.1",
        "scheme": "http",
        "headers": list(headers),
        "client": ("192.0.2.7", 9),
        "server": ("here", 80),
    }


def echo(environ, start):
    start("200 OK", [("X-Length", environ.get("CONTENT_LENGTH") or "none")])
    return [environ["wsgi.input"].read() if "wsgi.input" in environ else b""]


def front(patience=5.0, least_rate=1024, largest=1000):
    room = Room((), 2, lambda environ: "HTTP_AUTHORIZATION" in environ, largest, stranger=4)
    return Front(echo, [room], patience, least_rate)


def ask(app, parts, headers=(), **more):
    """(status, body) of a request whose body comes in `parts`; an exhausted body is never answered by the network."""
    sent, left = [], list(parts)

    async def receive():
        if not left:
            await asyncio.Event().wait()
        block = left.pop(0)
        if block is None:
            return {"type": "http.disconnect"}
        last = block.endswith(b"$") or (bool(left) is False and more.get("whole", True))
        return {"type": "http.request", "body": block, "more_body": not last}

    async def send(message):
        sent.append(message)

    size = sum(len(part or b"") for part in parts)
    asyncio.run(
        app(scope(headers=[(b"content-length", str(more.get("size", size)).encode()), *headers]), receive, send)
    )
    if not sent:
        return None
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


def test_a_body_of_somebody_known_arrives_whole():
    assert ask(front(), [b"one ", b"two ", b"three"], [KNOWN]) == (200, b"one two three")


def test_a_strangers_body_is_passed_over_and_the_door_still_answers():
    assert ask(front(), [b"x" * 900, b"y"]) == (200, b"")
    assert ask(front(), [b"abcd"]) == (200, b"abcd"), "what a stranger may send"


def test_a_body_above_the_limit_is_refused_in_one_line():
    status, said = ask(front(), [b"x" * 900, b"y" * 900], [KNOWN])
    assert status == 413 and "1,000" in json.loads(said)["detail"]


def test_a_body_that_stops_coming_is_ended():
    status, said = ask(front(patience=0.05), [b"x"], [KNOWN], whole=False, size=500)
    assert status == 408 and "too slowly" in json.loads(said)["detail"]


def test_nothing_is_answered_to_who_has_hung_up():
    assert ask(front(), [b"x", None], [KNOWN], size=500) is None


def test_headers_that_would_pass_for_others_do_not():
    made = environ_of(scope(headers=[(b"x_forwarded_for", b"1.2.3.4"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]))
    assert "HTTP_X_FORWARDED_FOR" not in made
    assert made["HTTP_COOKIE"] == "a=1;b=2"
    assert made["REMOTE_ADDR"] == "192.0.2.7"


@pytest.fixture(scope="module")
def port(begin, tmp_path_factory):
    home, chosen = begin(tmp_path_factory.mktemp("served") / "home"), _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BAHAM_", "DJANGO_"))}
    server = subprocess.Popen(
        [sys.executable, "-m", "baham", "serve", "--port", str(chosen)],
        env={**kept, "BAHAM_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert server.poll() is None
            try:
                if got(chosen, "/healthz").startswith(b"HTTP/1.1 200"):
                    break
            except OSError:
                time.sleep(0.2)
        yield chosen
    finally:
        server.terminate()
        server.wait(20)


def got(port, path):
    """The answer to a question of our own, within a generous bound."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        found = b""
        while block := line.recv(1 << 16):
            found += block
        return found


DOORS = ("/yente/match/default", "/api/monitoring/subjects", "/exchange/deliver", "/taxii2/", "/accounts/login/")


def test_fifty_slow_bodies_stop_nobody(port):
    with ExitStack() as open_lines:
        slow = []
        for number in range(50):
            line = open_lines.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.sendall(
                f"POST {DOORS[number % len(DOORS)]} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                "Content-Length: 100000\r\n\r\n{".encode()
            )
            slow.append(line)
        for path, expected in (("/healthz", b" 200 "), ("/accounts/login/", b" 200 "), ("/yente/healthz", b" 200 ")):
            for _ in range(5):
                assert expected in got(port, path)[:40], path
        # They were open all the while: none has been answered or dropped.
        for line in slow[:5]:
            line.setblocking(False)
            with pytest.raises(BlockingIOError):
                line.recv(1)


@pytest.mark.parametrize("door", DOORS[:4])
def test_whoever_has_no_key_hears_so_and_nothing_of_the_body_is_kept(port, door):
    body = b"x" * 300_000
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(
            f"POST {door} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        assert line.recv(1 << 16).startswith(b"HTTP/1.1 401")
