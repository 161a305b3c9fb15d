"""The one way out to other machines: which addresses are asked, and where a redirect may lead.

https, or http on this machine. This machine is reached only where the address that was given names it; never, by name,
redirect or DNS, an address that is private, link-local (where clouds keep their metadata) or otherwise not of the open
internet, unless `BAHAM_PRIVATE_NETWORKS` names its network. What is resolved is what is connected to: an address is
judged when the connection is made, so a name that resolves to something else the second time gains nothing.
"""

import http.client
import re
import socket
import ssl
import urllib.request
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from baham.platform import environment

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NAT64 = ip_network("64:ff9b::/96")
_TRANSLATED = [ip_network(one) for one in ("::/96", "64:ff9b:1::/48", "fec0::/10")]
"""IPv4 in disguise as an operator's own translator reads it, and what is of a site alone: none of the open internet."""
_MACHINE = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?|[0-9a-f:.]+(?:%\w+)?")


class NotAllowed(OSError):
    """The address is not asked. The text is one line."""


def check(url: str) -> None:
    """Whether an address may be asked at all, as far as its text says. Raises NotAllowed."""
    if any(sign.isspace() or not sign.isprintable() for sign in url):
        raise NotAllowed(f"{url!r}: an address has no blanks")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise NotAllowed(f"{url}: not an address ({error})") from error
    if "@" in parts.netloc:
        raise NotAllowed(f"{parts.hostname}: an address names no user and no password")
    if not host:
        raise NotAllowed(f"{url or 'the address'}: names no machine")
    if not _MACHINE.fullmatch(host):
        raise NotAllowed(f"{url}: a machine is named in letters from a to z and digits (a name in others as xn--…)")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK):
        raise NotAllowed(f"{url}: only https is used")


def opener(url: str, *, redirects: bool = False) -> urllib.request.OpenerDirector:
    """What asks `url`, and follows redirects of it or none. Raises NotAllowed."""
    check(url)
    home = urlsplit(url).hostname in _LOOPBACK
    return urllib.request.build_opener(_Http(home), _Https(home), _Redirects() if redirects else _NoRedirects())


class _Redirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        try:
            check(newurl)
        except NotAllowed:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A secret or a letter is for the address that was asked and for no other."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


class _Http(urllib.request.HTTPHandler):
    def __init__(self, home: bool) -> None:
        super().__init__()
        self.home = home

    def http_open(self, req: Any) -> Any:
        return self.do_open(lambda host, **more: _guarded(http.client.HTTPConnection(host, **more), self.home), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, home: bool) -> None:
        super().__init__()
        self.home, self.tls = home, ssl.create_default_context()

    def https_open(self, req: Any) -> Any:
        def made(host: str, **more: Any) -> Any:
            return _guarded(http.client.HTTPSConnection(host, context=self.tls, **more), self.home)

        return self.do_open(made, req)


def _guarded(connection: Any, home: bool) -> Any:
    """A connection that looks at every address before it goes there."""

    def connect(address: tuple[str, int], timeout: Any = None, source_address: Any = None) -> socket.socket:
        host, port = address
        fault: OSError = NotAllowed(f"{host}: has no address")
        proxies = {urlsplit(one).hostname for one in urllib.request.getproxies().values()}
        for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            where = str(found[4][0])
            if host not in proxies and not allowed(where, home):
                fault = NotAllowed(f"{host}: {where} is not an address of the open internet")
                continue
            try:
                return socket.create_connection((where, port), timeout, source_address)
            except OSError as error:
                fault = error
        raise fault

    connection._create_connection = connect
    return connection


def _is_disguised(address: IPv4Address | IPv6Address) -> bool:
    """Whether an IPv4 address is in it for a translator near by, also after RFC 5214, section 6.1 (ISATAP)."""
    isatap = address.version == 6 and (int(address) >> 32) & 0xFCFFFFFF == 0x00005EFE
    return isatap or any(address in one for one in _TRANSLATED)


def allowed(where: str, home: bool) -> bool:
    """Whether an address that a name resolved to may be asked; `home` where this machine was named from the first."""
    address: IPv4Address | IPv6Address = ip_address(where.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            address = address.ipv4_mapped
        elif address in _NAT64:
            address = IPv4Address(int(address) & 0xFFFFFFFF)
        elif address.sixtofour:
            address = address.sixtofour
    if address.is_loopback:
        return home
    if any(address in ip_network(one) for one in environment.private_networks()):
        return True
    return address.is_global and not address.is_multicast and not _is_disguised(address)
