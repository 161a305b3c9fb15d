"""Roles, and what each may do. A plain table: what is not in it is forbidden.

The administrator keeps the machine running and sees no data; the auditor and the oversight body see what was done, and
decide nothing. `tests/safeguards/test_s09_permissions.py` holds every page against this table.
"""

from enum import Enum

from django.utils.translation import gettext_lazy as _


class Role(Enum):
    """What somebody is here to do."""

    LIST_OFFICER = "list_officer"
    ANALYST = "analyst"
    REVIEWER = "reviewer"
    RELEASE_OFFICER = "release_officer"
    AUDITOR = "auditor"
    OVERSIGHT = "oversight"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.LIST_OFFICER: _("list officer"),
    Role.ANALYST: _("analyst"),
    Role.REVIEWER: _("reviewer"),
    Role.RELEASE_OFFICER: _("release officer"),
    Role.AUDITOR: _("auditor"),
    Role.OVERSIGHT: _("oversight"),
    Role.ADMINISTRATOR: _("administrator"),
}

_WORKING = frozenset({Role.LIST_OFFICER, Role.ANALYST, Role.REVIEWER, Role.RELEASE_OFFICER})
_ALL = frozenset(Role)

PERMISSIONS: dict[str, frozenset[Role]] = {
    "home.see": _ALL,
    "sources.see": _ALL,
    "sources.load": frozenset({Role.LIST_OFFICER}),
    "record.read": _WORKING | {Role.OVERSIGHT},
    "record.grade": frozenset({Role.ANALYST, Role.REVIEWER}),
    "record.resolve": frozenset({Role.ANALYST, Role.REVIEWER}),
    "record.restrict": frozenset({Role.LIST_OFFICER, Role.REVIEWER}),
    "record.erase": frozenset({Role.LIST_OFFICER, Role.REVIEWER}),
    "screen.run": frozenset({Role.LIST_OFFICER, Role.ANALYST, Role.REVIEWER}),
    "review.see": _WORKING | {Role.OVERSIGHT},
    "review.decide": frozenset({Role.REVIEWER, Role.LIST_OFFICER, Role.RELEASE_OFFICER}),
    "release.see": _WORKING | {Role.OVERSIGHT, Role.AUDITOR},
    "release.propose": frozenset({Role.ANALYST, Role.REVIEWER, Role.RELEASE_OFFICER}),
    "release.sign": frozenset({Role.REVIEWER, Role.RELEASE_OFFICER}),
    "partners.manage": frozenset({Role.RELEASE_OFFICER}),
    "rights.see": frozenset({Role.LIST_OFFICER, Role.REVIEWER, Role.OVERSIGHT}),
    "rights.handle": frozenset({Role.LIST_OFFICER, Role.REVIEWER}),
    "oversight.examine": frozenset({Role.OVERSIGHT}),
    "audit.see": frozenset({Role.AUDITOR}),
    "people.manage": frozenset({Role.ADMINISTRATOR}),
}

OPERATORS_OWN = frozenset(
    {
        "release.see",
        "release.propose",
        "release.sign",
        "partners.manage",
        "rights.see",
        "rights.handle",
    }
)
"""What the operator of the installation does in its own name: of its people alone, whatever role others were given."""
INDEPENDENT = frozenset({Role.AUDITOR, Role.OVERSIGHT})
"""Roles that are of another organisation by their nature, and examine the operator."""
