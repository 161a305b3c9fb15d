"""`baham clients`: programs that may ask, and their keys."""

from typing import TYPE_CHECKING, Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import actor_name, note, refuse

if TYPE_CHECKING:
    from baham.platform.clients.models import Client

app = typer.Typer(help="Programs that may ask, and their keys.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the log calls the program: letters, digits, hyphens.")],
    organisation: Annotated[str, typer.Option(help="Whose program it is.")],
    dataset: Annotated[
        list[str] | None,
        typer.Option("--dataset", "-d", help="Only this list; may be repeated. Without: all."),
    ] = None,
    purpose: Annotated[str, typer.Option(help="Why it asks: screening, review, redress, …")] = "screening",
    rate: Annotated[int, typer.Option(min=1, max=100_000, help="Names in a minute.")] = 600,
    days: Annotated[int, typer.Option(min=1, max=731, help="How long the key is good for.")] = 365,
    reason: Annotated[str, typer.Option(help="Why it gets a key, for the record.")] = "",
) -> None:
    """Make a key and print it, once."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.clients.services import CannotMake, add_client

    try:
        made, key = add_client(
            Actor(actor_name()),
            name,
            organisation,
            scope=dataset or (),
            purpose=purpose,
            rate=rate,
            days=days,
            reason=reason,
        )
    except CannotMake as error:
        refuse(error)
    typer.echo(key.text)
    note(f"{made.name}: good until {made.expires_at:%Y-%m-%d}. The key is not shown again.")


@app.command()
def renew(
    name: Annotated[str, typer.Argument(help="The program.")],
    reason: Annotated[str, typer.Option(help="Why, in at least 20 characters.")],
    days: Annotated[int, typer.Option(min=1, max=731, help="How long the new key is good for.")] = 365,
) -> None:
    """Give a program a new key and print it, once. The old one ends now; what the program monitors stays."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.clients.services import CannotMake
    from baham.platform.clients.services import renew as make_new

    client = _found(name)
    try:
        made, key = make_new(Actor(actor_name()), client, reason, days)
    except CannotMake as error:
        refuse(error)
    typer.echo(key.text)
    note(f"{made.name}: good until {made.expires_at:%Y-%m-%d}. The old key opens nothing any more.")


@app.command("list")
def list_clients() -> None:
    """Every program with the beginning of its key, its rate, its lists and its state."""
    boot()
    from baham.platform.clients.models import Client

    for client in Client.objects.select_related("organisation"):
        scope = ",".join(client.scope) or "all screened"
        until = f"{client.expires_at:%Y-%m-%d}"
        state = (
            f"revoked {client.revoked_at:%Y-%m-%d}"
            if client.revoked_at
            else f"ended {until}"
            if client.is_expired
            else f"until {until}"
        )
        typer.echo(
            f"{client.name}\t{client.organisation}\t{client.prefix}…\t{client.purpose}\t{client.rate}/min\t{scope}\t{state}"
        )


@app.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The program.")],
    reason: Annotated[str, typer.Option(help="Why, in at least 20 characters.")],
) -> None:
    """End a key now, for good. What the program asked before stays in the log."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.clients.services import CannotMake
    from baham.platform.clients.services import revoke as end

    client = _found(name)
    try:
        end(Actor(actor_name()), client, reason)
    except CannotMake as error:
        refuse(error)
    typer.echo(f"{name}: the key {client.prefix}… is revoked")


@app.command()
def sweep() -> None:
    """Hold the monitored subjects against what the lists brought since the last time. The worker does so by itself."""
    boot()
    from baham.platform.clients.sweeping import sweep as hold
    from baham.platform.terminal import Progress

    progress = Progress("Monitoring, subjects")
    counts = hold(progress)
    progress.end()
    typer.echo(
        f"{counts.versions} versions, {counts.scored} changed entries, {counts.subjects} subjects; "
        f"{counts.alerts} alerts, {counts.withdrawn} withdrawn, {counts.expired} subjects forgotten"
    )


def _found(name: str) -> "Client":
    from baham.platform.clients.models import Client

    client = Client.objects.filter(name=name).first()
    if client is None:
        refuse(f"there is no program {name!r}; see: baham clients list")
    return client
