"""`baham screening`: what screening does to whom."""

import json as as_json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baham.platform.outputs import check_file, check_folder
from baham.platform.terminal import note, refuse

if TYPE_CHECKING:
    from rich.table import Table

    from baham.engines.fairness import Report

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Measure what screening does to whom."""


@app.command()
def fairness(
    out: Annotated[Path | None, typer.Option(help="Folder for fairness.svg, fairness.txt and fairness.json.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The figures as JSON on stdout, instead of the table.")] = False,
) -> None:
    """False alarms by group, on a made-up world (docs/fairness.md). Exit code 1 if a group bears more than twice
    the overall rate."""
    from baham.engines.fairness import draw, measure

    check_folder("--out", out)
    for name in ("fairness.svg", "fairness.txt", "fairness.json"):
        if out and out.is_dir():
            check_file("--out", out / name)
    report = measure()
    figures = as_json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n"
    text = _as_text(report)
    if out:
        try:
            out.mkdir(parents=True, exist_ok=True)
            (out / "fairness.svg").write_text(draw(report), encoding="utf-8")
            (out / "fairness.txt").write_text(text, encoding="utf-8")
            (out / "fairness.json").write_text(figures, encoding="utf-8")
        except OSError as error:
            refuse(f"{error.filename or out}: {(error.strerror or str(error)).lower()}")
        note(f"written: {out / 'fairness.svg'}, fairness.txt, fairness.json")
    typer.echo(figures if json else text, nl=False)
    if report.problems():
        raise typer.Exit(1)


@app.command()
def verify() -> None:
    """Read the name index whole and compare every checksum. Exit code 1 if it was damaged; it is built anew then."""
    from baham.platform.boot import boot

    boot()
    from baham.platform.screening import index

    wrong = index.verify()
    if wrong:
        refuse(f"the name index was damaged and has been built anew from the ledger: {wrong}", code=1)
    typer.echo("the name index is as it was written")


def _as_text(report: "Report") -> str:
    """The tables as text, a hundred and ten columns wide."""
    from io import StringIO

    from rich.console import Console

    from baham.engines.fairness import DIMENSIONS, MOST, ONE_IN

    paper = StringIO()
    console = Console(file=paper, width=110, highlight=False, no_color=True)
    console.print(
        f"False alarms of name screening by group, on a made-up world: {report.listed:,} listed persons and "
        f"{report.everybody.namesakes.n:,} strangers on several lists. How it is made, and what it cannot show: "
        "docs/fairness.md.\n"
        f"FPR: strangers with an alarm, who are nobody's namesake. TPR: listed persons found. PPV: alarms that are "
        f"right if one in {ONE_IN:,} asked is listed (namesakes are false alarms here). Intervals are 95 %.\n"
    )
    for dimension in DIMENSIONS:
        console.print(_table(report, dimension, "At the default threshold"))
        console.print(_by_threshold(report, dimension))
    problems = report.problems()
    for problem in problems:
        console.print(f"FAIL  {problem}")
    if not problems:
        console.print(f"pass  no group bears more than {MOST:g} times the overall rate of false alarms")
    return "\n".join(line.rstrip() for line in paper.getvalue().splitlines()) + "\n"


def _table(report: "Report", dimension: str, title: str) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(title=f"{title} ({report.operating:g}), by {_by(dimension)}", box=box.ASCII, title_justify="left")
    for column in ("group", "strangers", "FPR", "interval", "× overall", "interval", "namesakes", "TPR", "PPV"):
        table.add_column(column, justify="left" if column == "group" else "right", no_wrap=True)
    for group in (report.everybody, *(g for g in report.groups if g.dimension == dimension)):
        at = group.operating(report.operating)
        (low, high), (least, most) = at.false.interval, report.ratio_interval(group)
        table.add_row(
            group.name,
            f"{at.false.n:,}",
            f"{at.false.value:.2%}",
            f"{low:.2%}–{high:.2%}",
            f"{report.ratio(group):.2f}",
            f"{least:.2f}–{most:.2f}",
            f"{group.namesakes.value:.2%}",
            f"{at.found.value:.1%}",
            f"{at.worth:.2%}",
        )
    return table


def _by_threshold(report: "Report", dimension: str) -> "Table":
    from rich import box
    from rich.table import Table

    title = f"FPR, TPR and PPV in per cent at five thresholds, by {_by(dimension)}"
    table = Table(title=title, box=box.ASCII, title_justify="left")
    table.add_column("group", no_wrap=True)
    for threshold in report.thresholds:
        table.add_column(f"{threshold:g}", justify="right", no_wrap=True)
    for group in (report.everybody, *(g for g in report.groups if g.dimension == dimension)):
        cells = (f"{at.false.value * 100:4.1f} {at.found.value * 100:5.1f} {at.worth * 100:4.1f}" for at in group.at)
        table.add_row(group.name, *cells)
    return table


def _by(dimension: str) -> str:
    return "how common the name is (1 the rarest tenth)" if dimension.startswith("how") else dimension
