"""`baham people`: accounts and roles. An administrator makes them here; nobody signs up."""

import secrets
from typing import Annotated

import typer

from baham.cli.say import actor_name, refuse
from baham.platform.boot import boot

app = typer.Typer(help="Accounts and roles.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="Their name, as colleagues know it.")],
    role: Annotated[list[str], typer.Option(help="A role; may be repeated.")],
    organisation: Annotated[str, typer.Option(help="Where they work.")] = "",
    reason: Annotated[str, typer.Option(help="Why they get the role, for the record.")] = "",
) -> None:
    """Make an account and print its first password, once."""
    boot()
    from django.db import transaction

    from baham.platform.accounts.services import CannotAdd, add_person
    from baham.platform.audit.models import Event
    from baham.platform.audit.services import Actor, record

    password = secrets.token_urlsafe(15)
    actor = Actor(actor_name())
    try:
        with transaction.atomic():
            add_person(actor, username, password, name, role, organisation, reason)
            record(actor, Event.SYSTEM, "made an account", f"person:{username}", justification=reason, roles=role)
    except CannotAdd as error:
        refuse(error)
    typer.echo(f"{username}: {password}")


@app.command("list")
def list_people() -> None:
    """Every account with its roles in force."""
    boot()
    from baham.platform.accounts.models import User

    for user in User.objects.prefetch_related("grants").order_by("username"):
        roles = ", ".join(sorted(role.value for role in user.roles)) or "no role"
        typer.echo(f"{user.username}\t{user.full_name}\t{'' if user.is_active else 'closed, '}{roles}")
