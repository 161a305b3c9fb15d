"""In a real browser: nothing scrolls sideways at 320 px, axe finds nothing serious, the keys do what they say.

The browser asks no server: each request is answered here, by the view itself and with the headers it would have.
"""

from mimetypes import guess_type
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import resolve
from django.utils import translation

from baham.platform.shell.middleware import ContentSecurity

from .conftest import STATIC, Officer, ask, needs_assets, needs_languages

CHROMIUM = Path("/usr/bin/chromium")
AXE = STATIC.parents[3] / "node_modules" / "axe-core" / "axe.min.js"
ORIGIN = "http://baham.test"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGS += ["--disable-component-update", "--disable-sync"]

pytestmark = [
    pytest.mark.browser,
    needs_assets,
    needs_languages,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no Chromium at {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)
        yield opened
        opened.close()


def _answer(request, language: str) -> HttpResponse:
    path = urlsplit(request.url)
    if path.path.startswith("/static/"):
        file = STATIC / path.path.removeprefix("/static/")
        return HttpResponse(file.read_bytes(), content_type=guess_type(file.name)[0] or "font/woff2")

    def view(asked):
        try:
            match = resolve(path.path)
        except Http404:
            return render(asked, "404.html", status=404)
        return match.func(asked, *match.args, **match.kwargs)

    asked = ask(
        "/about/" if path.path == "/nothing/" else path.path,
        Officer("review.see", "screen.run", "sources.see", "record.read"),
    )
    asked.META.update({f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()})
    with translation.override(language):
        return ContentSecurity(view)(asked)


@pytest.fixture
def visit(browser):
    opened = []

    def go(path: str, language: str = "en", width: int = 1280, scheme: str = "light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        opened.append(context)
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)

        def fulfil(route):
            try:
                answer = _answer(route.request, language)
            except Exception:
                route.abort()  # else the browser would wait for an answer that never comes
                raise
            route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)

        page.route("**/*", fulfil)
        page.goto(ORIGIN + path)
        return page

    yield go
    for context in opened:
        context.close()


@pytest.mark.parametrize("language", ["en", "ur", "ps"])
@pytest.mark.parametrize("path", ["/about/", "/about/chain/", "/nothing/"])
def test_nothing_scrolls_sideways_at_320_pixels(visit, path, language):
    page = visit(path, language, width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: run `npm ci`")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(visit, language, scheme, width):
    page = visit("/about/", language, width=width, scheme=scheme)
    assert page.faults == []
    page.evaluate(AXE.read_text())  # runs beside the page, so the page's own policy stays as it is
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"]
    serious = [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
    assert serious == []


def test_the_keys(visit):
    page = visit("/about/")
    current = "document.querySelector('[aria-current=true][tabindex]').rowIndex"
    page.keyboard.press("j")
    assert page.evaluate(current) == 2
    assert page.evaluate("document.activeElement.rowIndex") == 2
    page.keyboard.press("k")
    assert page.evaluate(current) == 1
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("j")  # a letter, now that a field has focus
    assert page.evaluate("document.activeElement.value") == "j"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.locator("[data-keys-switch]").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate(current) == 1
    assert page.faults == []


def test_a_chain_opens_beneath_its_row_and_closes_again(visit):
    page = visit("/about/")
    mark = page.locator("a.chain-mark").first
    mark.focus()
    mark.press("Enter")
    row = page.locator("tr.chain-row")
    row.wait_for()
    assert row.locator("li").count() == 6
    assert row.locator("td").get_attribute("colspan") == "3"
    assert mark.get_attribute("aria-expanded") == "true"
    assert mark.evaluate("mark => mark === document.activeElement")
    mark.press("Enter")
    assert row.count() == 0
    assert page.faults == []


def test_everything_is_there_without_javascript(browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    def fulfil(route):
        answer = _answer(route.request, "en")
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=answer.content)

    page.route("**/*", fulfil)
    page.goto(f"{ORIGIN}/about/")
    page.locator("a.chain-mark").first.click()
    assert page.url.endswith("/about/chain/")
    assert page.locator(".chain-links > li").count() == 6
    context.close()
