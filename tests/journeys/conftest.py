"""What the journeys share: one house for the session, one browser for the package, desks for each journey."""

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.desk import HEIGHT, WIDTH, Desk, Inspection
from tests.journeys.house import PURPOSE, House, prepare, serving
from tests.support.browser import launch


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration world, prepared once and served. To take another world, change this fixture alone."""
    home = tmp_path_factory.mktemp("house")
    with serving(home, prepare(home)) as opened:
        yield opened


@pytest.fixture(scope="session")
def inspection() -> Inspection:
    return Inspection()


@pytest.fixture(scope="package")
def browser() -> Iterator[object]:
    """Not for the session: while Playwright is open, tests beside the journeys could not ask their database."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(params=["en", "ur"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=[True, False], ids=["js", "nojs"])
def javascript(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture(scope="session")
def sessions() -> dict[str, object]:
    """Who has signed in before: what their browser keeps. Signing in costs half a second by intent."""
    return {}


Newcomer = Callable[[str], Desk]


@pytest.fixture
def newcomer(
    browser: object, house: House, inspection: Inspection, language: str, javascript: bool
) -> Iterator[Newcomer]:
    """A desk at which somebody has yet to sign in."""
    opened = []

    def arrive(user: str, kept: object | None = None) -> Desk:
        context = browser.new_context(
            java_script_enabled=javascript, viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce",
            storage_state=kept, accept_downloads=True,
        )  # fmt: skip
        context.add_cookies([{"name": "baham_language", "value": language, "url": house.address}])
        opened.append(context)
        return Desk(context, house, inspection, user, language, javascript)

    yield arrive
    for context in opened:
        context.close()


@pytest.fixture
def at_desk(newcomer: Newcomer, sessions: dict[str, object]) -> Newcomer:
    """A desk at which somebody has signed in and works for the purpose of their role."""

    def arrive(user: str) -> Desk:
        if user not in sessions:
            desk = newcomer(user)
            desk.open("/accounts/login/")
            desk.sign_in()
            if user in PURPOSE:
                desk.open("/purpose/")
                desk.choose_purpose("journey")
            sessions[user] = desk.page.context.storage_state()
        return newcomer(user, sessions[user])

    return arrive
