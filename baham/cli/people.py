"""`baham people`: accounts and roles. An administrator makes them here; nobody signs up."""

import secrets
from collections.abc import Callable
from typing import Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import actor_name, refuse

app = typer.Typer(help="Accounts and roles.", no_args_is_help=True, rich_markup_mode=None)

ROLES = (
    "analyst, list_officer, reviewer, release_officer, auditor, oversight, administrator, and those that measures add"
)
_USERNAME = typer.Argument(help="Whose.")
_REASON = typer.Option(help="Why, for the record.")


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="Their name, as colleagues know it.")],
    role: Annotated[list[str], typer.Option(help=f"A role; may be repeated. There are {ROLES}.")],
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


@app.command()
def clearance(
    username: Annotated[str, typer.Argument(help="Whose.")],
    tlp: Annotated[str, typer.Argument(help="The strictest they may read: CLEAR, GREEN, AMBER, AMBER+STRICT or RED.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
) -> None:
    """Say up to which marking somebody may read; TLP:RED of their own organisation is for those cleared for it."""
    boot()
    from baham.platform.accounts.services import set_clearance

    _change(f"person:{username}", "cleared for reading", reason, lambda: set_clearance(username, tlp), clearance=tlp)


@app.command()
def organisation(
    name: Annotated[str, typer.Argument(help="The organisation, as `baham people organisations` calls it.")],
    audience: Annotated[str, typer.Argument(help="organisation (a part of the operator), client or community.")],
    reason: Annotated[str, typer.Option(help="Why, for the record.")],
) -> None:
    """Say how near an organisation stands to the operator: what its people may read hangs on it."""
    boot()
    from baham.platform.accounts.services import set_audience

    _change(f"organisation:{name}", "placed", reason, lambda: set_audience(name, audience), audience=audience)


@app.command()
def grant(
    username: Annotated[str, _USERNAME],
    role: Annotated[str, typer.Argument(help=f"The role. There are {ROLES}.")],
    reason: Annotated[str, _REASON],
) -> None:
    """Give somebody a role."""
    boot()
    from baham.platform.accounts.services import grant as give
    from baham.platform.audit.services import Actor

    _change(
        f"person:{username}",
        "gave a role",
        reason,
        lambda: give(username, role, Actor(actor_name()), reason),
        role=role,
    )


@app.command("end-role")
def end_role(
    username: Annotated[str, _USERNAME],
    role: Annotated[str, typer.Argument(help="The role that ends.")],
    reason: Annotated[str, _REASON],
) -> None:
    """End a role of somebody's, at once; that they had it stays on record."""
    boot()
    from baham.platform.accounts.services import end_role as end

    _change(f"person:{username}", "ended a role", reason, lambda: end(username, role), role=role)


@app.command()
def password(username: Annotated[str, _USERNAME], reason: Annotated[str, _REASON]) -> None:
    """Give somebody another password and print it, once. Whoever is signed in with the old one is so no more."""
    boot()
    from baham.platform.accounts.services import set_password

    made = secrets.token_urlsafe(15)
    _change(f"person:{username}", "gave another password", reason, lambda: set_password(username, made))
    typer.echo(f"{username}: {made}")


@app.command("second-factor")
def second_factor(username: Annotated[str, _USERNAME], reason: Annotated[str, _REASON]) -> None:
    """Take away a second factor that was lost; they set another one when they next sign in."""
    boot()
    from baham.platform.accounts.services import forget_second_factor

    _change(f"person:{username}", "took away a second factor", reason, lambda: forget_second_factor(username))


@app.command()
def close(username: Annotated[str, _USERNAME], reason: Annotated[str, _REASON]) -> None:
    """Close an account: nobody signs in with it. What was done with it stays on record."""
    boot()
    from baham.platform.accounts.services import set_active

    _change(f"person:{username}", "closed an account", reason, lambda: set_active(username, False))


@app.command()
def reopen(username: Annotated[str, _USERNAME], reason: Annotated[str, _REASON]) -> None:
    """Open a closed account again."""
    boot()
    from baham.platform.accounts.services import set_active

    _change(f"person:{username}", "opened an account again", reason, lambda: set_active(username, True))


def _change(subject: str, act: str, reason: str, change: Callable[[], object], **detail: str) -> None:
    from django.db import transaction

    from baham.platform.accounts.services import CannotAdd
    from baham.platform.audit.models import Event
    from baham.platform.audit.services import Actor, record

    if len(reason.split()) < 2:
        refuse("--reason: write in a few words why; it is kept in the log")
    try:
        with transaction.atomic():
            change()
            record(Actor(actor_name()), Event.SYSTEM, act, subject, justification=reason, **detail)
    except CannotAdd as error:
        refuse(error)


@app.command()
def organisations() -> None:
    """Every organisation, and how near it stands to the operator."""
    boot()
    from baham.kernel.handling import Audience
    from baham.platform.accounts.models import Organisation

    for one in Organisation.objects.order_by("name"):
        typer.echo(f"{one.name}\t{Audience(one.audience).name.lower()}")


@app.command("list")
def list_people() -> None:
    """Every account with its roles in force."""
    boot()
    from baham.kernel.handling import TLP
    from baham.platform.accounts.models import User

    for user in User.objects.prefetch_related("grants").order_by("username"):
        roles = ", ".join(sorted(role.value for role in user.roles)) or "no role"
        cleared = TLP(user.clearance).label
        closed = "" if user.is_active else "closed, "
        typer.echo(f"{user.username}\t{user.full_name}\t{closed}{roles}\t{cleared}")
