"""`baham recall`: taking statements back, and seeing who has done so."""

from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import actor_name, note, refuse

app = typer.Typer(help="Take statements back, and see who has done so.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def make(
    statements: Annotated[list[str], typer.Argument(help="Ids of statements, as their chains show them.")],
    ground: Annotated[str, typer.Option(help="error, legal, source risk or identity.")],
    why: Annotated[str, typer.Option(help="Why, in at least 20 characters. Every receiver reads it.")],
    instead: Annotated[
        list[str] | None, typer.Option(help="Id of a statement on the same record that is true instead. Repeatable.")
    ] = None,
) -> None:
    """Recall statements: here at once, and from everybody who was given them."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.release import recalls
    from baham.platform.release.partners import CannotChange

    try:
        done = recalls.recall(
            Actor(actor_name()), recalls.entities_of(statements), ground, why, correction=instead or ()
        )
    except CannotChange as error:
        refuse(error)
    typer.echo(f"{done.recall}: {done.statements} statements, until {done.recall.deadline:%Y-%m-%d %H:%M}")
    for notice in done.told:
        typer.echo(f"told\t{notice.partner.name}\t{notice.count} statements")
    for release in done.proposed:
        typer.echo(f"waits\t{release.partner.name}\t{release}: what is true instead, for a second signature")
    note("It leaves no more. Each receiver's answer shows in: baham recall list")


@app.command("list")
def list_recalls() -> None:
    """Every recall, and what each receiver answered."""
    boot()
    from baham.platform.release.models import Recall

    for one in Recall.objects.prefetch_related("notices__partner"):
        by = f"from {one.sender.name}" if one.sender else one.made_by
        typer.echo(f"{one}\t{one.ground}\t{one.count} statements\t{by}\tuntil {one.deadline:%Y-%m-%d}")
        for notice in one.notices.all():
            late = " (overdue)" if notice.answer == "waiting" and one.is_overdue else ""
            onward = f"\ttold on: {', '.join(notice.onward)}" if notice.onward else ""
            typer.echo(f"  {notice.partner.name}\t{notice.count}\t{notice.answer}{late}{onward}")
