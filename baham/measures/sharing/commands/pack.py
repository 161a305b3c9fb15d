"""`baham pack`: what is exchanged with a partner, as encrypted files for where no network reaches."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baham.platform.boot import boot
from baham.platform.outputs import check_file, check_readable
from baham.platform.terminal import actor_name, note, refuse

if TYPE_CHECKING:
    pass

app = typer.Typer(
    help="Signed and encrypted files for posts, banks and air gaps.", no_args_is_help=True, rich_markup_mode=None
)
File = Annotated[Path, typer.Argument(help="The pack.")]


@app.command()
def build(
    partner: Annotated[str, typer.Option(help="For whom.")],
    to: Annotated[Path, typer.Option(help="The file to write.")],
    publish: Annotated[
        str, typer.Option(help="First say what leaves by itself under the standing agreement, for this purpose.")
    ] = "",
    since: Annotated[int | None, typer.Option(min=0, help="From this message on; else from the last receipt.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="For how many days it may be opened.")] = 30,
) -> None:
    """Write a pack with everything that a partner has not confirmed to have."""
    boot()
    from baham.formats.pack import BadPack
    from baham.measures.sharing import packs
    from baham.platform.audit.services import Actor
    from baham.platform.release.feed import publish as say
    from baham.platform.release.partners import CannotChange
    from baham.platform.release.terminal import partner_named

    found, actor = partner_named(partner), Actor(actor_name())
    try:
        packs.check_ready(found, to)
        if publish:
            said, ended = say(actor, found, publish, exit="pack")
            note(f"{said} statements said, {ended} ended")
        made = packs.build(actor, found, to, since=since, days=days)
    except (BadPack, CannotChange, OSError) as error:
        refuse(error)
    typer.echo(f"{to}: messages {made.first} to {made.last - 1}, {made.size} bytes")


@app.command()
def verify(file: File) -> None:
    """Check a pack to the last byte, without taking anything in."""
    boot()
    from baham.formats.pack import BadPack
    from baham.measures.sharing import packs

    try:
        partner, held = packs.examine(file)
    except BadPack as error:
        refuse(f"{file}: {error}", code=1)
    typer.echo(f"{file}: from {partner.title}, messages {held.first} to {held.last - 1}, until {held.expires:%Y-%m-%d}")


@app.command("open")
def open_file(file: File) -> None:
    """Take in what a pack brings beyond what was heard before."""
    boot()
    from baham.formats.pack import BadPack
    from baham.measures.sharing import packs
    from baham.platform.audit.services import Actor

    try:
        partner, done = packs.open_pack(Actor(actor_name()), file)
    except BadPack as error:
        refuse(f"{file}: {error}", code=1)
    typer.echo(f"{partner.name}: {done.messages} messages, {done.accepted} accepted, {done.quarantined} in quarantine")
    for why in done.refused:
        note(f"refused: {why}")


@app.command()
def receipt(
    partner: Annotated[str, typer.Option(help="Whose packs.")],
    to: Annotated[Path | None, typer.Option(help="Write the receipt for what was opened here.")] = None,
    read: Annotated[Path | None, typer.Option(help="Read a receipt that was carried back.")] = None,
) -> None:
    """Write a signed receipt to be carried back, or read one that came back."""
    boot()
    from baham.formats.pack import BadPack
    from baham.measures.sharing import packs
    from baham.platform.release.terminal import partner_named

    if (to is None) == (read is None):
        refuse("give either --to FILE or --read FILE")
    check_file("--to", to)
    check_readable("--read ", read)
    found = partner_named(partner)
    try:
        if to is not None:
            to.write_text(json.dumps(packs.receipt(found)) + "\n")
            typer.echo(f"{to}: receipt for {found.title}")
        elif read is not None:
            typer.echo(f"{found.name}: has everything before message {packs.open_receipt(found, read.read_text())}")
    except (BadPack, OSError, UnicodeDecodeError) as error:
        refuse(error, code=1)
