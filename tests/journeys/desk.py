"""A desk: somebody in front of a browser, in one language, with or without JavaScript.

Things are found by what they are called, in the words of the language that the page speaks. Whoever comes to a page
also examines it: nothing said to the console, nothing asked elsewhere, the right status and direction; and once for
each kind of page axe-core, 320 pixels and the weight.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.utils.translation import gettext, override

from tests.journeys.house import PURPOSE, House
from tests.support.browser import AXE, HEAVIEST, Scales, Watch, serious, sideways, until

WIDTH, HEIGHT = 1280, 900
_LIMIT_MS = 15_000


class Inspection:
    """What has been examined already, in this run."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, ...]] = set()
        self.scales = Scales()


class Desk:
    """One window of one browser, and the acts that its user knows."""

    def __init__(
        self, context: object, house: House, inspection: Inspection, user: str, language: str, javascript: bool
    ) -> None:
        self.house, self.user, self.language, self.javascript = house, user, language, javascript
        self.page = context.new_page()
        self.page.set_default_timeout(_LIMIT_MS)
        self.watch = Watch(self.page, house.address)
        self._inspection = inspection

    def speak(self, language: str) -> None:
        """Choose the language, as the buttons in the header do."""
        self.language = language
        cookie = {"name": "baham_language", "value": language, "url": self.house.address}
        self.page.context.add_cookies([cookie])

    # Words and places ---------------------------------------------------------------------------------------

    def say(self, text: str) -> str:
        """The text as this desk's language has it."""
        with override(self.language):
            return gettext(text)

    @property
    def path(self) -> str:
        """Where this desk is, with its query."""
        return self.page.url.removeprefix(self.house.address)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    def says(self, text: str) -> bool:
        """Whether the text is anywhere in the page's own part."""
        return self.say(text) in " ".join(self.page.locator("main").inner_text().split())

    def find(self, selector: str, **more: object) -> object:
        return self.page.locator(selector, **more)

    def labelled(self, label: str) -> object:
        """A field, by its label; a key that stands in the label is no part of its words."""
        words = re.escape(self.say(label))
        return self.find("main").get_by_label(re.compile(rf"^\s*{words}(\s+[A-Z])?\s*$"))

    def button(self, name: str) -> object:
        return self.find("main").get_by_role("button", name=self.say(name), exact=True)

    def link(self, name: str) -> object:
        return self.page.get_by_role("link", name=self.say(name), exact=True)

    # Acts ---------------------------------------------------------------------------------------------------

    def open(self, path: str, status: int = 200) -> None:
        """Write an address."""
        self._arrived(self.page.goto(self.house.address + path), status)

    def go(self, act: Callable[[], object], status: int = 200) -> None:
        """Do what leads to another page, and arrive there."""
        with self.page.expect_navigation(wait_until="load") as way:
            act()
        self._arrived(way.value, status)

    def press(self, name: str, status: int = 200) -> None:
        """Press a button that sends a form."""
        self.go(self.button(name).first.click, status)

    def follow(self, name: str) -> None:
        """Follow a link, in the page or in the menu."""
        self.go(self.link(name).first.click)

    def upload(self, name: str, text: str) -> None:
        """Put a file into the form's field."""
        self.find("#id_file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": text.encode()})

    def sign_in(self) -> None:
        """On the page where that is done."""
        self.labelled("Username").fill(self.user)
        self.labelled("Password").fill(self.house.people[self.user])
        self.press("Sign in")

    def choose_purpose(self, case: str) -> None:
        """On the page where that is done."""
        self.find(f"input[name=code][value={PURPOSE[self.user]}]").check()
        self.labelled("Case, order or request").fill(case)
        self.press("Work under this purpose")

    def screen(self, name: str, **known: str) -> None:
        """Ask about one name."""
        self.open("/screen/")
        self.find("#id_name").fill(name)
        for field, value in known.items():
            self.find(f"#id_{field}").fill(value)
        self.press("Screen")

    def watch_job(self, over: Callable[[], object], what: str, seconds: float = 30) -> None:
        """Stay on the page of a job until it says so; it asks again by itself, or reloads by itself."""
        until(over, seconds, what, lambda pause: self.page.wait_for_timeout(pause * 1000))
        self.page.wait_for_load_state()

    # Examination --------------------------------------------------------------------------------------------

    def _arrived(self, answer: object, status: int) -> None:
        assert answer is not None and answer.status == status, (self.path, answer and answer.status)
        assert self.watch.faults == [], (self.path, self.watch.faults)
        direction = "ltr" if self.language == "en" else "rtl"
        assert (self.find("html").get_attribute("lang"), self.find("html").get_attribute("dir")) == (
            self.language,
            direction,
        )
        if self.javascript:
            self.examine(answer=answer)

    def examine(self, state: str = "", answer: object | None = None) -> None:
        """Look at this kind of page closely, if nobody did in this language; `state` names what was opened on it."""
        kind = (self._kind(), state, str(self.find("main form").count()), self.language)
        if kind in self._inspection.seen:
            return
        self._inspection.seen.add(kind)
        if AXE.exists():
            faults = serious(self.page)
            assert faults == [], (self.path, faults)
        assert sideways(self.page) <= 0, self.path
        if answer is not None:
            weight = self._inspection.scales.weigh(self.page, answer.body())
            assert weight <= HEAVIEST, (self.path, weight)

    def _kind(self) -> str:
        """The address without what is particular: numbers, names of lists, what was asked."""
        parts = urlsplit(self.path)
        general = re.sub(r"/(?:\d+|[0-9a-f]{40}|[0-9a-f-]{36})(?=/)", "/*", parts.path)
        return re.sub(r"^/sources/[^/]+", "/sources/*", general) + re.sub(r"=[^&]*", "", parts.query)
