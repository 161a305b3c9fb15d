"""Two partners who trust each other, and a collection in which they meet."""

import pytest
from django.db import connections

from baham.measures.sharing.taxii.models import Collection
from tests.measures.sharing.taxii import world


@pytest.fixture(autouse=True)
def _threads_of_a_live_server_keep_no_connection(monkeypatch):
    """PostgreSQL would not drop the test database under one that is still open."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


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
