"""A small ledger with an index, for every safeguard."""

import pytest

from baham.platform.ledger.models import Entity
from baham.platform.screening import index
from tests.support.lists import load_rows


@pytest.fixture
def ledger(db, tmp_path) -> dict[str, Entity]:
    """The invented list, loaded and indexed; its entities by their key."""
    load_rows(tmp_path)
    index.build()
    return {entity.key: entity for entity in Entity.objects.all()}
