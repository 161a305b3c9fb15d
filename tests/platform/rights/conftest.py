"""A list of invented persons, and two who sign."""

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.ledger.models import Entity
from baham.platform.screening import index
from tests.support.lists import load_rows
from tests.support.people import person


@pytest.fixture
def ledger(db, tmp_path) -> dict[str, Entity]:
    load_rows(tmp_path)
    index.build()
    return {entity.key: entity for entity in Entity.objects.all()}


@pytest.fixture
def signers(db):
    return person(Role.REVIEWER, "hamida"), person(Role.LIST_OFFICER, "baraan")
