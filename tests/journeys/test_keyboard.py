"""The whole work by keyboard: with the keys where there is JavaScript, with Tab, Space and Enter where there is none."""

import pytest

from tests.journeys.decisions import REASON, propose
from tests.journeys.house import ANALYST, REVIEWER
from tests.support.browser import needs_browser

pytestmark = needs_browser

FAR = 400
_HERE = "document.activeElement"


@pytest.fixture
def matter(at_desk) -> str:
    return propose(at_desk, ANALYST)


@pytest.mark.parametrize("javascript", [True], ids=["js"], indirect=True)
def test_the_work_list_and_a_matter_by_their_keys(at_desk, matter):
    desk = at_desk(REVIEWER)
    desk.open("/review/")
    keys, page = desk.page.keyboard, desk.page
    addresses = [link.get_attribute("href") for link in desk.find("[data-keys-list] tbody tr a").all()]
    at = f"{_HERE}.querySelector('a[href]')?.getAttribute('href')"
    keys.press("j")
    assert page.evaluate(at) == addresses[0], "the first J goes to the first row"
    for _ in range(addresses.index(matter)):
        keys.press("j")
    assert page.evaluate(at) == matter
    keys.press("k")
    assert page.evaluate(at) == addresses[max(addresses.index(matter) - 1, 0)]
    if addresses.index(matter):
        keys.press("j")
    assert desk.find("tr[aria-current=true]").count() == 1
    desk.go(lambda: keys.press("Enter"))
    assert desk.path == matter

    keys.press("1")
    keys.press("2")
    assert desk.find("input[data-choice='2']").is_checked()
    assert page.evaluate(f"{_HERE}.value") == "different"
    keys.press("r")
    assert page.evaluate(f"{_HERE}.name") == "reason"
    keys.type(REASON + " 1 2 3 jk?")
    assert desk.find("input[data-choice='2']").is_checked(), "letters and digits in a field are text"
    desk.go(lambda: keys.press("Control+Enter"))
    desk.open(matter)
    assert desk.heading == f"{desk.say('Decided:')} {desk.say('Not the same')}"


@pytest.mark.parametrize("javascript", [True], ids=["js"], indirect=True)
def test_no_key_decides_alone(at_desk, matter):
    desk = at_desk(REVIEWER)
    desk.open(matter)
    for key in ("1", "Control+Enter", "r", "Control+Enter"):
        desk.page.keyboard.press(key)
    desk.open(matter)
    assert desk.find("#decide h2").inner_text() == desk.say("Decide")


@pytest.mark.parametrize("javascript", [False], ids=["nojs"], indirect=True)
def test_a_decision_by_tab_space_and_enter(at_desk, matter):
    desk = at_desk(REVIEWER)
    desk.open("/review/")
    keys = desk.page.keyboard
    _tab_to(desk, f'main a[href="{matter}"]')
    desk.go(lambda: keys.press("Enter"))
    _tab_to(desk, "input[data-choice='1']")
    keys.press("Space")
    keys.press("ArrowDown")
    assert desk.find("input[data-choice='2']").is_checked()
    _tab_to(desk, "#why")
    keys.type(REASON)
    _tab_to(desk, "#decide button.btn-primary")
    desk.go(lambda: keys.press("Enter"))
    desk.open(matter)
    assert desk.heading == f"{desk.say('Decided:')} {desk.say('Not the same')}"


def _tab_to(desk, selector: str) -> None:
    """Tab until the element has the focus, as far as it takes; the focus is shown."""
    wanted = desk.find(f"{selector}:focus")
    for _ in range(FAR):
        desk.page.keyboard.press("Tab")
        if wanted.count():
            return
    raise AssertionError(f"Tab never reaches {selector}")
