"""What every page knows about itself: the room it is in, who reads it, for which purpose, and in which language.

Nothing here is worked out before a template asks for it, so a page that shows no menu costs no look at the user.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from baham.platform.cases.registry import WORKFLOWS
from baham.platform.measure import switched_on

# Title, url name, and the act a person must be allowed for the item to be shown; empty for everybody.
NAV: tuple[tuple[Promise, str, str], ...] = (
    (_("Home"), "home", ""),
    (_("Work list"), "review", "review.see"),
    (_("Cases"), "cases", ""),
    (_("Search"), "search", "record.read"),
    (_("Screen"), "screen", "screen.run"),
    (_("Sources"), "sources", "sources.see"),
    *((_(entry.title), entry.address, entry.act) for one in switched_on() for entry in one.menu),
    (_("Rights"), "rights", "rights.see"),
    (_("Programs"), "clients", "people.manage"),
    (_("Audit"), "audit", "audit.see"),
    (_("About"), "about", ""),
)
FOR_EVERYBODY = frozenset({"about"})
DENSITIES = ("dense", "normal", "open")


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main menu."""

    title: str | Promise
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Language:
    """A language that the console speaks, named in itself."""

    code: str
    name: str


class Console:
    """The frame around a page. Its attributes are read by `base.html`."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo: bool = getattr(settings, "DEMO", False)
        self.purpose: Any = getattr(request, "purpose", None)

    @cached_property
    def user(self) -> Any:
        return getattr(self.request, "user", None)

    @cached_property
    def signed_in(self) -> bool:
        return bool(getattr(self.user, "is_authenticated", False))

    @cached_property
    def nav(self) -> list[NavItem]:
        """The rooms this person may enter and that this installation has."""
        return [
            NavItem(title, url, self._is_current(name, url))
            for title, name, act in NAV
            if self._may(name, act) and (name != "cases" or WORKFLOWS) and (url := self.url(name))
        ]

    @cached_property
    def languages(self) -> list[Language]:
        return [Language(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]

    @property
    def density(self) -> str:
        return self._chosen("density", DENSITIES)

    @property
    def theme(self) -> str:
        """`light` or `dark` where the person chose one; empty for what their system wishes."""
        return self._chosen("theme", ("light", "dark"))

    @property
    def nastaliq(self) -> bool:
        return bool(self.signed_in and getattr(self.user, "nastaliq", False))

    @property
    def keys_off(self) -> bool:
        """Whether this person switched the one-letter keys off (WCAG 2.1.4)."""
        return bool(self.signed_in and getattr(self.user, "keys_off", False))

    def url(self, name: str) -> str:
        try:
            return reverse(name)
        except NoReverseMatch:
            return ""

    @property
    def home_url(self) -> str:
        return self.url("home")

    @property
    def world_url(self) -> str:
        return self.url("world") if self.signed_in else ""

    @property
    def account_url(self) -> str:
        return self.url("account") or self.url("mfa_index")

    @property
    def leave_url(self) -> str:
        return self.url("account_logout")

    @property
    def search_url(self) -> str:
        return self.url("search") if self.signed_in and self._may("search", "record.read") else ""

    @property
    def purpose_url(self) -> str:
        return self.url("purpose") if self.signed_in else ""

    @property
    def language_url(self) -> str:
        return self.url("set_language")

    def _chosen(self, name: str, allowed: tuple[str, ...]) -> str:
        value = getattr(self.user, name, "") if self.signed_in else ""
        return value if value in allowed else ""

    def _may(self, name: str, act: str) -> bool:
        if self.user is not None and not self.signed_in:
            return name in FOR_EVERYBODY
        may = getattr(self.user, "may", None)
        return not act or may is None or bool(may(act))

    def _is_current(self, name: str, url: str) -> bool:
        match = getattr(self.request, "resolver_match", None)
        if match is not None and match.url_name == name:
            return True
        return url != "/" and self.request.path.startswith(url)


def console(request: HttpRequest) -> dict[str, Console]:
    """The context processor. It asks the database nothing."""
    return {"console": Console(request)}
