"""The frame around every page: language and direction, the menu a person may see, headers, and what errors say."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from baham.platform.shell.context import Console, console
from baham.platform.shell.middleware import POLICY

from .conftest import TEMPLATES, Officer, ask, needs_languages


@needs_languages
@pytest.mark.parametrize(
    ("language", "direction", "sheet"),
    [
        ("en", "ltr", "bootstrap.min.css"),
        ("ur", "rtl", "bootstrap.rtl.min.css"),
        ("ps", "rtl", "bootstrap.rtl.min.css"),
    ],
)
def test_language_and_direction(language, direction, sheet):
    with translation.override(language):
        for name in ("base.html", "500.html"):
            page = render_to_string(name, request=ask())
            assert f'<html lang="{language}" dir="{direction}"' in page
            assert f"vendor/{sheet}" in page


def test_the_frame_has_its_parts():
    page = render_to_string("base.html", request=ask(user=Officer("record.read")))
    assert 'class="skip" href="#main"' in page and 'id="main"' in page
    assert "Demonstration world" in page
    assert page.count("print-mark") == 2
    assert 'action="/search/"' in page and 'name="q"' in page and 'href="/purpose/"' in page
    assert 'action="/language/setlang/"' in page and page.count('name="language"') == 3
    assert "S. Noor &lt;desk&gt;" in page and "<desk>" not in page
    assert 'data-density="dense"' in page


def test_no_banner_outside_the_demonstration(settings):
    settings.DEMO = False
    assert "Demonstration" not in render_to_string("base.html", request=ask())


def test_a_search_is_shown_again_and_escaped():
    page = render_to_string("base.html", request=ask('/search/?q="><script>', Officer("record.read")))
    assert 'value="&quot;&gt;&lt;script&gt;"' in page


def test_the_menu_shows_rooms_that_exist_and_that_one_may_enter():
    names = [item.url for item in Console(ask("/review/", Officer("review.see", "record.read"))).nav]
    assert names == ["/", "/review/", "/search/", "/about/"]  # audit has no address here; screen and sources no leave
    current = [item.url for item in Console(ask("/review/", Officer("review.see"))).nav if item.current]
    assert current == ["/review/"]


def test_somebody_not_signed_in_sees_only_what_is_for_everybody():
    assert [item.url for item in Console(ask()).nav] == ["/about/"]


def test_the_context_asks_the_user_nothing_by_itself():
    class Untouched:
        def __getattr__(self, name):
            raise AssertionError(f"the user was asked for {name}")

    assert console(ask(user=Untouched()))["console"].demo is True


def test_the_purpose_is_said():
    request = ask(user=Officer())
    request.purpose = "Screening, case <1>"
    assert "<bdi>Screening, case &lt;1&gt;</bdi>" in render_to_string("base.html", request=request)


@pytest.mark.django_db
def test_headers_of_a_page():
    answer = Client().get("/about/")
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
    assert answer["Cache-Control"] == "no-store"
    assert "camera=()" in answer["Permissions-Policy"]


@pytest.mark.django_db
def test_errors_say_what_to_do(caplog):
    client = Client(raise_request_exception=False)
    refused = client.get("/refused/")
    assert refused.status_code == 403 and "the purpose “border” does not cover this record" in refused.text
    assert refused["Content-Security-Policy"] == POLICY
    assert "There is nothing at this address" in client.get("/nothing/").text
    failed = client.get("/failed/")
    assert failed.status_code == 500 and "it is not your fault" in failed.text and "a fault made" not in failed.text
    forged = Client(enforce_csrf_checks=True).post("/language/setlang/", {"language": "ur"})
    assert forged.status_code == 403 and "open for too long" in forged.text


def test_500_and_400_need_no_database_and_no_context():
    for name in ("500.html", "400.html"):
        assert "console" not in (TEMPLATES / name).read_text()
        assert "<h1>" in render_to_string(name)


def test_403_sends_somebody_without_a_purpose_to_choose_one():
    assert 'href="/purpose/"' in render_to_string("403.html", {"exception": ""}, ask(user=Officer()))


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_no_script_or_style_is_written_into_a_template(path):
    text = path.read_text()
    assert not re.search(r"<style|\sstyle\s*=|javascript:", text)
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", text)
    for attributes in re.findall(r"<script([^>]*)>", text):
        assert "src=" in attributes or 'type="application/json"' in attributes
    assert len(text.splitlines()) <= 500
    assert "|safe" not in text and "autoescape" not in text


@pytest.mark.django_db
def test_a_chain_opens_as_a_row_and_as_a_page():
    row = Client().get("/about/chain/", headers={"HX-Request": "true"}).text
    assert row.startswith('<tr class="chain-row"><td colspan="4">') and "<html" not in row
    page = Client().get("/about/chain/").text
    assert "<html" in page and "Said by" in page and "Received by" in page
