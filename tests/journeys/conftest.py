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


Arrive = Callable[[str], Desk]


@pytest.fixture(scope="package")
def windows(browser: object, house: House) -> Iterator[dict[tuple, object]]:
    """Windows that stay open from journey to journey, one for each user, language and way: their cache saves seconds."""
    kept: dict[tuple, object] = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture
def window(browser: object, house: House, language: str, javascript: bool) -> Callable[..., object]:
    """Opens a window, with what an earlier session kept, or nothing."""

    def opened(kept: object | None = None) -> object:
        return browser.new_context(
            java_script_enabled=javascript, viewport={"width": WIDTH, "height": HEIGHT}, reduced_motion="reduce",
            storage_state=kept, accept_downloads=True,
        )  # fmt: skip

    return opened


@pytest.fixture
def seated(house: House, inspection: Inspection, language: str, javascript: bool) -> Iterator[Callable[..., Desk]]:
    """Puts somebody before a window, in the language of this journey; what they opened is closed after it."""
    desks = []

    def seat(user: str, context: object) -> Desk:
        context.add_cookies([{"name": "baham_language", "value": language, "url": house.address}])
        desks.append(Desk(context, house, inspection, user, language, javascript))
        return desks[-1]

    yield seat
    for desk in desks:
        desk.page.close()


@pytest.fixture
def newcomer(window: Callable[..., object], seated: Callable[..., Desk]) -> Iterator[Arrive]:
    """A desk at which somebody has yet to sign in."""
    opened = []

    def arrive(user: str) -> Desk:
        opened.append(window())
        return seated(user, opened[-1])

    yield arrive
    for context in opened:
        context.close()


@pytest.fixture
def at_desk(
    newcomer: Arrive, window: Callable[..., object], windows: dict[tuple, object], seated: Callable[..., Desk],
    sessions: dict[str, object], language: str, javascript: bool,
) -> Arrive:  # fmt: skip
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
        place = (user, language, javascript)
        if place not in windows:
            windows[place] = window(sessions[user])
        return seated(user, windows[place])

    return arrive
