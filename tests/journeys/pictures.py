"""Pictures of the console: `python -m tests.journeys.pictures FOLDER`, one file for each page, language and width."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.journeys.desk import Desk, Inspection
from tests.journeys.house import ANALYST, AUDITOR, PURPOSE, REVIEWER, House, people_of, prepare, serving
from tests.support.browser import launch

WIDTHS = (1280, 390)
LANGUAGES = ("en", "ur")
DARK = ("entity", "matter")


def _page(path: str) -> Callable[[Desk], None]:
    return lambda desk: desk.open(path)


def _open_chain(desk: Desk) -> None:
    desk.open(desk.house.entity("national", "N-2207"))
    desk.find("dl.facts details.chain summary").nth(2).click()


def _screened(desk: Desk) -> None:
    desk.screen("زرغون تلبند", birth_date="1991-06-02", father_name="Torbaz", nationality="Sarvan")


def _matter(desk: Desk) -> None:
    desk.open("/review/")
    desk.go(desk.find("main td a", has_text="Zarghun Talband").first.click)


def _chain(desk: Desk) -> None:
    path = desk.house.entity("national", "N-2207")
    query = "SELECT sid FROM ledger_statement WHERE entity_id = ? AND prop = 'birthDate' AND until IS NULL"
    (sid,) = desk.house.row(query, int(path.split("/")[2]))
    desk.open(f"{path}statement/{sid.hex()}/")


SCENES: dict[str, tuple[str, Callable[[Desk], None]]] = {
    "home": (REVIEWER, _page("/")),
    "worklist": (REVIEWER, _page("/review/")),
    "matter": (REVIEWER, _matter),
    "sources": (ANALYST, _page("/sources/")),
    "source": (ANALYST, _page("/sources/national/")),
    "version": (ANALYST, _page("/sources/national/3/")),
    "entity": (ANALYST, _open_chain),
    "chain": (ANALYST, _chain),
    "search": (ANALYST, _page("/search/?q=Nilgari")),
    "screened": (ANALYST, _screened),
    "audit": (AUDITOR, _page("/audit/")),
    "about": (ANALYST, _page("/about/")),
}
"""Each page: who sees it, and how they come there."""


def take(house: House, browser: object, folder: Path) -> None:
    """All pictures, each user signed in once."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {user: _signed_in(house, browser, user) for user in {user for user, _come in SCENES.values()}}
    for name, (user, come) in SCENES.items():
        for language in LANGUAGES:
            for width in WIDTHS:
                for scheme in ("light", "dark") if name in DARK else ("light",):
                    desk = _desk(house, browser, user, language, width, scheme, kept[user])
                    come(desk)
                    ending = "" if scheme == "light" else "-dark"
                    desk.page.screenshot(path=folder / f"{name}-{language}-{width}{ending}.png", full_page=True)
                    desk.page.context.close()


def _signed_in(house: House, browser: object, user: str) -> object:
    desk = _desk(house, browser, user, "en", WIDTHS[0], "light", None)
    desk.open("/accounts/login/")
    desk.sign_in()
    if user in PURPOSE:
        desk.open("/purpose/")
        desk.choose_purpose("pictures")
    return desk.page.context.storage_state()


def _desk(house: House, browser: object, user: str, language: str, width: int, scheme: str, kept: object) -> Desk:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        storage_state=kept,
        java_script_enabled=False,
    )
    desk = Desk(context, house, Inspection(), user, language, javascript=False)
    desk.speak(language)
    return desk


def main(folder: Path) -> None:
    """Prepare a world, serve it, take the pictures, and leave nothing but them."""
    with tempfile.TemporaryDirectory(prefix="baham-pictures-") as home, sync_playwright() as playwright:
        with serving(Path(home), people_of(prepare(Path(home)))) as house:
            take(house, launch(playwright), folder)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.journeys.pictures FOLDER")
    main(Path(sys.argv[1]))
