"""Somebody reads a record: who says what, since when, how it is graded, and what was known on another day."""

import pytest

from tests.journeys.house import ANALYST
from tests.support.browser import OTHER_TWO, TWO_WAYS, needs_browser

pytestmark = needs_browser

LINKS = 6
REASON = "The register extract shows the same day; seen by the desk."


@pytest.fixture
def record(house) -> str:
    """The page of somebody whom both lists, the desk and a register name."""
    return house.entity("national", "N-2207")


@pytest.fixture
def chain(house, record) -> str:
    """The page of the chain of a value of his."""
    (sid,) = house.row(
        "SELECT sid FROM ledger_statement WHERE entity_id = ? AND prop = 'birthDate' AND until IS NULL",
        int(record.split("/")[2]),
    )
    return f"{record}statement/{sid.hex()}/"


@OTHER_TWO
def test_a_chain_opens_in_its_place(at_desk, record):
    desk = at_desk(ANALYST)
    desk.open(record)
    chain = desk.find("main details.chain").first
    assert not chain.locator("ol.chain-links").is_visible()
    chain.locator("summary").click()
    assert chain.locator("ol.chain-links > li:visible").count() == LINKS
    if desk.javascript:
        desk.examine("open chain")
    chain.locator("summary").press("Enter")
    assert not chain.locator("ol.chain-links").is_visible()


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_the_record_leads_to_the_page_of_a_chain(at_desk, record):
    desk = at_desk(ANALYST)
    desk.open(record)
    assert desk.find(f"main a[href^='{record}statement/']").count() >= 1


@TWO_WAYS
def test_the_page_of_a_chain_and_a_grade_with_its_reason(at_desk, chain, record):
    desk = at_desk(ANALYST)
    desk.open(chain)
    assert desk.find("ol.chain-links > li:visible").count() == LINKS
    desk.labelled("Letter and digit").fill("Z9")
    desk.find("#grade-reason").fill(REASON)
    desk.press("Record the grade", status=400)
    assert desk.find("main [role=alert]").is_visible()
    assert desk.find("#grade-reason").input_value() == REASON, "what was written is kept"
    desk.labelled("Letter and digit").fill("B2")
    desk.press("Record the grade")
    graded = desk.find("ol.chain-links > li", has_text=REASON)
    assert graded.count() == 1 and "B2" in graded.inner_text() and ANALYST in graded.inner_text()
    desk.go(desk.find(f".crumb a[href='{record}']").click)


@OTHER_TWO
def test_what_was_known_on_another_day(at_desk, record, house):
    desk = at_desk(ANALYST)
    desk.open(record)
    (first,) = house.row(
        "SELECT min(v.loaded_at) FROM ledger_change c JOIN ledger_version v ON v.id = c.version_id WHERE c.entity_id = ?",
        int(record.split("/")[2]),
    )
    desk.labelled("Day").fill("2001-02-03")
    desk.press("Show")
    assert desk.path == f"{record}?on=2001-02-03"
    assert desk.says("Nothing was known on this day.")
    desk.labelled("Day").fill(first[:4] + "-12-31")
    desk.press("Show")
    assert desk.find("main details.chain").count() >= 5


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_a_chain_mark_in_a_table_opens_a_row_beneath(at_desk):
    desk = at_desk(ANALYST)
    desk.open("/sources/national/3/")
    marks = desk.find("main table a.chain-mark")
    assert marks.count() >= 1
    if desk.javascript:
        marks.first.click()
        desk.find("tr.chain-row ol.chain-links").wait_for(timeout=5000)
    else:
        desk.go(marks.first.click)
        assert desk.find("ol.chain-links > li").count() == LINKS
