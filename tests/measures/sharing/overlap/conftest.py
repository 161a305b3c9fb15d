"""The parties of the release room, and a partner whose agreement allows overlap checks."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from baham.platform.release.models import Partner
from baham.platform.release.partners import add_key
from tests.platform.release.conftest import agency, agree, ledger, liaison, officers, partner  # noqa: F401
from tests.support.people import actor


@pytest.fixture
def home(settings, monkeypatch) -> Path:
    """The data folder of this test, for the parts that know no Django too."""
    monkeypatch.setenv("BAHAM_HOME", str(settings.HOME))
    return settings.HOME


@pytest.fixture
def ready(ledger, liaison, agree) -> Callable[..., Partner]:  # noqa: F811
    """A liaison partner whose agreement allows overlap checks on names and birth dates, and whose key is pinned."""
    add_key(actor(), liaison, "sign", base64.b64encode(bytes(range(32))).decode())

    def make(**more):
        agree(liaison, **{"overlap_daily": 256, "overlap_share": 0.05, **more})
        return liaison

    return make
