"""Who gives to whom: counted both ways, with who stands behind a partner; the figure says what the table says."""

from dataclasses import replace

import pytest

from baham.kernel.claim import Hand
from baham.measures.sharing import flow_map, flows, inbox
from baham.platform.accounts.roles import Role
from baham.platform.release.models import Recall, RecallNotice
from tests.measures.sharing.conftest import claim
from tests.platform.release.test_releases import propose, sign
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db


def test_counted_both_ways_with_who_stands_behind(ledger, other, varand, officers):
    sign(propose(varand, ledger["k-1"]), officers[1])
    relayed = replace(claim("1984", "birthDate"), chain=(Hand("publisher:Darvan Court", "Darvan Court"),))
    inbox.hear(varand, other.releases(claim(), relayed))
    made = Recall.objects.create(ground="error", why="w", made_by="ulvand", deadline="2030-01-01T00:00:00Z")
    RecallNotice.objects.create(recall=made, partner=varand, count=1, answer="done", onward=["Sarhad Post"])
    [flow] = flows.beyond(flows.flows())
    assert (flow.given, flow.taken, flow.waits) == (varand.holdings.count(), 2, 2)
    assert flow.origins == {"Darvan Court": 1} and flow.onward == ("Sarhad Post",)


def test_the_figure_has_every_party_and_number_and_cuts_no_name(ledger, other, varand, officers):
    varand.title = "Ministry of the Interior and of Provincial Affairs of Varand"
    varand.save()
    sign(propose(varand, ledger["k-1"]), officers[1])
    inbox.hear(varand, other.releases(claim()))
    found = flows.beyond(flows.flows())
    figure = flow_map.draw(found, "Our office")
    assert {" ".join(text for _y, text in box.lines) for box in figure.boxes} == {varand.title, "Our office"}
    assert {(line.sort, line.count) for line in figure.lines} == {("given", found[0].given), ("taken", 1)}
    assert all(0 <= box.y and box.y + box.height <= figure.height for box in figure.boxes)


def test_boxes_never_lie_on_each_other(partner):
    for number in range(6):
        partner(f"partner-{number}")
    found = flows.flows()
    for flow in found:
        flow.origins.update({f"Origin {n} of {flow.partner.title}": n + 1 for n in range(3)})
    boxes = flow_map.draw(found, "Our office").boxes
    for one in boxes:
        for two in boxes:
            assert one is two or one.x != two.x or one.y + one.height <= two.y or two.y + two.height <= one.y


def test_the_page(db, partner):
    reader = signed_in(person(Role.AUDITOR, "sangvar"))
    assert "There is no partner yet." in reader.get("/sharing/flows/").content.decode()
    partner("daryab")
    page = reader.get("/sharing/flows/").content.decode()
    assert "<svg" in page and "Daryab" in page.split("The same as a table")[1]
