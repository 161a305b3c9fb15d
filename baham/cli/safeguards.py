"""`baham safeguards`: the register, each with what its test says now."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated
from xml.etree import ElementTree

import typer

from baham.platform.safeguards import REGISTER

app = typer.Typer(rich_markup_mode=None)
_TESTS = Path(__file__).resolve().parents[2] / "tests" / "safeguards"


@app.command()
def safeguards(
    run: Annotated[bool, typer.Option(help="Run the tests (or only print the register).")] = True,
) -> None:
    """Print the register. Exit code 1 if a safeguard's test fails."""
    results = _run() if run and _TESTS.is_dir() else {}
    failed = False
    for safeguard in REGISTER:
        state = "not yet" if not safeguard.test else results.get(safeguard.test, "not run")
        failed |= state == "FAIL"
        typer.echo(f"{safeguard.number}  {state:8} {safeguard.promise}")
    if not results and run:
        typer.echo("The tests are not installed here; run this in a checkout after `make test`.", err=True)
    raise typer.Exit(1 if failed else 0)


def _run() -> dict[str, str]:
    """Run the tests in a process of their own; `pass` or `FAIL` by file. Empty where pytest is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junit-xml={report}", str(_TESTS)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BAHAM_")}
        subprocess.run(command, cwd=_TESTS.parents[1], env=environment, capture_output=True, check=False)
        if not report.exists():
            return {}
        results: dict[str, str] = {}
        for case in ElementTree.parse(report).iter("testcase"):
            file = case.get("classname", "").split(".")[2:3] or [""]
            bad = case.find("failure") is not None or case.find("error") is not None
            name = f"{file[0]}.py"
            results[name] = "FAIL" if bad else results.get(name, "pass")
        return results
