"""The one way out: which addresses are asked, by name, after DNS, and where a redirect leads."""

import socket
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.error import URLError

import pytest

from baham.platform import outbound


@pytest.mark.parametrize(
    "url",
    [
        "http://lists.example/x",
        "ftp://lists.example/x",
        "https://a:b@lists.example/",
        "https://lists.example/a b",
        "https://lists.example/\n",
        "https://",
        "",
        "file:///etc/passwd",
        "http://127.0.0.1@lists.example/",
        "https://①②⑦.⓪.⓪.①/",
        "https://lists.exämple/",
        f"https://{'a' * 64}.example/",
        "https://ex%00ample.org/",
        "https://a..example/",
    ],
)
def test_an_address_that_is_not_asked(url):
    with pytest.raises(outbound.NotAllowed):
        outbound.check(url)


@pytest.mark.parametrize(
    "where",
    [
        "10.1.2.3",
        "192.168.0.9",
        "172.16.5.5",
        "169.254.169.254",
        "fe80::1%eth0",
        "fd00::1",
        "0.0.0.0",
        "224.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "100.64.0.1",
        "::7f00:1",
        "64:ff9b:1::7f00:1",
        "fec0::1",
        "2606:4700::5efe:7f00:1",
        "127.0.0.1",
        "::1",
    ],
)
def test_addresses_that_are_not_of_the_open_internet(where):
    assert not outbound.allowed(where, home=False)


def test_the_open_internet_and_this_machine_where_it_was_named():
    assert outbound.allowed("1.1.1.1", home=False)
    assert outbound.allowed("2606:4700::1111", home=False)
    outbound.check("https://lists.example./x")
    outbound.check("https://xn--exmple-cua.example:8443/x")
    outbound.check("http://[::1]:8000/")
    assert outbound.allowed("127.0.0.1", home=True)
    assert not outbound.allowed("169.254.169.254", home=True)


def test_a_private_network_that_the_operator_names(monkeypatch):
    monkeypatch.setenv("BAHAM_PRIVATE_NETWORKS", "10.20.0.0/16, fd00::/8")
    assert outbound.allowed("10.20.1.1", home=False) and outbound.allowed("fd00::7", home=False)
    assert not outbound.allowed("10.21.1.1", home=False)


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch):
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 443))]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: inside)
    with pytest.raises(URLError, match="not an address of the open internet"):
        outbound.opener("https://lists.example/").open("https://lists.example/", timeout=3)


@pytest.mark.parametrize("target", ["http://lists.example/", "https://10.0.0.1/", "https://127.1.1.1@x.example/"])
def test_a_redirect_obeys_the_same_rule(target):
    class Sends(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(302)
            self.send_header("Location", target)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Sends)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/"
        with pytest.raises((URLError, outbound.NotAllowed)):
            outbound.opener(url, redirects=True).open(url, timeout=3)
    finally:
        server.shutdown()
        server.server_close()
