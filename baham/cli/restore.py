"""`baham restore`: an installation from its backup."""

from pathlib import Path
from typing import Annotated

import typer

from baham.platform.terminal import refuse

app = typer.Typer(rich_markup_mode=None)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="The folder that `baham backup` wrote.")],
    log: Annotated[
        Path | None, typer.Option(help="The folder `audit` of the home that was lost, where it is newer.")
    ] = None,
) -> None:
    """Check a backup to the last byte and put it into an empty BAHAM_HOME; then the log is examined and the name index
    built. Exit code 1 where the log is not what it was (docs/backup.md)."""
    from baham.platform.backup import CannotCopy
    from baham.platform.backup import restore as put_back

    if log is not None and not (log / "leaves").is_file():
        refuse(f"{log}: no copy of the log (it has no file `leaves`)")
    try:
        made = put_back(source, log)
    except CannotCopy as error:
        refuse(error)
    from baham.platform.boot import boot

    boot()
    from baham.platform.audit import anchor
    from baham.platform.audit.verify import verify
    from baham.platform.screening import index

    index.build(whole=True)
    typer.echo(f"restored: as of {made['made']}, {made['log']} entries of the log; the name index is built")
    try:
        anchor.check_now()
    except anchor.OlderThanLog as error:
        refuse(error, code=1)
    finding = verify()
    typer.echo(("intact: " if finding.intact else "NOT INTACT: ") + finding.message, err=not finding.intact)
    raise typer.Exit(0 if finding.intact else 1)
