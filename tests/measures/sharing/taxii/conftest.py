"""Two partners who trust each other, and a collection in which they meet."""

import pytest

from baham.measures.sharing.taxii.models import Collection
from tests.measures.sharing.taxii import world


@pytest.fixture
def kohsar(db) -> world.Knocker:
    return world.partner("kohsar")


@pytest.fixture
def nilgar(db) -> world.Knocker:
    return world.partner("nilgar")


@pytest.fixture
def shared(kohsar, nilgar) -> Collection:
    """An unmoderated collection of both."""
    return world.collection(kohsar, nilgar)
