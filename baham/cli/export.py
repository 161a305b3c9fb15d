"""`baham export`: files in the field's formats, of what may leave."""

from pathlib import Path
from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.outputs import check_folder
from baham.platform.terminal import Progress, actor_name, note, refuse

app = typer.Typer(rich_markup_mode=None)


@app.command()
def export(
    to: Annotated[Path, typer.Option(help="The folder to write into.")],
    format: Annotated[str, typer.Option(help="stix, misp, ftm or statements.")],
    partner: Annotated[str, typer.Option(help="For whom. Without: what is public, TLP:CLEAR.")] = "",
    purpose: Annotated[str, typer.Option(help="For which purpose of the agreement.")] = "screening",
) -> None:
    """Write what may leave into a folder: to a partner under its agreement, or to everybody."""
    check_folder("--to", to)
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.release.export import export as write
    from baham.platform.release.partners import CannotChange
    from baham.platform.release.terminal import partner_named

    found = partner_named(partner) if partner else None
    progress = Progress("Entities")
    try:
        done = write(Actor(actor_name()), to, format, partner=found, purpose=purpose, progress=progress)
    except (CannotChange, OSError) as error:
        progress.end()
        refuse(error)
    progress.end()
    typer.echo(f"{to}: {done.statements} statements of {done.entities} entities")
    for what, count in sorted(done.left_out.items()):
        note(f"left out, because the format has no place for it: {what} ({count})")
