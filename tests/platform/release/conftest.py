"""A ledger of an invented list and an ungraded desk, a trusted agency and a liaison partner, with agreements in force."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from baham.kernel.handling import PAP, TLP
from baham.platform.accounts.models import User
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.release import agreements
from baham.platform.release.models import Agreement, Partner
from baham.platform.release.partners import add_partner
from baham.platform.review.services import decide
from tests.support.lists import load_rows
from tests.support.people import actor, person

WHY = "An invented reason that is long enough."
LAW = "Public Safety Act 2009, s. 40"


@pytest.fixture
def officers(db) -> tuple[User, User]:
    """Two people who may sign."""
    return person(Role.RELEASE_OFFICER, "ulvand"), person(Role.REVIEWER, "noor")


@pytest.fixture
def ledger(db, tmp_path) -> dict[str, Entity]:
    """A list marked TLP:AMBER and graded B2; its entities by their key."""
    load_rows(tmp_path)
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN), grade="B2", scheme="admiralty-6x6")
    return {entity.key: entity for entity in Entity.objects.all()}


@pytest.fixture
def partner(db) -> Callable[..., Partner]:
    """Makes partners."""

    def make(name: str = "daryab", kind: str = "agency", **more: Any) -> Partner:
        more.setdefault("trusted", kind == "agency")
        return add_partner(actor(), name, name.title(), kind, reason=WHY, **more)[0]

    return make


@pytest.fixture
def agree(officers) -> Callable[..., Agreement]:
    """Makes an agreement and has a second person sign it."""

    def make(partner: Partner, sign: bool = True, **more: Any) -> Agreement:
        more = {
            "purposes": ["analysis", "screening"],
            "fields": None if partner.trusted else ["name", "birthDate"],
            "legal_basis": LAW,
            "ends": timezone.now() + timedelta(days=90),
            **more,
        }
        made = agreements.put_forward(Actor("ulvand"), partner, **more)
        if sign:
            decide(made.matter, officers[1], Actor("noor"), "sign", WHY)
        made.refresh_from_db()
        return made

    return make


@pytest.fixture
def agency(partner, agree) -> Partner:
    """A trusted agency with an agreement in force."""
    made = partner()
    agree(made)
    return made


@pytest.fixture
def liaison(partner, agree) -> Partner:
    """A partner who is not trusted, with an agreement on names and birth dates."""
    made = partner("varand", "liaison")
    agree(made)
    return made
