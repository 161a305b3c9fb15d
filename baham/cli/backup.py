"""`baham backup`: a whole copy, made while people work."""

from pathlib import Path
from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import note, refuse

app = typer.Typer(rich_markup_mode=None)


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="A folder that is not there yet, on another disk.")]) -> None:
    """Copy database, log, keys and files into a folder; the name index is built anew from them (docs/backup.md)."""
    boot()
    from baham.platform.backup import CannotCopy
    from baham.platform.backup import backup as copy

    try:
        made = copy(to)
    except CannotCopy as error:
        refuse(error)
    if made["secret_outside"]:
        note("BAHAM_SECRET_KEY is set outside and is not in the backup: keep it with it")
    typer.echo(f"{to}: {len(made['files'])} files, {made['log']} entries of the log, {made['database']}")
