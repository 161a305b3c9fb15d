"""With what a partner is known here can be renewed and revoked, on its page and by command, and the old opens nothing."""

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import RequestFactory

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.release.partners import PartnerRefused, add_key, add_partner, partner_of, signing_keys
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."


@pytest.fixture
def known():
    """A partner with its secret, and a key that it signs with."""
    partner, secret = add_partner(actor(), "daryab", "Daryab", "agency", reason=WHY)
    public = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    return partner, secret, add_key(actor(), partner, "sign", base64.b64encode(public).decode())


@pytest.fixture
def officer():
    return signed_in(person(Role.RELEASE_OFFICER))


def opens(secret: str) -> bool:
    login = base64.b64encode(f"daryab:{secret}".encode()).decode()
    try:
        return partner_of(RequestFactory().get("/", HTTP_AUTHORIZATION=f"Basic {login}")).name == "daryab"
    except PartnerRefused:
        return False


def test_another_secret_is_shown_once_and_the_old_one_opens_nothing(known, officer):
    _partner, old, _key = known
    assert opens(old)
    page = officer.post("/sharing/partners/daryab/trust/", {"reason": WHY}).content.decode()
    new = re.search(r'id="secret">([^<]+)<', page)[1]
    assert opens(new) and not opens(old)
    assert new not in officer.get("/sharing/partners/daryab/").content.decode()
    assert Entry.objects.filter(title="Daryab", act="renewed a secret").exists()


def test_a_key_that_is_revoked_signs_nothing_any_more(known, officer):
    partner, _secret, key = known
    assert list(signing_keys(partner)) == [key.key_id]
    answer = officer.post("/sharing/partners/daryab/trust/", {"key": key.key_id, "reason": WHY})
    assert answer.url == "/sharing/partners/daryab/" and signing_keys(partner) == {}
    again = officer.post("/sharing/partners/daryab/trust/", {"key": key.key_id, "reason": WHY})
    assert again.status_code == 400 and "revoked before" in again.content.decode()


@pytest.mark.parametrize("given", [{"reason": "so"}, {"key": "none", "reason": WHY}, {}])
def test_what_cannot_be_done_is_told_and_changes_nothing(known, officer, given):
    partner, secret, _key = known
    answer = officer.post("/sharing/partners/daryab/trust/", given)
    assert answer.status_code == 400 and "Nothing was recorded." in answer.content.decode()
    assert opens(secret) and len(signing_keys(partner)) == 1


def test_only_who_manages_partners_is_offered_it(known):
    reader = signed_in(person(Role.REVIEWER)).get("/sharing/partners/daryab/").content.decode()
    manager = signed_in(person(Role.RELEASE_OFFICER)).get("/sharing/partners/daryab/").content.decode()
    assert "/trust/" not in reader and manager.count("/trust/") == 2
