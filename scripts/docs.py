"""Write the generated parts of docs/: the commands from their help, the safeguards from their register.

`python scripts/docs.py` writes them; `--check` ends with 1 if they are not what would be written.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baham.platform.measure import Measure

ROOT = Path(__file__).resolve().parents[1]
HEAD = "Written by `make docs` from the commands' own help; a test compares the two."


def commands() -> str:
    """docs/commands.md: every command of the platform with its own help."""
    from baham.cli.main import COMMANDS
    from baham.platform.measure import installed

    told = [
        f"Those of {one.title.lower()} ({', '.join(f'`{name}`' for name in one.commands)}) are in"
        f" [its folder](../{one.app.replace('.', '/')}/commands.md).\n"
        for one in installed()
        if one.commands
    ]
    return "\n".join([f"# Commands\n\n{HEAD}\n", *told, *_helps(["", *COMMANDS])])


def of_measure(measure: "Measure") -> str:
    """A measure's commands.md, in its own folder."""
    groups = sorted(name for name in measure.commands)
    return "\n".join([f"# Commands of {measure.title.lower()}\n\n{HEAD}\n", *_helps(groups)])


def workflows_of(measure: "Measure") -> str:
    """A measure's workflows.md: each workflow as a drawing, with its version and the hash of its graph.

    SystemExit where a graph has changed and its version has not: running cases would move to what nobody declared.
    """
    from baham.platform.boot import boot

    boot(migrate=False)
    from baham.platform.cases.workflow import diagram

    path = ROOT / measure.app.replace(".", "/") / "workflows.md"
    known = dict(re.findall(r"^`(\w[\w-]* version \d+)`: (\w+)$", path.read_text(), re.M)) if path.exists() else {}
    parts = [f"# Workflows of {measure.title.lower()}\n\nWritten by `make docs` from the declarations.\n"]
    for flow in measure.find(measure.workflows):
        called = f"{flow.code} version {flow.version}"
        if known.get(called, flow.graph) != flow.graph:
            raise SystemExit(f"{measure.name}: the graph of {called} has changed: give it another version")
        parts.append(f"## {flow.title}\n\n`{called}`: {flow.graph}\n\n```mermaid\n{diagram(flow)}\n```\n")
    return "\n".join(parts)


def _helps(groups: list[str]) -> Iterator[str]:
    """The help of each of these groups, and of each command in it."""
    from typer.main import get_command
    from typer.testing import CliRunner

    from baham.cli.main import app
    from baham.platform.measure import installed

    os.environ |= {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"}
    extended = {name for one in installed() for name in one.commands if " " in name}
    for group in groups:
        found = get_command(app) if not group else get_command(app).get_command(None, group.split()[0])
        several = getattr(found, "commands", {}) if group and " " not in group else {}
        for words in [group.split(), *([group, one] for one in several if f"{group} {one}" not in extended)]:
            done = CliRunner().invoke(app, [*words, "--help"], prog_name="baham", catch_exceptions=False)
            assert done.exit_code == 0, (words, done.output)
            shown = "\n".join(row.rstrip() for row in done.stdout.strip().splitlines())
            yield f"## `baham{''.join(' ' + word for word in words)}`\n\n```\n{shown}\n```\n"


def safeguards() -> str:
    """docs/safeguards.md: the register."""
    from baham.platform.safeguards import REGISTER

    rows = [
        f"| {one.number} | {one.promise} | {f'`tests/safeguards/{one.test}`' if one.test else 'not yet'} |"
        for one in REGISTER
    ]
    head = (
        "# Safeguards\n\nWritten by `make docs` from `baham/platform/safeguards.py`. `baham safeguards` runs the tests"
        " and says pass or fail;\n*not yet* means that the part of Baham which it guards does not exist.\n\n"
        "| No. | Promise | Test |\n|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def pages() -> dict[str, Callable[[], str]]:
    """What is generated: {path: how}."""
    from baham.platform.measure import installed

    found = {"docs/commands.md": commands, "docs/safeguards.md": safeguards}
    for one in installed():
        if one.commands:
            found[f"{one.app.replace('.', '/')}/commands.md"] = partial(of_measure, one)
        if one.workflows:
            found[f"{one.app.replace('.', '/')}/workflows.md"] = partial(workflows_of, one)
    return found


def main(check: bool) -> int:
    stale = 0
    for name, make in pages().items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text() == text:
            continue
        stale += 1
        if check:
            print(f"{name} is out of date: run `make docs`", file=sys.stderr)
        else:
            path.write_text(text)
            print(f"{name} written")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
