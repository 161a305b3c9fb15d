"""Purposes: why somebody reads a personal record. Chosen per piece of work, and written into the log with each read.

Directive (EU) 2016/680, Articles 4 and 25; safeguard S-01.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from baham.platform.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class PurposeKind:
    """A purpose that may be chosen, and the roles that may choose it."""

    code: str
    title: str | Promise
    meaning: str | Promise
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Purpose:
    """The purpose under which somebody works now, with the case or order it serves."""

    code: str
    case: str = ""

    @property
    def title(self) -> str:
        return str(BY_CODE[self.code].title)

    def __str__(self) -> str:
        return f"{self.title}{pgettext('between who and what', ', ')}{self.case}" if self.case else str(self.title)


PURPOSES = [
    PurposeKind(
        "screening",
        _("Screening"),
        _("To check whether a customer, traveller or payee is a listed person."),
        frozenset({Role.LIST_OFFICER, Role.ANALYST, Role.REVIEWER}),
    ),
    PurposeKind(
        "list-maintenance",
        _("List maintenance"),
        _("To load, compare and correct lists."),
        frozenset({Role.LIST_OFFICER, Role.ANALYST}),
    ),
    PurposeKind(
        "review",
        _("Review of a case"),
        _("To decide a matter that waits for a decision."),
        frozenset({Role.REVIEWER, Role.LIST_OFFICER, Role.RELEASE_OFFICER}),
    ),
    PurposeKind(
        "analysis",
        _("Analysis"),
        _("To work on a named case or report."),
        frozenset({Role.ANALYST, Role.REVIEWER}),
    ),
    PurposeKind(
        "redress",
        _("Redress"),
        _("To answer somebody who contests a listing or a mistaken match."),
        frozenset({Role.REVIEWER, Role.LIST_OFFICER, Role.OVERSIGHT}),
    ),
    PurposeKind(
        "oversight",
        _("Oversight"),
        _("To examine whether records are kept and used lawfully."),
        frozenset({Role.OVERSIGHT}),
    ),
]
BY_CODE = {kind.code: kind for kind in PURPOSES}


def add(kind: PurposeKind) -> None:
    """Make a purpose known; once."""
    if kind.code in BY_CODE:
        raise ValueError(f"the purpose {kind.code!r} is there already")
    PURPOSES.append(kind)
    BY_CODE[kind.code] = kind
