"""`baham erase`: asking for the erasure of records, and seeing what became of it."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from baham.platform.boot import boot
from baham.platform.terminal import actor_name, note, refuse


class _Asks(TyperGroup):
    """A group whose first word is a record, where it is none of the commands: asking is what it is for."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["ask", *args])


app = typer.Typer(
    cls=_Asks,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Have records erased: baham erase RECORD... --ground G --reason TEXT. Two people then decide in the console.",
)
_GROUNDS = {
    "unlawful": "unlawful",
    "not-needed": "not needed",
    "legal-obligation": "legal obligation",
    "order": "order",
}


@app.command()
def ask(
    records: Annotated[list[str], typer.Argument(help="Records by their number, or as list:key.")],
    ground: Annotated[str, typer.Option(help="unlawful, not-needed, legal-obligation or order.")],
    reason: Annotated[str, typer.Option(help="Why, in at least 20 characters and without personal details: it stays.")],
    reference: Annotated[str, typer.Option(help="File number of the order or request.")] = "",
    cluster: Annotated[bool, typer.Option("--cluster", help="All records judged the same as well.")] = False,
) -> None:
    """Ask for the erasure of records: all of them, or none."""
    boot()
    from django.db import transaction

    from baham.platform.audit.services import Actor
    from baham.platform.rights import erasure

    try:
        with transaction.atomic():
            actor, named = Actor(actor_name()), _GROUNDS.get(ground, ground)
            made = [
                erasure.put_forward(actor, entity, named, reason, reference=reference, cluster=cluster)
                for entity in erasure.entities_named(records)
            ]
    except erasure.CannotErase as error:
        refuse(error)
    for one in made:
        typer.echo(f"{one}\t{len(one.entities)} records\twaits for two signatures")
    note("Nothing is erased yet: two people sign it in the console, under Review.")


@app.command("list")
def list_erasures() -> None:
    """Every erasure that was asked for, and where it stands."""
    boot()
    from baham.platform.rights.models import Erasure

    for one in Erasure.objects.all():
        at = f"\t{one.done_at:%Y-%m-%d %H:%M}" if one.done_at else ""
        typer.echo(f"{one}\t{one.ground}\t{one.state}{at}\tasked for by {one.proposed_by}\t{one.reference}")


@app.command()
def finish() -> None:
    """Go on with what two people agreed on and a crash or a hold kept waiting; the worker does so every hour."""
    boot()
    from baham.platform.rights import erasure_work
    from baham.platform.rights.models import Erasure

    done = erasure_work.resume()
    left = Erasure.objects.filter(state__in=("waiting", "emptied", "swept")).count()
    typer.echo(f"{done} finished, {left} still waiting")
    raise typer.Exit(1 if left else 0)
