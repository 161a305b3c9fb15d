"""`baham restrict`: a record that is not to be used for now, and letting it be used again."""

from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import actor_name, refuse

app = typer.Typer(rich_markup_mode=None)


@app.command()
def restrict(
    record: Annotated[str, typer.Argument(help="The record, by its number or as list:key.")],
    reason: Annotated[str, typer.Option(help="Why, in at least 20 characters; the person concerned may read it.")],
    lift: Annotated[bool, typer.Option("--lift", help="Let it be used again.")] = False,
) -> None:
    """Restrict a record: it matches nothing and leaves to nobody, and is read for redress and oversight alone."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.ledger import standing
    from baham.platform.ledger.models import Restriction
    from baham.platform.rights.erasure import CannotErase, entities_named

    try:
        (entity,) = entities_named([record])
        if lift:
            in_force = Restriction.objects.filter(entity=entity, lifted_at=None).first()
            if in_force is None:
                raise standing.CannotMark("This record is not restricted.")
            standing.lift(in_force, Actor(actor_name()), reason)
        else:
            standing.restrict(entity, Actor(actor_name()), reason)
    except (CannotErase, standing.CannotMark) as error:
        refuse(error)
    typer.echo(f"{entity.dataset.name}:{entity.key}\t{'restriction lifted' if lift else 'restricted'}")
