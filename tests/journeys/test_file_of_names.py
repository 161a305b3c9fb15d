"""A bank screens a file of names: progress, results, what cannot be read, and the button that stops it."""

import json
from pathlib import Path

from tests.journeys.house import ANALYST
from tests.support.browser import OTHER_TWO, TWO_WAYS, needs_browser

pytestmark = needs_browser

NAMES = ["Qwxyz Vbnmkl", "Zarghun Talband", "Mirwais Khorvash", "Hgtrw Plokmn", "سکندر نیلگری", "Wvut Srqpo"]
LONG = 30_000


def _file(names: list[str]) -> str:
    return "id,name\n" + "".join(f"c-{number},{name}\n" for number, name in enumerate(names))


def _fetch(desk) -> list[dict]:
    """The downloaded results, line by line."""
    with desk.page.expect_download() as fetched:
        desk.find("main a[href$='/download/']").click()
    text = Path(fetched.value.path()).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


@TWO_WAYS
def test_upload_progress_results_download(at_desk):
    desk = at_desk(ANALYST)
    desk.open("/screen/")
    desk.upload("customers.csv", _file(NAMES))
    desk.press("Screen the file")
    assert desk.path.startswith("/job/")
    assert "customers.csv" in desk.heading
    results = desk.find("#job a[href*='/screen/results/']")
    desk.watch_job(lambda: results.count() == 1, "the results are there")
    desk.go(results.click)
    assert "Zarghun Talband" in desk.find("main").inner_text()
    assert "Qwxyz Vbnmkl" not in desk.find("main").inner_text()
    rows = _fetch(desk)
    assert [row["id"] for row in rows] == [f"c-{number}" for number in range(len(NAMES))]
    assert [row["name"] for row in rows] == NAMES
    assert rows[1]["hits"] and rows[4]["hits"] and not rows[0]["hits"]


@OTHER_TWO
def test_a_broken_file_is_refused_in_one_line_beside_the_field(at_desk):
    desk = at_desk(ANALYST)
    desk.open("/screen/")
    desk.upload("broken.csv", "number,who\n1,Zarghun Talband\n")
    desk.press("Screen the file", status=400)
    said = desk.find("#id_file_error").inner_text()
    assert "broken.csv" in said and "\n" not in said.strip()
    assert desk.find("[aria-invalid=true]#id_file").count() == 1
    assert desk.find("#id_file").get_attribute("aria-describedby") == "id_file_error"


@OTHER_TWO
def test_a_long_file_can_be_stopped_and_what_was_done_is_kept(at_desk):
    desk = at_desk(ANALYST)
    desk.open("/screen/")
    desk.upload("long.csv", _file([f"{NAMES[number % 6]} {number}" for number in range(LONG)]))
    desk.press("Screen the file")
    line = desk.find("#job progress")
    desk.watch_job(lambda: line.count() == 1, "it shows how far it is")
    assert desk.says("What is done so far is kept. You may leave this page.")
    desk.press("Stop")
    results = desk.find("#job a[href*='/screen/results/']")
    desk.watch_job(lambda: results.count() == 1, "it has stopped")
    assert desk.says("What was done until then is kept.")
    desk.go(results.click)
    rows = _fetch(desk)
    assert 0 < len(rows) < LONG
    assert [row["id"] for row in rows] == [f"c-{number}" for number in range(len(rows))]
