"""The pages of the demonstration world, asked of the console as it serves that home."""

import json
import subprocess
import sys

import pytest

from baham.demo.geography import PLACES, PROVINCES
from tests.demo.conftest import ROOT, environment

ASK = """
import json, re, sys
from baham.platform.boot import boot
boot(migrate=False)
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
PBKDF2PasswordHasher.iterations = 1_000  # signing in would renew each hash, a second apiece
settings.ALLOWED_HOSTS.append("testserver")
users, pages = json.loads(sys.stdin.read())
found = {"demo": settings.DEMO, "mfa": settings.REQUIRE_MFA, "urls": settings.ROOT_URLCONF}
found |= {"signed_in": {}, "pages": {}}
found["login"] = Client().get("/accounts/login/").content.decode()
for name, password in users.items():
    client = Client()
    answer = client.post("/accounts/login/", {"login": name, "password": password})
    found["signed_in"][name] = client.get("/").status_code
    if name == "noor":
        session = client.session
        session["purpose"] = {"code": "screening", "case": "case 1"}
        session.save()
        for language in ("en", "ur", "ps"):
            client.cookies["baham_language"] = language
            for page in pages:
                answer = client.get(page, follow=True)
                found["pages"][f"{language} {page}"] = [answer.status_code, answer.content.decode()]
print(json.dumps(found))
"""
PAGES = [
    "/",
    "/review/",
    "/review/?show=decided",
    "/sources/",
    "/sources/national/",
    "/sources/national/3/",
    "/world/",
    "/sharing/",
    "/sharing/partners/varand/",
    "/sharing/inbox/varand/",
    "/sharing/recalls/1/",
]


@pytest.fixture(scope="module")
def found(world):
    (entity,) = world.rows("SELECT id FROM ledger_entity WHERE key = 'K-0418'")[0]
    matters = [f"/review/{pk}/" for (pk,) in world.rows("SELECT id FROM review_item")]
    given = json.dumps([world.users, [*PAGES, f"/entity/{entity}/", *matters]])
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment(world.home), input=given, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_a_home_with_the_world_is_served_as_fictional_without_being_told(found):
    assert found["demo"] is True
    assert found["mfa"] is False
    assert found["urls"] == "baham.demo.urls"


def test_everybody_signs_in(found, world):
    assert found["signed_in"] == dict.fromkeys(world.users, 200)


def test_every_page_opens_and_says_that_it_is_fictional(found):
    assert 'class="fiction"' in found["login"]
    for page, (status, text) in found["pages"].items():
        assert status == 200, page
        assert 'class="fiction"' in text, page


def test_the_world_page_has_its_map_and_the_same_facts_in_tables(found, world):
    text = found["pages"]["en /world/"][1]
    picture = text[text.index("<svg viewBox") : text.index("</figure>")]
    assert "style=" not in text
    assert picture.count('class="province"') == len(PROVINCES)
    tables = text.replace(picture, "")
    for thing in (*PLACES, *PROVINCES):
        assert thing.name in tables
    for username, password in world.users.items():
        assert username in tables
        assert password not in text


def test_the_world_page_speaks_the_readers_names(found):
    assert "کوہسار" in found["pages"]["ur /world/"][1]
    assert "بندرِ دریاب" in found["pages"]["ps /world/"][1]


def test_the_talband_record_is_alive(found):
    page = next(text for address, (_, text) in found["pages"].items() if address.startswith("en /entity/"))
    for part in ("Zarghoon Talbund", "زرغون تلبند", "disputed", "Same office was right in 14 of 16", "Kohsar CTD"):
        assert part in page, part


def test_elsewhere_there_is_no_such_page():
    from django.conf import settings

    assert settings.DEMO is False
    assert "baham.demo" not in settings.INSTALLED_APPS
    assert settings.ROOT_URLCONF == "baham.platform.urls"
