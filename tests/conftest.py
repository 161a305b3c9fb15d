"""What all tests share: the real lists where they are, and a data folder of its own for every test."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from baham.platform.measure import installed, switched_on
from tests.support.homes import Begin, template

# A slow machine is no fault of the code; and a run that passed passes again on the same code.
hypothesis_settings.register_profile("baham", deadline=None, derandomize=True)
hypothesis_settings.load_profile("baham")

ROOT = Path(__file__).resolve().parents[1]
REALDATA = Path(os.environ.get("BAHAM_REALDATA", ROOT.parent / "shared" / "data"))


_ORDER = (
    ("tests/journeys",),
    ("tests/formats", "tests/kernel", "tests/engines/overlap", "tests/measures/sharing/taxii", "tests/docs"),
    (
        "tests/safeguards/test_s12",
        "tests/demo",
        "tests/cli",
        "tests/measures/sharing/overlap/test_proc",
        "tests/platform/screening/test_processes",
        "power_cut",
        "test_cut_off",
        "test_yente_client",
    ),
)
"""What begins first: the journeys, which are the longest; what compares no names, while the journeys' world is made and
the first comparison of names is compiled; then the other files that take long. The last to begin are short ones."""


def _turn(item: pytest.Item) -> int:
    return next((turn for turn, parts in enumerate(_ORDER) if any(part in item.nodeid for part in parts)), len(_ORDER))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """A file's tests stay in one process; and all journeys in one, so that they share a house, a browser and what was
    examined already."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "journeys" if nodeid.startswith("tests/journeys/") else super()._split_scope(nodeid)

    return Together(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins early, so that no process is left with it at the end. And skip what this machine lacks."""
    items.sort(key=_turn)
    off = tuple(f"tests/measures/{one.name}/" for one in installed() if one not in switched_on())
    for item in items:
        if off and item.nodeid.startswith(off):
            item.add_marker(pytest.mark.skip(reason="its measure is switched off (BAHAM_MEASURES)"))
    if not REALDATA.is_dir():
        absent = pytest.mark.skip(reason=f"the public lists are not at {REALDATA} (BAHAM_REALDATA)")
        for item in items:
            if item.get_closest_marker("realdata"):
                item.add_marker(absent)


@pytest.fixture
def realdata() -> Path:
    """The folder with the public lists."""
    return REALDATA


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, settings: object) -> None:
    """Each test has its own data folder: log anchors, index files, uploads."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()


@pytest.fixture(autouse=True)
def _own_language():
    """A page in Urdu leaves its thread in Urdu; the next test begins in English again."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def _empty_text() -> None:
    """Where a test's rows are flushed and not rolled back, its full text goes with them: no model stands for that."""
    from django.apps import apps
    from django.db import connections
    from django.db.models.signals import post_migrate

    def empty(using: str, **_: object) -> None:
        if connections[using].vendor == "sqlite":
            with connections[using].cursor() as cursor:
                cursor.execute("INSERT INTO ledger_fulltext(ledger_fulltext) VALUES ('delete-all')")

    post_migrate.connect(empty, sender=apps.get_app_config("ledger"), weak=False)


@pytest.fixture(scope="session")
def begin(tmp_path_factory: pytest.TempPathFactory) -> Begin:
    """Begins a data folder for commands, tables in it: `begin(folder)` gives the folder."""

    def made(home: Path) -> Path:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy(template(tmp_path_factory), home / "baham.sqlite3")
        return home

    return made
