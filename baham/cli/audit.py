"""`baham audit`: whether the log is what it was."""

import json
from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import Progress, refuse

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


@app.command()
def prove(number: Annotated[int, typer.Argument(min=0, help="The number of an entry.")]) -> None:
    """Print the proof that an entry is in the log under the signed tree head, as JSON (RFC 9162, section 2.1.3)."""
    boot()
    from baham.platform.audit import anchor

    try:
        proof = anchor.prove(number)
    except (IndexError, ValueError) as error:
        refuse(error)
    typer.echo(
        json.dumps(
            {
                "number": proof.number,
                "size": proof.size,
                "root": proof.root.hex(),
                "path": [one.hex() for one in proof.path],
                "key": anchor.public_key(),
            }
        )
    )


@app.command()
def resume(reason: Annotated[str, typer.Option(help="Why the database is older than the log's copy.")]) -> None:
    """Go on with a database that is older than the log's copy outside it: the copy is set aside and named in the log,
    with its size and root, for whoever holds a later signed head."""
    boot()
    from django.utils import timezone

    from baham.platform.audit.resume import CannotResume, go_on
    from baham.platform.audit.services import Actor
    from baham.platform.terminal import actor_name

    try:
        aside = go_on(Actor(actor_name()), reason, timezone.now())
    except CannotResume as error:
        refuse(error)
    typer.echo(f"the newer copy lies in {aside}; the log goes on and says so")
