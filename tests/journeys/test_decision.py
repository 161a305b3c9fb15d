"""Two reviewers decide a matter: what takes something from somebody takes two people, each with a reason."""

from tests.journeys.decisions import REASON, SECOND_REASON, propose, sign
from tests.journeys.house import ANALYST, LIST_OFFICER, REVIEWER, SECOND_REVIEWER
from tests.support.browser import OTHER_TWO, TWO_WAYS, needs_browser

pytestmark = needs_browser


@TWO_WAYS
def test_one_decides_and_another_co_signs(at_desk):
    matter = propose(at_desk, ANALYST)
    first = at_desk(REVIEWER)
    first.open("/review/")
    assert first.find(f'main a[href="{matter}"]').count() == 1
    sign(first, matter, "same", REASON)
    first.open(matter)
    assert first.says("You have signed.")
    assert first.find("form[data-decision]").count() == 0

    second = at_desk(SECOND_REVIEWER)
    second.open(matter)
    assert second.find("#decide h2").inner_text() == second.say("Co-sign")
    assert REASON in second.find("main").inner_text()
    sign(second, matter, "same", SECOND_REASON)
    second.open(matter)
    assert second.heading == f"{second.say('Decided:')} {second.say('Same person')}"
    assert all(reason in second.find("main").inner_text() for reason in (REASON, SECOND_REASON))

    second.open("/review/?show=decided")
    assert second.find(f'main a[href^="{matter}"]').count() == 1


@OTHER_TWO
def test_a_reason_too_short_is_refused_and_kept(at_desk):
    matter = propose(at_desk, ANALYST)
    desk = at_desk(REVIEWER)
    desk.open(matter)
    desk.find("input[name=choice][value=different]").check()
    reason = desk.labelled("Reason, in your own words")
    reason.press_sequentially("no")
    assert desk.find("#why:invalid").count() == 1, "the browser itself says so first"
    too_short = "too short" + " " * 20  # long enough for the browser, and still not a reason
    reason.fill(too_short)
    desk.press("Record decision", status=400)
    assert desk.find("#decide [role=alert]").is_visible()
    assert desk.find("#why").input_value() == too_short
    assert desk.find("input[value=different]").is_checked()
    desk.open(matter)
    assert desk.find("#decide h2").inner_text() == desk.say("Decide"), "nothing was recorded"


@TWO_WAYS
def test_who_proposed_it_does_not_decide_it(at_desk):
    matter = propose(at_desk, LIST_OFFICER)
    desk = at_desk(LIST_OFFICER)
    desk.open(matter)
    assert desk.says("It waits for another person.")
    assert desk.find("form[data-decision]").count() == 0
    token = desk.find("input[name=csrfmiddlewaretoken]").first.input_value()
    given = {"csrfmiddlewaretoken": token, "choice": "different", "reason": REASON}
    answer = desk.page.request.post(desk.page.url, form=given, headers={"Referer": desk.page.url})
    assert answer.status == 400, "nor by another way"
    desk.open(matter)
    assert desk.says("It waits for another person.")
