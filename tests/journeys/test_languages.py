"""The language is changed in the header, and the page stays."""

from tests.journeys.house import ANALYST
from tests.support.browser import TWO_WAYS, needs_browser

pytestmark = needs_browser

DIRECTION = {"en": "ltr", "ur": "rtl", "ps": "rtl"}


@TWO_WAYS
def test_the_page_stays(at_desk):
    desk, path = at_desk(ANALYST), "/search/?q=Nilgari"
    desk.open(path)
    for language in ("ps", "en" if desk.language == "ur" else "ur"):
        desk.language = language
        desk.go(desk.find(f"header button[name=language][value={language}]").click)
        assert desk.path == path
        assert desk.find("html").get_attribute("dir") == DIRECTION[language]


@TWO_WAYS
def test_it_can_be_chosen_before_anybody_signs_in(newcomer):
    desk = newcomer(ANALYST)
    desk.open("/accounts/login/")
    desk.language = "en" if desk.language == "ur" else "ur"
    desk.go(desk.find(f"header button[name=language][value={desk.language}]").click)
    assert desk.path.startswith("/accounts/login/")
