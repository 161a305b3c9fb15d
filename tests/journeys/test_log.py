"""The auditor reads the log and examines it; nobody else does."""

from tests.journeys.house import ANALYST, AUDITOR
from tests.support.browser import OTHER_TWO, TWO_WAYS, needs_browser

pytestmark = needs_browser


@OTHER_TWO
def test_the_auditor_sees_and_examines_the_log(at_desk, house):
    desk = at_desk(AUDITOR)
    desk.open("/")
    desk.follow("Audit")
    rows = desk.find("main tbody tr")
    assert rows.count() == 50
    desk.labelled("Who").fill("barvand")
    desk.labelled("Kind").select_option("collection")
    desk.press("Show")
    assert rows.count() >= 7
    assert {row.locator("td").nth(1).inner_text() for row in rows.all()} == {"barvand"}
    assert desk.labelled("Who").input_value() == "barvand"
    desk.press("Examine now")
    assert desk.path == "/audit/verify/"
    assert desk.find("main [role=alert]").count() == 0
    assert "baham" in desk.find("main pre").inner_text().lower()


@TWO_WAYS
def test_nobody_else_sees_it(at_desk):
    desk = at_desk(ANALYST)
    desk.open("/audit/", status=403)
    assert desk.link("Audit").count() == 0
    assert desk.says("That is a rule, not a fault. What can be done about it:")
