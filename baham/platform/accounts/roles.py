"""Roles, and what each may do. A plain table: what is not in it is forbidden.

The administrator keeps the machine running and sees no data; the auditor and the oversight body see what was done, and
decide nothing. `tests/safeguards/test_s09_permissions.py` holds every page against this table.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class _Roles(type):
    """The roles that there are, as an enumeration is asked for them: `Role(code)`, `for role in Role`."""

    _known: dict[str, "Role"]

    def __iter__(cls) -> Iterator["Role"]:
        return iter(cls._known.values())

    def __len__(cls) -> int:
        return len(cls._known)


class Role(metaclass=_Roles):
    """What somebody is here to do. A measure may add its own (`Role.add`). ValueError for a code that is none."""

    LIST_OFFICER: ClassVar["Role"]
    ANALYST: ClassVar["Role"]
    REVIEWER: ClassVar["Role"]
    RELEASE_OFFICER: ClassVar["Role"]
    AUDITOR: ClassVar["Role"]
    OVERSIGHT: ClassVar["Role"]
    ADMINISTRATOR: ClassVar["Role"]

    _known: ClassVar[dict[str, "Role"]] = {}
    value: str
    label: str | Promise

    def __new__(cls, code: str) -> "Role":
        if code not in cls._known:
            raise ValueError(f"{code!r} is no role")
        return cls._known[code]

    @classmethod
    def add(cls, code: str, label: str | Promise) -> "Role":
        """Make a role known; once."""
        if code in cls._known:
            raise ValueError(f"the role {code!r} is there already")
        role = cls._known[code] = object.__new__(cls)
        role.value, role.label = code, label
        return role

    @classmethod
    def is_known(cls, code: str) -> bool:
        """Whether there is such a role here; one of a measure that is gone is none, and opens nothing."""
        return code in cls._known

    def __reduce__(self) -> tuple[Any, ...]:
        return Role, (self.value,)

    def __repr__(self) -> str:
        return f"Role({self.value!r})"


Role.LIST_OFFICER = Role.add("list_officer", _("list officer"))
Role.ANALYST = Role.add("analyst", _("analyst"))
Role.REVIEWER = Role.add("reviewer", _("reviewer"))
Role.RELEASE_OFFICER = Role.add("release_officer", _("release officer"))
Role.AUDITOR = Role.add("auditor", _("auditor"))
Role.OVERSIGHT = Role.add("oversight", _("oversight"))
Role.ADMINISTRATOR = Role.add("administrator", _("administrator"))

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
