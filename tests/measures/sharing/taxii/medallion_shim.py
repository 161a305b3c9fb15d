"""A pytest plugin that aims medallion's own tests at another server. It runs in their process, not in ours.

medallion's tests talk to a Flask test client. Here that client sends HTTP to the address in TAXII_SHIM_URL, as the
partner in TAXII_SHIM_LOGIN. Nothing of medallion is copied; its checkout is read where it lies.
"""

import base64
import http.client
import json
import os
import sys
import types
from typing import Any
from urllib.parse import urlsplit


def _stand_in(name: str, **attributes: Any) -> None:
    """A package that medallion imports for its own start, and none of these tests needs."""
    try:
        __import__(name)
    except ImportError:
        module = types.ModuleType(name)
        module.__dict__.update(attributes)
        sys.modules[name] = module


_stand_in("environ", config=lambda **_: lambda cls: cls, var=lambda default=None, **_: default)
_stand_in("pkg_resources", iter_entry_points=lambda *_: ())


class Answer:
    """An answer as Flask's test client gives it."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status_code, self.headers, self._body = answer.status, answer.headers, answer.read()
        self.content_type = answer.headers.get("Content-Type")

    @property
    def json(self) -> Any:
        return json.loads(self._body)


class Client:
    """Sends what the tests send, under /taxii2/."""

    def __init__(self) -> None:
        self._host = urlsplit(os.environ["TAXII_SHIM_URL"]).netloc

    def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, data: str | None = None) -> Answer:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        path = path if path.startswith("/taxii2/") else f"/taxii2{path}"
        connection.request(method, path, data.encode() if data else None, headers or {})
        return Answer(connection.getresponse())

    def get(self, path: str, headers: dict[str, str] | None = None, follow_redirects: bool = False) -> Answer:
        return self._ask("GET", path, headers)

    def delete(self, path: str, headers: dict[str, str] | None = None, follow_redirects: bool = False) -> Answer:
        return self._ask("DELETE", path, headers)

    def post(self, path: str, data: str = "", headers: dict[str, str] | None = None) -> Answer:
        return self._ask("POST", path, headers, data)


def pytest_configure(config: object) -> None:
    from medallion.test import base_test

    def set_up(self: Any, start_threads: bool = True) -> None:
        login = "Basic " + base64.b64encode(os.environ["TAXII_SHIM_LOGIN"].encode()).decode()
        media = "application/taxii+json;version=2.1"
        self.client = Client()
        self.headers = {"Accept": media, "Authorization": login}
        self.post_headers = {**self.headers, "Content-Type": media}

    base_test.TaxiiTest.setUp = set_up
    base_test.TaxiiTest.tearDown = lambda self: None
