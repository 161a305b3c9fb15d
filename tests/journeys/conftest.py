"""What the journeys share: one house for the session, one browser for the package, desks for each journey."""

from collections.abc import Callable, Iterator

import pytest

from tests.journeys.desk import HEIGHT, WIDTH, Desk, Inspection
from tests.journeys.house import PURPOSE, House, people_of, prepare, serving
from tests.support import demo as shared
from tests.support.browser import launch


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make test` goes each journey in both languages, once with scripts and once without; the other two are long."""
    for item in items:
        if item.nodeid.startswith("tests/journeys/") and ("[en-nojs" in item.nodeid or "[ur-js" in item.nodeid):
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demonstration world, prepared once and served. To take another world, change this fixture alone."""
    home = tmp_path_factory.mktemp("house")
    said = shared.world(tmp_path_factory, prepare, home)
    with serving(home, people_of(said)) as opened:
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


Place = tuple[str, str, bool]


@pytest.fixture(scope="package")
def desks(browser: object, house: House) -> Iterator[dict[Place, Desk]]:
    """Desks that stay from journey to journey, one for each user, language and way: a new window costs a second."""
    kept: dict[Place, Desk] = {}
    yield kept
    for desk in kept.values():
        desk.page.context.close()


@pytest.fixture
def new_desk(
    browser: object, house: House, inspection: Inspection, language: str, javascript: bool
) -> Callable[..., Desk]:
    """Puts somebody before a new window, with what an earlier session kept, or nothing."""

    def opened(user: str, kept: object | None = None) -> Desk:
        context = browser.new_context(
            java_script_enabled=javascript,
            viewport={"width": WIDTH, "height": HEIGHT},
            reduced_motion="reduce",
            storage_state=kept,
            accept_downloads=True,
        )
        desk = Desk(context, house, inspection, user, language, javascript)
        desk.speak(language)
        return desk

    return opened


@pytest.fixture
def newcomer(new_desk: Callable[..., Desk]) -> Iterator[Arrive]:
    """A desk at which somebody has yet to sign in."""
    opened = []

    def arrive(user: str) -> Desk:
        opened.append(new_desk(user))
        return opened[-1]

    yield arrive
    for desk in opened:
        desk.page.context.close()


@pytest.fixture
def at_desk(
    newcomer: Arrive,
    new_desk: Callable[..., Desk],
    desks: dict[Place, Desk],
    sessions: dict[str, object],
    language: str,
    javascript: bool,
) -> Arrive:
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
        if place not in desks:
            desks[place] = new_desk(user, sessions[user])
        desks[place].speak(language)  # whatever the journey before left
        desks[place].watch.faults.clear()
        return desks[place]

    return arrive
