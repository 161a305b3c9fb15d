"""The house holds: imports point down, files stay readable, the kernel stays small, the start stays quick."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST_FILE = 500
LARGEST_KERNEL = 1_600
HEAVY = {
    "django",
    "numpy",
    "scipy",
    "rigour",
    "rapidfuzz",
    "numba",
    "icu",
    "cryptography",
    "huey",
    "granian",
    "ninja",
    "allauth",
    "rich",
    "defusedxml",
}
HELD = ("*.py", "*.html", "*.css", "*.js", "*.mjs", "*.sh")


def files(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns], cwd=ROOT, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\n") if name and (ROOT / name).exists()]


def test_every_import_points_down():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_measures_do_not_know_each_other():
    rooms = [path.name for path in (ROOT / "baham" / "measures").iterdir() if (path / "__init__.py").exists()]
    for room in rooms:
        for path in (ROOT / "baham" / "measures" / room).rglob("*.py"):
            for other in rooms:
                assert other == room or f"baham.measures.{other}" not in path.read_text(), f"{path} knows {other}"


@pytest.mark.parametrize(
    "path", [p for p in files(*HELD) if "/migrations/" not in str(p)], ids=lambda p: str(p.relative_to(ROOT))
)
def test_a_file_reads_in_one_sitting(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


def test_the_kernel_is_small():
    lines = sum(len(path.read_text().splitlines()) for path in (ROOT / "baham" / "kernel").glob("*.py"))
    assert lines <= LARGEST_KERNEL


def test_help_starts_without_heavy_packages():
    code = (
        "import sys, json\nfrom baham.cli.main import app\nsys.argv = ['baham', '--help']\n"
        "try:\n    app()\nexcept SystemExit:\n    pass\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert not loaded & HEAVY
    assert "sources" in done.stdout


def test_migrations_are_complete():
    environment = {name: value for name, value in os.environ.items() if name != "BAHAM_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "django", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**environment, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_public_names_say_what_they_mean():
    """Every public module, class and function of the lower floors has a docstring."""
    bare = []
    for floor in ("kernel", "formats", "engines"):
        for path in (ROOT / "baham" / floor).rglob("*.py"):
            tree = ast.parse(path.read_text())
            if path.stat().st_size and not ast.get_docstring(tree):
                bare.append(str(path.relative_to(ROOT)))
            for node in tree.body:
                if (
                    isinstance(node, ast.FunctionDef | ast.ClassDef)
                    and not node.name.startswith("_")
                    and not ast.get_docstring(node)
                ):
                    bare.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not bare


def test_no_style_or_script_inside_pages():
    """The content security policy allows neither, so a page that had them would be broken."""
    for path in files("*.html"):
        text = path.read_text()
        assert not re.search(
            r"""\sstyle=|<style|\son[a-z]+="|<script(?![^>]*\b(?:src=|type="application/json"))""", text
        ), path


def test_no_path_of_a_machine_and_no_registry_is_committed():
    for path in files("*"):
        if path.suffix in (".png", ".woff2", ".mo"):
            continue
        text = path.read_text(errors="replace")
        assert not re.search(r"/(?:work|root|home/\w+)/", text) or path.name == "test_house.py", path
        if path.name == "package-lock.json":
            assert '"resolved"' not in text
