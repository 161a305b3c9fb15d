"""A measure is a folder: one is begun, one is switched off, and the house needs no edit for either."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from baham.platform.environment import BadSetting, measures
from baham.platform.hooks import HOOKS
from baham.platform.measure import installed

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
OF_THE_HOUSE = (
    "tests/test_house.py",
    "tests/docs",
    "tests/platform/shell",
    "tests/platform/test_pages.py",
    "tests/platform/release/test_exits.py",
    "tests/safeguards/test_s09_permissions.py",
    "tests/cli/test_machine.py",
)
LINKS = "tests/safeguards/test_s49_need_to_know.py::test_no_link_ends_in_a_refusal"


def run(folder: Path, *words: object, **more: str) -> None:
    done = subprocess.run([*map(str, words)], cwd=folder, env={**os.environ, **more}, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"


def changed(folder: Path) -> set[str]:
    said = subprocess.run(
        ["git", "status", "--porcelain", "-uall"], cwd=folder, check=True, capture_output=True, text=True
    )
    return {line[3:] for line in said.stdout.splitlines()}


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of what is in the working tree, with a history of its own, and what was built."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    folder = tmp_path / "checkout"
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for built in (*ROOT.glob("baham/**/django.mo"), ROOT / "baham/platform/shell/static/vendor"):
        target = folder / built.relative_to(ROOT)
        if built.is_dir():
            shutil.copytree(built, target)
        else:
            shutil.copy(built, target)
    for act in (("init", "-q"), ("add", "-A"), ("-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x")):
        subprocess.run(["git", *act], cwd=folder, check=True)
    return folder


@pytest.mark.long
def test_a_measure_is_begun_without_an_edit_elsewhere(checkout):
    run(checkout, sys.executable, "scripts/measure.py", "weather")
    assert all(name.startswith(("baham/measures/weather/", "tests/measures/weather/")) for name in changed(checkout))
    run(checkout, BIN / "ruff", "check", ".")
    run(checkout, BIN / "ruff", "format", "--check", ".")
    run(checkout, BIN / "mypy")
    run(checkout, BIN / "lint-imports", "--no-cache")
    run(checkout, sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", *OF_THE_HOUSE, LINKS, "tests/measures/weather")
    for language in ("ur", "ps"):
        assert (checkout / "baham/measures/weather/locale" / language / "LC_MESSAGES" / "django.mo").exists()
    assert all(name.startswith(("baham/measures/weather/", "tests/measures/weather/")) for name in changed(checkout))


@pytest.mark.long
def test_with_every_measure_off_the_house_stands_and_no_link_is_dead():
    run(ROOT, sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", *OF_THE_HOUSE, LINKS, BAHAM_MEASURES="none")


def test_nothing_below_the_measures_names_one():
    """What import-linter cannot see: names in strings."""
    for floor in ("kernel", "engines", "formats", "platform"):
        for path in (ROOT / "baham" / floor).rglob("*.py"):
            for one in installed():
                assert one.app not in path.read_text(), f"{path} names {one.app}"


def test_every_manifest_is_of_its_folder_and_promises_nothing_in_vain():
    hooks = {hook.name for hook in HOOKS}
    for one in installed():
        assert (ROOT / one.app.replace(".", "/")).is_dir()
        named = [
            one.records,
            one.held,
            one.kinds,
            *one.jobs.values(),
            *one.hourly,
            *(what for _hook, what in one.hooks),
        ]
        for what in filter(None, named):
            one.find(what)
        assert {hook for hook, _what in one.hooks} <= hooks
        assert all((ROOT / "docs" / page).exists() for page in one.docs)


def test_a_slip_in_the_setting_is_told(monkeypatch):
    monkeypatch.setenv("BAHAM_MEASURES", "sharing, wether")
    with pytest.raises(BadSetting, match="'wether' is no measure of this installation"):
        measures(["sharing"])
    monkeypatch.setenv("BAHAM_MEASURES", "none")
    assert measures(["sharing"]) == []


@pytest.mark.django_db
def test_a_role_of_a_measure_that_is_gone_opens_nothing_and_breaks_nothing():
    from baham.platform.accounts.models import RoleGrant
    from baham.platform.accounts.roles import Role
    from tests.support.people import person, signed_in

    user = person(Role.ANALYST)
    RoleGrant.objects.create(user=user, role="forecaster", granted_by="test")
    assert user.roles == {Role.ANALYST}
    assert signed_in(user).get("/").status_code == 200


def test_every_hook_is_documented_and_is_a_list():
    from importlib import import_module

    text = (ROOT / "docs" / "measures.md").read_text()
    for hook in HOOKS:
        module, _, name = hook.list_of.partition(":")
        assert isinstance(getattr(import_module(module), name), list)
        assert f"| `{hook.name}` | {hook.when} |" in text
    assert text.count("\n| `") == len(HOOKS)
