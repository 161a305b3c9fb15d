"""Addresses and forms that no page makes: answered with an error that says so, never with a fault."""

import pytest

from baham.platform.accounts.roles import Role
from tests.support.lists import load_rows
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
HUGE = "9" * 40


@pytest.mark.parametrize(
    "address",
    [
        f"/search/?q=talband&after={HUGE}",
        "/search/?q=talband&after=-1",
        "/search/?q=" + "%00",
        "/search/?q=" + "a" * 5000,
        f"/entity/{HUGE}/",
        "/entity/1/?on=0000-00-00",
        "/entity/1/?on=" + HUGE,
        f"/entity/{HUGE}/statement/{'0' * 40}/",
        "/sources/nowhere/",
        f"/sources/home-dept/{HUGE}/",
        "/sources/home-dept/1/?kind=x&page=" + HUGE,
        f"/review/{HUGE}/",
        "/review/?page=x",
        "/review/?sort=x&kind=%00&dataset=%00&verdict=x&mine=7",
        f"/review/letter/{HUGE}/",
        "/review/cleared/?page=" + HUGE,
        f"/review/{HUGE}/?in=page%3D{HUGE}",
        "/sources/home-dept/?page=-3",
    ],
)
def test_a_get(tmp_path, address):
    load_rows(tmp_path)
    assert signed_in(person(Role.REVIEWER)).get(address).status_code in (200, 404)


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("/review/propose/", {"name": "Z", "entity": HUGE}),
        ("/review/propose/", {"entity": "1"}),
        ("/screen/", {}),
        (f"/review/cleared/{HUGE}/withdraw/", {"reason": "x" * 30}),
        (f"/review/{HUGE}/letter/", {"language": "\x00"}),
        ("/screen/", {"name": "\x00"}),
        ("/screen/file/", {}),
        ("/purpose/", {"code": "\x00", "case": "\x00"}),
        (f"/judgement/{HUGE}/retract/", {}),
        ("/entity/1/judge/", {"other": HUGE, "verdict": "same", "reason": "x" * 30}),
    ],
)
def test_a_post(tmp_path, address, given):
    load_rows(tmp_path)
    assert signed_in(person(Role.REVIEWER)).post(address, given).status_code in (400, 403, 404, 409)
