"""`baham partners`: parties that receive from us and give to us, and the exchange with their installations."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from baham.platform.boot import boot
from baham.platform.terminal import actor_name, note, refuse

if TYPE_CHECKING:
    pass

app = typer.Typer(help="Parties that receive from us and give to us.", no_args_is_help=True, rich_markup_mode=None)
Name = Annotated[str, typer.Argument(help="The partner.")]
Reason = Annotated[str, typer.Option(help="Why, in at least 20 characters.")]


@app.command()
def card() -> None:
    """Print who this installation is: id, name and public keys, for partners to pin."""
    boot()
    from baham.platform.release.identity import ours

    typer.echo(json.dumps(ours().card(), ensure_ascii=False))


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What the log calls the partner: letters, digits, hyphens.")],
    title: Annotated[str, typer.Option(help="What people call it.")],
    kind: Annotated[str, typer.Option(help="agency, liaison, bank, platform or society.")],
    reason: Reason,
    trusted: Annotated[bool, typer.Option(help="Whether what it gives stands at once, under its own grades.")] = False,
    card: Annotated[Path | None, typer.Option(help="Its card: what `baham partners card` printed there.")] = None,
) -> None:
    """Make a partner, pin the keys of its card, and print the secret with which it signs in here, once."""
    theirs = _card(card) if card else {}
    boot()
    from django.db import transaction

    from baham.platform.audit.services import Actor
    from baham.platform.release.partners import CannotChange, add_key, add_partner

    try:
        with transaction.atomic():  # no partner without the keys of its card
            made, secret = add_partner(
                Actor(actor_name()), name, title, kind, trusted=trusted, party=theirs.get("party"), reason=reason
            )
            for use in ("sign", "encrypt"):
                if theirs.get(use):
                    add_key(Actor(actor_name()), made, use, theirs[use])
    except CannotChange as error:
        refuse(error)
    typer.echo(secret)
    note(f"{made.name}: signs in with this secret, which is not shown again. Nothing leaves without an agreement.")


@app.command("list")
def list_partners() -> None:
    """Every partner with its kind, its agreement, how many statements it holds, and what it owes an answer to."""
    boot()
    from baham.platform.release import holdings
    from baham.platform.release.agreements import current
    from baham.platform.release.models import Partner

    for partner in Partner.objects.all():
        agreement, held = current(partner), holdings.counts(partner)
        until = f"agreement until {agreement.ends:%Y-%m-%d}" if agreement else "no agreement"
        waits = partner.recall_notices.filter(answer="waiting").count()
        state = "ended" if partner.ended_at else until
        trust = "trusted" if partner.trusted else "not trusted"
        typer.echo(
            f"{partner.name}\t{partner.title}\t{partner.kind}\t{trust}\t{state}\t{held['held']} held"
            f"\t{waits} recalls unanswered"
        )


@app.command()
def end(name: Name, reason: Reason) -> None:
    """End a partnership now. Nothing more leaves to it; recalls of what it holds still do."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.release.partners import CannotChange, end_partner
    from baham.platform.release.terminal import partner_named

    try:
        end_partner(Actor(actor_name()), partner_named(name), reason)
    except CannotChange as error:
        refuse(error)
    typer.echo(f"{name}: ended")


def _card(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        refuse(f"{path}: {error}")
    if not isinstance(found, dict) or not {"party", "sign", "encrypt"} <= found.keys():
        refuse(f"{path}: is no card; it has party, sign and encrypt")
    return {key: str(value) for key, value in found.items()}
