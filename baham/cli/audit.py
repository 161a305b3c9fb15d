"""`baham audit`: whether the log is what it was."""

import typer

from baham.cli.say import Progress
from baham.platform.boot import boot

app = typer.Typer(help="Examine the audit log.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def group() -> None:
    """Examine the audit log."""


@app.command()
def verify() -> None:
    """Examine every entry against its hash and the signed tree head. Exit 1 names the first that is not as it was."""
    boot()
    from baham.platform.audit.verify import verify as examine

    progress = Progress("Examining the log, entries")
    finding = examine(progress)
    progress.end()
    typer.echo(("intact: " if finding.intact else "NOT INTACT: ") + finding.message, err=not finding.intact)
    raise typer.Exit(0 if finding.intact else 1)
