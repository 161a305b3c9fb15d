"""A list officer loads a list: its versions, what each changed, what is delisted, and a file that is broken."""

import re

import pytest

from tests.journeys.house import LIST_OFFICER
from tests.support.browser import TWO_WAYS, needs_browser

pytestmark = needs_browser

HEADER = "id,name,father_name,birth_date,nationality\n"
STAYS, CHANGES = "w-1,Fazlullah Woqshan,Sher Gul,1971,sv\n", "w-2,Nasrin Haqvand,Omid,{},sv\n"
GOES, COMES = "w-3,Zmarak Qutlugvar,Baz Gul,1966,sv\n", "w-4,Torpekai Ghorvash,Adam,1990,sv\n"
OTHERS = "".join(f"o-{number},Oshtor Qalvand {number},Baz Gul,19{number},sv\n" for number in range(40, 80))
FIRST = HEADER + STAYS + CHANGES.format("1980") + GOES + OTHERS
SECOND = HEADER + STAYS + CHANGES.format("1981") + COMES + OTHERS
CUT = HEADER + STAYS
"""As if the file had been cut short: all but one would be delisted."""
DELISTED = "Zmarak Qutlugvar"


@pytest.fixture
def name(language, javascript) -> str:
    """Of this journey's own list."""
    return f"wakhan-{language}-{'js' if javascript else 'nojs'}"


def _load(desk, name: str, file: str, text: str) -> None:
    desk.open("/sources/")
    desk.find("#id_name").fill(name)
    desk.find("#id_title").fill(f"List of Wakhan, {name}")
    desk.find("#id_tlp").select_option("0")
    desk.upload(file, text)
    desk.press("Look at what it would do")
    assert desk.path.startswith("/job/")


def _put_in_force(desk) -> None:
    """Wait until it is said what the file would do, look at that, and put it in force."""
    offered = desk.find("#job a[href^='/sources/offered/']")
    desk.watch_job(lambda: offered.count() == 1, "what the file would do is worked out")
    desk.go(offered.click)
    assert desk.heading == desk.say("Nothing has changed yet. This is what the file would do.")
    desk.press("Put in force")


def _version(desk) -> None:
    """Wait for the job, and go to the version that it made."""
    link = desk.find("#job a[href^='/sources/']")
    desk.watch_job(lambda: link.count() == 1, "the list is loaded")
    desk.go(link.click)


def _needs_a_second_person(desk) -> None:
    """A file that would end much is not put in force by whoever brought it; another person is asked, with a reason."""
    offered = desk.find("#job a[href^='/sources/offered/']")
    desk.watch_job(lambda: offered.count() == 1, "what the file would do is worked out")
    desk.go(offered.click)
    assert desk.heading == desk.say("This file would end or change very much: a second person has to agree.")
    assert desk.button("Put in force").count() == 0
    desk.find("#reason").fill("The council has ended its list; gazette 12 of the month.")
    desk.press("Ask a second person")
    assert desk.says("A second person is asked, in the list of matters.")


def _finds(desk, who: str, name: str) -> bool:
    """Whether screening finds somebody on this list."""
    desk.screen(who)
    return desk.find("main section.sec header", has_text=name).filter(has_text=who).count() > 0


def _broken_after(desk, name: str) -> None:
    """A file that breaks in its third line fails, says where, and leaves the version that was in force."""
    _load(desk, name, "broken.csv", HEADER + STAYS + "w-5,,Sher Gul,1971,sv\n")
    alert = desk.find("#job [role=alert]")
    desk.watch_job(lambda: alert.count() == 1, "it says what is wrong")
    said = alert.inner_text()
    assert "broken.csv" in said and re.search(r"\bline 3\b", said) and "name" in said
    assert desk.says("Nothing has changed: the version that was in force is in force.")


@TWO_WAYS
def test_two_versions_a_delisting_and_a_broken_file(at_desk, name):
    desk = at_desk(LIST_OFFICER)
    _load(desk, name, "wakhan-1.csv", FIRST)
    _put_in_force(desk)
    _version(desk)
    assert desk.path == f"/sources/{name}/1/"
    desk.watch_job(lambda: _finds(desk, DELISTED, name), "the new list is in the index")

    _load(desk, name, "wakhan-2.csv", SECOND)
    _put_in_force(desk)
    _version(desk)
    assert desk.path == f"/sources/{name}/2/"
    changed = desk.find("main table").inner_text().translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
    assert "1980" in changed and "1981" in changed and "Fazlullah" not in changed
    desk.go(desk.find("nav.filters a[href='?kind=removed']").click)
    assert DELISTED in desk.find("main table").inner_text()
    desk.go(desk.find("main table a", has_text=DELISTED).click)
    assert desk.says("matches nothing; kept for the record")
    assert not _finds(desk, DELISTED, name), "from the moment it is loaded, not from the next index"

    _load(desk, name, "wakhan-cut.csv", CUT)
    _needs_a_second_person(desk)
    _broken_after(desk, name)
    desk.open(f"/sources/{name}/")
    assert desk.find("main tbody tr").count() == 2


@TWO_WAYS
def test_what_is_not_a_list_is_refused_beside_the_field(at_desk, name):
    desk = at_desk(LIST_OFFICER)
    desk.open("/sources/")
    desk.find("#id_name").fill(name)
    desk.find("#id_tlp").select_option("0")
    desk.upload("letter.txt", "\x00\x01 nothing that is known")
    desk.press("Look at what it would do", status=400)
    said = desk.find("#id_file_error").inner_text()
    assert "letter.txt" in said and "\n" not in said.strip()
    assert desk.find("#id_name").input_value() == name
