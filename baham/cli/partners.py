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
def keys(name: Name) -> None:
    """Each key that is pinned for a partner: its id, what it is used for, and until when."""
    boot()
    from baham.platform.release.terminal import partner_named

    for key in partner_named(name).keys.all():
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else f"until {key.until:%Y-%m-%d}"
        typer.echo(f"{key.key_id}\t{key.use}\t{state}")


@app.command()
def pin(
    name: Name,
    use: Annotated[str, typer.Option(help="sign or encrypt.")],
    key: Annotated[str, typer.Option(help="The public key: 32 bytes in base64 to sign, age1… to encrypt.")],
    days: Annotated[int, typer.Option(min=1, help="Good for how many days.")] = 365,
) -> None:
    """Trust another key of a partner, which it told you in a way that you trust."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.release.partners import CannotChange, add_key
    from baham.platform.release.terminal import partner_named

    try:
        made = add_key(Actor(actor_name()), partner_named(name), use, key, days)
    except CannotChange as error:
        refuse(error)
    typer.echo(f"{name}: {made.key_id} is pinned until {made.until:%Y-%m-%d}")


@app.command()
def revoke(
    name: Name,
    key: Annotated[str, typer.Argument(help="The id of the key; see: baham partners keys NAME.")],
    reason: Reason,
) -> None:
    """Trust a key no more, from now on: what it signs is not heard."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.release.partners import CannotChange, key_of, revoke_key
    from baham.platform.release.terminal import partner_named

    try:
        revoke_key(Actor(actor_name()), key_of(partner_named(name), key), reason)
    except CannotChange as error:
        refuse(error)
    typer.echo(f"{name}: the key {key} is revoked")


@app.command()
def renew(name: Name, reason: Reason) -> None:
    """Print another secret with which a partner signs in here, once; the old one opens nothing from now on."""
    boot()
    from baham.platform.audit.services import Actor
    from baham.platform.release.partners import CannotChange, renew_secret
    from baham.platform.release.terminal import partner_named

    try:
        secret = renew_secret(Actor(actor_name()), partner_named(name), reason)
    except CannotChange as error:
        refuse(error)
    typer.echo(secret)
    note(f"{name}: signs in with this secret from now on; it is not shown again.")


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
