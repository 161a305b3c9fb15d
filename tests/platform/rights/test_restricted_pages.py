"""S-12: no page shows a restricted record, but for redress and oversight: every link that people can follow is followed."""

import re
from collections import deque

import pytest

from baham.platform.accounts.models import User
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity
from baham.platform.ledger.standing import restrict
from baham.platform.release import releases
from baham.platform.review.models import Item
from baham.platform.review.services import decide, propose
from baham.platform.screening import index
from tests.platform.release.conftest import *  # noqa: F403
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."
VALUES = ("Zarghun Talband", "زرغون تلبند", "61-0447-2215", "6104472215", "Tor Baz")
MOST = 400
HREF = re.compile(r'href="([^"#]*)')
WHERE_IT_IS_DECIDED = re.compile(r"^/review/|^/$|^/entity/\d+/restrict/")
"""The work list and its open matters, and the page on which it is lifted, say whom they are about."""


@pytest.fixture
def world(ledger, agency, officers) -> Entity:
    """A record with a past: released to a partner, found in a screening, and the hit decided by two people."""
    index.build()
    one = ledger["k-1"]
    sent = releases.put_forward(Actor("ulvand"), agency, [one], purpose="analysis", case="C-1", note="")
    for name in ("noor", "ulvand"):
        sent.refresh_from_db()
        if not sent.matter.outcome:
            try:
                decide(sent.matter, User.objects.get(username=name), Actor(name), "send", WHY)
            except ValueError:
                continue
    hit = propose(
        "match", "", proposed_by=Actor("engine"), proposal={"name": "Zarghun Talband"}, evidence=[], entity=one
    )
    decide(hit, officers[1], Actor("noor"), "different", WHY)
    restrict(one, actor(), WHY, agreed_by="oversight")
    return one


def walk(client) -> dict[str, str]:
    """Every page that is reached from the first one, by its address."""
    seen: dict[str, str] = {}
    waiting = deque(["/", "/search/?q=zarghun", "/sources/home-dept/1/?kind=added", "/review/?show=decided"])
    waiting.extend(f"/entity/{pk}/" for pk in Entity.objects.values_list("pk", flat=True))
    waiting.extend(f"/review/{pk}/" for pk in Item.objects.values_list("pk", flat=True))
    while waiting and len(seen) < MOST:
        address = waiting.popleft().replace("&amp;", "&")
        if (
            address in seen
            or not address.startswith("/")
            or address.startswith(("/static/", "/accounts/logout", "/jsi18n"))
        ):
            continue
        answer = client.get(address, follow=False)
        text = "" if answer.streaming or "html" not in answer.get("Content-Type", "") else answer.content.decode()
        seen[address] = text if answer.status_code == 200 else ""
        here = address.partition("?")[0]
        waiting.extend(here + link if link.startswith("?") else link for link in HREF.findall(text))
    assert len(seen) < MOST, "the walk has an end"
    return seen


@pytest.mark.parametrize("role", [Role.ANALYST, Role.REVIEWER, Role.LIST_OFFICER, Role.RELEASE_OFFICER])
def test_no_page_that_can_be_reached_shows_it(world, role):
    pages = walk(signed_in(person(role, f"another-{role.value}")))
    assert len(pages) > 25 and any("Mirwais Khorvash" in text for text in pages.values()), "the walk sees records"
    showing = {address for address, text in pages.items() if any(value in text for value in VALUES)}
    assert {one for one in showing if not WHERE_IT_IS_DECIDED.search(one)} == set()
    decided = [f"/review/{item.pk}/" for item in Item.objects.exclude(outcome="").filter(entity=world)]
    assert decided and not set(decided) & showing


def test_before_it_was_restricted_those_pages_showed_it(ledger, agency, officers):
    """The walk would see it: the same pages, the same people, and no restriction."""
    pages = walk(signed_in(person(Role.ANALYST, "another-analyst")))
    assert any("Zarghun Talband" in text for address, text in pages.items() if address.startswith("/sources/"))
