"""A real Chromium for tests: where it is, how it starts, and what is asked of every page that it opens."""

import gzip
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELL = ROOT / "baham" / "platform" / "shell"
CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",
    "--renderer-process-limit=1",
]
"""Without the network and the screen; and one process draws all pages, where starting one for each took half the time."""
HEAVIEST = 200 * 1024
"""What a first page may weigh, everything compressed (DESIGN §7)."""

LACKING = [
    (not CHROMIUM.exists(), f"no Chromium at {CHROMIUM}"),
    (not (SHELL / "static" / "vendor").is_dir(), "no assets: run `make assets`"),
    (not (SHELL / "locale" / "ur" / "LC_MESSAGES" / "django.mo").exists(), "no .mo files: run `make assets`"),
]
needs_browser = [pytest.mark.browser, *(pytest.mark.skipif(lacks, reason=why) for lacks, why in LACKING)]
"""The marks of a module whose tests drive a browser: `pytestmark = needs_browser`."""

TWO_WAYS = pytest.mark.parametrize(
    ("language", "javascript"), [("en", True), ("ur", False)], ids=["en-js", "ur-nojs"], indirect=True
)
"""Each language and each way once, not all four together: a journey takes as long as a person's."""

OTHER_TWO = pytest.mark.parametrize(
    ("language", "javascript"), [("en", False), ("ur", True)], ids=["en-nojs", "ur-js"], indirect=True
)
"""The other two, so that journeys over the same pages see all four between them."""


def launch(playwright: object) -> object:
    """Start Chromium, asking nothing of the world."""
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)


class Watch:
    """What a page did that it should not: faults said to the console, and requests that left the house."""

    def __init__(self, page: object, address: str) -> None:
        self.faults: list[str] = []
        self._address = address
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._heard)
        page.on("request", self._asked)

    def _heard(self, said: object) -> None:
        # Chromium says it aloud when a form is refused with 400; the status is looked at where the form is sent.
        if said.type == "error" and "status of 4" not in said.text:
            self.faults.append(f"console: {said.text}")

    def _asked(self, request: object) -> None:
        if not request.url.startswith((self._address, "data:", "blob:")):
            self.faults.append(f"asked {urlsplit(request.url).netloc or request.url[:60]}")


def serious(page: object) -> list[str]:
    """What axe-core finds serious or critical on the page. It runs beside the page, whose own policy stays."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "axe looked at nothing"
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def sideways(page: object, width: int = 320) -> int:
    """By how many pixels the page is wider than a window of this width."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": before["height"]})
    over = page.evaluate("document.documentElement.scrollWidth") - width
    page.set_viewport_size(before)
    return over


class Scales:
    """Weighs a page with its style, scripts and fonts, each compressed; what pages share is weighed once."""

    _WEIGHED = (".css", ".js", ".woff2")

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def weigh(self, page: object, html: bytes) -> int:
        """The bytes of a first visit."""
        loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        parts = {url for url in loaded if urlsplit(url).path.endswith(self._WEIGHED)}
        assert any(url.endswith(".css") for url in parts), "the page came without its style"
        return _compressed(html) + sum(map(self._part, parts))

    def _part(self, url: str) -> int:
        if url not in self._known:
            with urlopen(url) as answer:
                self._known[url] = _compressed(answer.read())
        return self._known[url]


def _compressed(data: bytes) -> int:
    """The size with gzip; what is compressed already does not grow by it."""
    return min(len(gzip.compress(data, 6)), len(data))


def until(true: Callable[[], object], seconds: float, what: str, pause: Callable[[float], None]) -> None:
    """Look again and again until it is true, at most so long; `pause` waits between two looks."""
    spent = 0.0
    while not true():
        assert spent < seconds, f"{what}: not within {seconds} s"
        pause(0.1)
        spent += 0.1
