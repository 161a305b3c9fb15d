"""Write the generated parts of docs/: the commands from their help, the safeguards from their register.

`python scripts/docs.py` writes them; `--check` ends with 1 if they are not what would be written.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = [
    [],
    ["demo"],
    ["serve"],
    ["sources"],
    ["sources", "list"],
    ["sources", "load"],
    ["sources", "update"],
    ["screen"],
    ["screening"],
    ["screening", "fairness"],
    ["people"],
    ["people", "add"],
    ["people", "list"],
    ["clients"],
    ["clients", "add"],
    ["clients", "list"],
    ["clients", "renew"],
    ["clients", "revoke"],
    ["clients", "sweep"],
    ["overlap"],
    ["overlap", "prepare"],
    ["overlap", "serve"],
    ["overlap", "ready"],
    ["overlap", "ask"],
    ["overlap", "log"],
    ["overlap", "stop"],
    ["overlap", "open"],
    ["overlap", "examine"],
    ["taxii"],
    ["taxii", "add"],
    ["taxii", "list"],
    ["taxii", "access"],
    ["taxii", "waiting"],
    ["taxii", "accept"],
    ["taxii", "reject"],
    ["partners"],
    ["partners", "card"],
    ["partners", "add"],
    ["partners", "list"],
    ["partners", "link"],
    ["partners", "sync"],
    ["partners", "end"],
    ["recall"],
    ["recall", "make"],
    ["recall", "list"],
    ["access"],
    ["access", "ask"],
    ["access", "report"],
    ["access", "list"],
    ["access", "appeal"],
    ["erase"],
    ["erase", "ask"],
    ["erase", "list"],
    ["erase", "finish"],
    ["restrict"],
    ["export"],
    ["pack"],
    ["pack", "build"],
    ["pack", "verify"],
    ["pack", "open"],
    ["pack", "receipt"],
    ["audit"],
    ["audit", "verify"],
    ["audit", "prove"],
    ["audit", "resume"],
    ["backup"],
    ["restore"],
    ["screening", "verify"],
    ["safeguards"],
]


def commands() -> str:
    """docs/commands.md: every command with its own help."""
    parts = ["# Commands\n\nWritten by `make docs` from the commands' own help; a test compares the two.\n"]
    from typer.testing import CliRunner

    from baham.cli.main import app

    os.environ |= {"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"}
    for words in COMMANDS:
        done = CliRunner().invoke(app, [*words, "--help"], prog_name="baham", catch_exceptions=False)
        assert done.exit_code == 0, (words, done.output)
        shown = done.stdout.strip()
        shown = "\n".join(row.rstrip() for row in shown.splitlines())
        parts.append(f"## `baham{''.join(' ' + word for word in words)}`\n\n```\n{shown}\n```\n")
    return "\n".join(parts)


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


PAGES = {"docs/commands.md": commands, "docs/safeguards.md": safeguards}


def main(check: bool) -> int:
    stale = 0
    for name, make in PAGES.items():
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
