"""Who works in the demonstration world. The passwords are public: they open nothing but a world that is invented."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baham.kernel.handling import Audience
from baham.platform.accounts.roles import Role
from baham.platform.world.history import clock


@dataclass(frozen=True, slots=True)
class Office:
    """An agency, bank or society, what it does here, where on the map it sits (geography.PLACES), and how near it
    stands to the operator, the agencies of Sarvan."""

    name: str
    name_local: str
    task: str | Promise
    place: str
    audience: Audience = Audience.ORGANISATION


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody who can sign in."""

    username: str
    password: str
    full_name: str
    role: Role
    office: str
    language: str = "en"


KOHSAR_CTD = "Kohsar Provincial CTD"
DARYAB_CTD = "Daryab CTD"
HOME_DEPARTMENT = "Home Department, Kohsar"
POST = "Border post Torsang"
BANK = "Daryab Commercial Bank"
FORUM = "Sarvan Rights and Remedy Forum"

OFFICES = (
    Office(HOME_DEPARTMENT, "محکمۂ داخلہ، کوہسار", _("keeps the national list"), "Rudabar"),
    Office(KOHSAR_CTD, "کوہسار صوبائی سی ٹی ڈی", _("writes desk statements; reviews hits"), "Rudabar"),
    Office(DARYAB_CTD, "دریاب سی ٹی ڈی", _("analyses and grades"), "Lower Daryab"),
    Office(POST, "تورسنگ سرحدی چوکی", _("asks about travellers"), "Torsang"),
    Office(BANK, "دریاب کمرشل بینک", _("asks about customers and payees"), "Daryab Port", Audience.COMMUNITY),
    Office("Liaison Office, Markaz", "دفترِ رابطہ، مرکز", _("decides what is released to partners"), "Markaz City"),
    Office("Court of Audit of Sarvan", "عدالتِ محاسبہ، سروان", _("examines the log"), "Markaz City", Audience.COMMUNITY),
    Office(
        FORUM,
        "سروان فورم برائے حقوق و ازالہ",
        _("watches over the rights of those listed"),
        "Nilkot",
        Audience.COMMUNITY,
    ),
    Office("Kohsar Data Centre", "کوہسار ڈیٹا سینٹر", _("keeps the machine running"), "Rudabar"),
)

CLERKS = (
    Clerk("noor", "lantern-over-kohsar", "S. Noor", Role.REVIEWER, KOHSAR_CTD),
    Clerk("halim", "seven-stone-bridges", "N. Halim", Role.REVIEWER, HOME_DEPARTMENT, "ur"),
    Clerk("barvand", "paper-ink-and-ledger", "G. Barvand", Role.LIST_OFFICER, HOME_DEPARTMENT, "ur"),
    Clerk("tirvash", "slow-river-daylight", "Z. Tirvash", Role.ANALYST, DARYAB_CTD, "ps"),
    Clerk("lashvar", "mountain-gate-at-dawn", "T. Lashvar", Role.ANALYST, POST, "ps"),
    Clerk("korband", "copper-coin-counter", "M. Korband", Role.ANALYST, BANK),
    Clerk("ulvand", "four-sealed-letters", "R. Ulvand", Role.RELEASE_OFFICER, "Liaison Office, Markaz", "ur"),
    Clerk("sangvar", "every-line-examined", "K. Sangvar", Role.AUDITOR, "Court of Audit of Sarvan"),
    Clerk("zaravan", "open-window-in-nilkot", "P. Zaravan", Role.OVERSIGHT, FORUM, "ur"),
    Clerk("darvakh", "quiet-machine-room", "J. Darvakh", Role.ADMINISTRATOR, "Kohsar Data Centre"),
)


SECRETS = {"nilgar": "eleven-apricot-trees", "varand": "a-bridge-over-the-same-river"}
"""With what the two partners sign in (`partners.py`)."""


def engage(at: datetime) -> None:
    """Make the offices and accounts, with roles in force since `at`."""
    from baham.platform.accounts.models import Organisation, RoleGrant, User
    from baham.platform.accounts.services import add_person
    from baham.platform.audit.services import Actor

    for office in OFFICES:
        Organisation.objects.create(name=office.name, name_local=office.name_local, audience=office.audience)
    reason = "Demonstration world: appointed by the invented office named beside the account."
    with clock(at), _quick_hashes():
        for clerk in CLERKS:
            add_person(
                Actor("terminal:demo"),
                clerk.username,
                clerk.password,
                clerk.full_name,
                [clerk.role.value],
                clerk.office,
                reason,
                clerk.language,
            )
    # A default that is bound to the clock of the machine does not follow ours.
    RoleGrant.objects.filter(user__in=User.objects.all()).update(since=at)


@contextmanager
def _quick_hashes() -> Iterator[None]:
    """Hash in a moment. The passwords are printed by the command, so there is nothing to guess; whoever signs in gets
    a full hash then."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    full = PBKDF2PasswordHasher.iterations
    PBKDF2PasswordHasher.iterations = 1_000
    try:
        yield
    finally:
        PBKDF2PasswordHasher.iterations = full
