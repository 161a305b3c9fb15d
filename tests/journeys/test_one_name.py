"""An analyst at a border post asks about one traveller."""

import re

from tests.journeys.house import ANALYST
from tests.support.browser import TWO_WAYS, needs_browser

pytestmark = needs_browser

TRAVELLER = {"name": "زرغون تلبند", "birth_date": "1991-06-02"}


@TWO_WAYS
def test_from_the_sign_in_to_the_reviewers(newcomer):
    desk = newcomer(ANALYST)
    desk.open("/")
    assert desk.path.startswith("/accounts/login/")
    desk.sign_in()
    assert desk.path == "/"

    desk.follow("choose one")
    desk.choose_purpose("desk Torsang, 22 November")
    assert desk.path == "/"
    assert "desk Torsang, 22 November" in desk.find("header .who-line").inner_text()

    desk.follow("Screen")
    desk.labelled("Name, in any script").fill(TRAVELLER["name"])
    desk.labelled("Birth date or year").fill(TRAVELLER["birth_date"])
    desk.press("Screen")
    assert TRAVELLER["name"] in desk.heading

    hits = desk.find("main section.sec:has(table.feat)")
    assert hits.count() >= 1
    for hit in hits.all():
        directions = [row.get_attribute("class") or "" for row in hit.locator("tbody tr td .state").all()]
        order = [0 if "state-against" in css else 1 if "state-for" in css else 2 for css in directions]
        assert order == sorted(order), "what speaks against stands first"
    assert hits.first.locator("tbody .state-against").count() >= 1
    name = hits.first.locator("h2 a").inner_text()

    desk.go(hits.first.get_by_role("button", name=desk.say("Put before the reviewers")).click)
    assert re.fullmatch(r"/review/\d+/", desk.path)
    assert desk.heading == desk.say("Is this the person on the list?")
    assert desk.says("Nothing happens to anybody until a person decides.")
    assert desk.says("It waits for another person.")
    assert desk.find(".pair .nm").all_inner_texts() == [TRAVELLER["name"], name]


@TWO_WAYS
def test_a_name_like_nobodys(at_desk):
    desk = at_desk(ANALYST)
    desk.screen("Qwxyz Vbnmkl")
    assert desk.find("table.feat").count() == 0
    assert desk.says("No entry in force is alike.")
    assert desk.find("#id_name").input_value() == "Qwxyz Vbnmkl"


@TWO_WAYS
def test_a_birth_date_that_is_none_is_refused_beside_its_field(at_desk):
    desk = at_desk(ANALYST)
    desk.open("/screen/")
    desk.find("#id_name").fill("Zarghun Talband")
    desk.find("#id_birth_date").fill("in the year of the flood")
    desk.press("Screen", status=400)
    assert desk.find("#id_birth_date_error").is_visible()
    assert desk.find("#id_birth_date").input_value() == "in the year of the flood"
