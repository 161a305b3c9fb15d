"""`baham partners link` and `sync`: where a partner's installation is, and what it has said."""

from pathlib import Path
from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import actor_name, note, refuse

app = typer.Typer(help="What sharing adds to `baham partners`.", rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The partner.")]


@app.command()
def link(
    name: Name,
    url: Annotated[str, typer.Option(help="Where the partner's installation is.")],
    login: Annotated[str, typer.Option(help="What it calls us.")],
    secret_file: Annotated[Path, typer.Option(help="A file with the secret that it gave us.")],
) -> None:
    """Say where a partner's installation is and how we sign in there. The secret is kept in a file of its own."""
    boot()
    from baham.measures.sharing.sync import CannotSync
    from baham.measures.sharing.sync import link as keep
    from baham.platform.release.terminal import partner_named

    try:
        keep(partner_named(name), url, login, secret_file.read_text().strip())
    except (CannotSync, OSError) as error:
        refuse(error)
    note(f"{name}: linked to {url}")


@app.command()
def sync(name: Name) -> None:
    """Take what a partner has said since the last time. With nothing new it costs one small answer."""
    boot()
    from baham.measures.sharing import sync as exchange
    from baham.platform.audit.services import Actor
    from baham.platform.release.terminal import partner_named

    try:
        done = exchange.sync(partner_named(name), Actor(actor_name()))
    except exchange.CannotSync as error:
        refuse(error, code=1)
    if done.nothing_new:
        typer.echo(f"{name}: nothing new")
        return
    typer.echo(f"{name}: {done.messages} messages, {done.accepted} accepted, {done.quarantined} in quarantine")
    for why in done.refused:
        note(f"refused: {why}")
