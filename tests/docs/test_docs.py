"""The documents say what is there: commands, settings, dependencies, safeguards, and every link leads somewhere."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "baham").rglob("*.md")])


def test_generated_pages_are_up_to_date():
    done = subprocess.run([sys.executable, "scripts/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_command_is_documented():
    from baham.cli.main import COMMANDS
    from baham.platform.measure import installed

    text = (ROOT / "docs" / "commands.md").read_text()
    for command in COMMANDS:
        assert f"## `baham {command}`" in text
        assert (ROOT / "baham" / "cli" / f"{command}.py").exists()
    for measure in installed():
        for command, (module, _line) in measure.commands.items():
            folder = ROOT / measure.app.replace(".", "/")
            assert f"## `baham {command}`" in (folder / "commands.md").read_text()
            assert (folder / f"{module.replace('.', '/')}.py").exists()


def test_every_setting_is_documented_and_every_documented_one_exists():
    code = "".join((ROOT / "baham" / "platform" / name).read_text() for name in ("environment.py", "settings.py"))
    documented = re.findall(r"^\| `(BAHAM_\w+)`", (ROOT / "docs" / "settings.md").read_text(), re.M)
    assert sorted(set(re.findall(r'"(BAHAM_\w+)"', code))) == sorted(documented)


def test_settings_are_read_in_one_place():
    for path in (ROOT / "baham").rglob("*.py"):
        if path.name not in ("environment.py", "settings.py", "boot.py", "wsgi.py") and "/cli/" not in str(path):
            assert "os.environ" not in path.read_text(), path


def names(lines: list[str]) -> set[str]:
    return {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in lines}


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    package = json.loads((ROOT / "package.json").read_text())
    text = (ROOT / "docs" / "dependencies.md").read_text()
    given = {name.lower().split("[")[0] for name in re.findall(r"^\| `([^`]+)` \|", text, re.M)}
    wanted = names(project["project"]["dependencies"]) | names(project["dependency-groups"]["dev"])
    wanted |= {*package.get("dependencies", {}), *package.get("devDependencies", {})}
    wanted |= set(project["project"]["optional-dependencies"])
    assert given == wanted
    for extra, packages in project["project"]["optional-dependencies"].items():
        row = re.search(rf"^\| `{extra}` \| (.*) \| .*$", text, re.M)[1]
        assert names(packages) == {name.split("[")[0] for name in re.findall(r"`([^`]+)`", row)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readmes_commands_exist():
    text = (ROOT / "README.md").read_text()
    verbs = set(re.findall(r"^make (\w+)", text, re.M))
    makefile = (ROOT / "Makefile").read_text()
    assert {"demo", "test"} <= verbs
    for verb in verbs:
        assert re.search(rf"^{verb}:", makefile, re.M), verb


def test_safeguards_name_tests_that_exist():
    from baham.platform.safeguards import REGISTER

    named = {one.test for one in REGISTER if one.test}
    there = {path.name for path in (ROOT / "tests" / "safeguards").glob("test_*.py")}
    assert named == there
    assert [one.number for one in REGISTER] == [f"S-{number:02}" for number in range(1, 50)]


def test_nothing_real_is_named():
    """No name of the public lists in the project: their distinctive full names occur nowhere (run where they are)."""
    lists = Path(ROOT.parent / "shared" / "data" / "lists" / "un_consolidated_2026-02-27.xml")
    if not lists.exists():
        pytest.skip("the public lists are not here")
    text = lists.read_text()
    people = re.findall(r"<INDIVIDUAL>.*?</INDIVIDUAL>", text, re.S)
    full = set()
    for person in people:
        parts = [re.search(rf"<{tag}>([^<]+)</{tag}>", person) for tag in ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME")]
        words = " ".join(part[1].strip() for part in parts if part).lower()
        if len(words.split()) >= 3:
            full.add(words)
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    for name in listed:
        path = ROOT / name
        if (
            path.suffix in (".py", ".md", ".html", ".po", ".json")
            and path.exists()
            and path.name != "package-lock.json"
        ):
            content = path.read_text(errors="replace").lower()
            found = [words for words in full if words in content]
            assert not found, path
