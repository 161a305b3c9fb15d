"""Ten alerts cleared by keyboard alone; the cleared stay silent; one is passed on; a letter is made out and printed."""

import re

import pytest

from tests.journeys.decisions import REASON
from tests.journeys.house import ANALYST, REVIEWER, SECOND_REVIEWER
from tests.support.browser import TWO_WAYS, needs_browser

pytestmark = needs_browser

LIST = "/review/?kind=match&verdict=possible&sort=newest"
NAME = "Zarghun Talband"


def _put(at_desk, count: int, year: int) -> list[str]:
    """So many hits on one name with different birth dates, put before the reviewers as the page's own form does."""
    desk = at_desk(ANALYST)
    desk.screen(NAME, birth_date=f"{year}-01-01")
    entity = desk.find("form[action='/review/propose/'] input[name=entity]").first.input_value()
    token = desk.find("input[name=csrfmiddlewaretoken]").first.input_value()
    paths = []
    for number in range(count):
        asked = {
            "csrfmiddlewaretoken": token,
            "entity": entity,
            "name": NAME,
            "birth_date": f"{year}-02-{number + 1:02}",
        }
        answer = desk.page.request.post(
            f"{desk.house.address}/review/propose/", form=asked, headers={"Referer": desk.page.url}
        )
        assert answer.status == 200 and "/review/" in answer.url, answer.text()[:300]
        paths.append(answer.url.removeprefix(desk.house.address))
    return paths


def _outcome(desk, path: str) -> str:
    return desk.house.row("SELECT outcome FROM review_item WHERE id = ?", int(path.split("/")[2]))[0]


@pytest.mark.parametrize(("language", "javascript"), [("en", True)], ids=["en-js"], indirect=True)
def test_ten_alerts_are_cleared_by_keyboard_alone(at_desk, language):
    year = 1992 if language == "en" else 1993
    paths = _put(at_desk, 10, year)
    desk = at_desk(REVIEWER)
    keys = desk.page.keyboard
    desk.open(LIST)
    keys.press("j")
    desk.go(lambda: keys.press("Enter"))
    seen = []
    for _ in paths:
        seen.append(re.sub(r"\?.*", "", desk.path))
        keys.press("d")
        assert desk.page.evaluate("document.activeElement.name") == "reason"
        keys.insert_text(REASON)
        keys.type(" sdneju?")
        assert desk.find("input[value=different]").is_checked(), "letters in the reason are text"
        desk.go(lambda: keys.press("Control+Enter"))
    assert seen == list(reversed(paths)), "each next one opened by itself, in the order of the list"
    assert {_outcome(desk, path) for path in paths} == {"different"}

    asks = at_desk(ANALYST)
    asks.screen(NAME, birth_date=f"{year}-02-03")
    silent = asks.find("details.silent")
    assert silent.count() == 1 and REASON in silent.text_content()
    cleared = silent.locator("li a").first.get_attribute("href")
    assert cleared not in [link.get_attribute("href") for link in asks.find("main section.sec h2 a").all()]


@pytest.mark.parametrize(("language", "javascript"), [("ur", True)], ids=["ur-js"], indirect=True)
def test_back_to_the_same_row_on_to_the_next_and_passing_on(at_desk, language):
    paths = _put(at_desk, 3, 1994 if language == "en" else 1995)
    desk = at_desk(REVIEWER)
    keys, page = desk.page.keyboard, desk.page
    desk.open(LIST)
    keys.press("j")
    keys.press("j")
    desk.go(lambda: keys.press("Enter"))
    assert desk.path.startswith(paths[1])
    desk.go(lambda: keys.press("j"))
    assert desk.path.startswith(paths[0])
    desk.go(lambda: keys.press("k"))
    desk.go(lambda: keys.press("u"))
    row = page.evaluate("document.activeElement.id")
    assert row == f"m{paths[1].split('/')[2]}" and desk.find("tr[aria-current=true]").get_attribute("id") == row
    assert "kind=match" in desk.path, "the list is narrowed as it was"
    desk.go(lambda: keys.press("Enter"))
    keys.press("?")
    assert desk.find("dialog#keys[open]").count() == 1
    keys.press("Escape")
    keys.press("e")
    keys.type("His office keeps the file on which the listing rests.")
    desk.find("#to").select_option("organisation:Home Department, Kohsar")
    desk.find("#why").focus()
    desk.go(lambda: keys.press("Control+Enter"))
    assert _outcome(desk, paths[1]) == ""

    second = at_desk(SECOND_REVIEWER)
    second.open("/review/?passed=1")
    assert second.find(f"main td a[href^='{paths[1]}']").count() == 1
    desk.open(paths[1])
    assert desk.find("form[data-decision]").count() == 0, "who passed it on does not decide it"


@TWO_WAYS
def test_the_letter_without_a_mouse_or_a_script(at_desk, language):
    (path,) = _put(at_desk, 1, 1996 if language == "en" else 1997)
    desk = at_desk(REVIEWER)
    desk.open(path)
    desk.find("input[value=different]").check()
    desk.find("#why").fill(REASON)
    desk.press("Record decision")
    desk.open(path)
    desk.go(lambda: desk.find(f"main form[action$='/letter/'] button[value={language}]").press("Enter"))
    assert desk.path.startswith("/review/letter/")
    letter = desk.find("main").inner_text()
    assert NAME in letter and REASON not in letter
    desk.page.emulate_media(media="print")
    assert not desk.find("header.top").is_visible() and not desk.find(".print-mark").first.is_visible()
    assert desk.find("main h1").is_visible()
    desk.page.emulate_media(media="screen")
