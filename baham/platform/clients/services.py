"""Making and revoking keys of programs. The administrator does so, and sees no data by it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils import timezone

from baham.kernel.decision import LEAST_REASON
from baham.platform.accounts.models import Organisation
from baham.platform.accounts.purposes import BY_CODE
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.clients.keys import Key, new_key
from baham.platform.clients.models import Bucket, Client
from baham.platform.ledger.models import Dataset

DEFAULT_RATE = 600
LARGEST_RATE = 100_000
DEFAULT_DAYS, MOST_DAYS = 365, 731


class CannotMake(ValueError):
    """The key cannot be made or revoked like this. The text says what to mend."""


@transaction.atomic
def add_client(
    actor: Actor,
    name: str,
    organisation: str,
    *,
    scope: Sequence[str] = (),
    purpose: str = "screening",
    rate: int = DEFAULT_RATE,
    days: int = DEFAULT_DAYS,
    reason: str = "",
) -> tuple[Client, Key]:
    """Make a client with its key; the key's text is in the answer and nowhere else. Raises CannotMake."""
    name, organisation = name.strip(), " ".join(organisation.split())
    try:
        validate_slug(name)
    except ValidationError as error:
        raise CannotMake("The name may have letters, digits, hyphens and underscores.") from error
    if len(name) > (Client._meta.get_field("name").max_length or 0):
        raise CannotMake("The name may have at most 60 characters.")
    if Client.objects.filter(name=name).exists():
        raise CannotMake("There is a program of this name already, perhaps one that was ended. Choose another name.")
    if not organisation or len(organisation) > 200:
        raise CannotMake("Say which organisation the program belongs to, in at most 200 characters.")
    if purpose not in BY_CODE:
        raise CannotMake("Choose one of the purposes.")
    if not 1 <= rate <= LARGEST_RATE:
        raise CannotMake("The rate is a number of names in a minute, from 1 to 100000.")
    if not 1 <= days <= MOST_DAYS:
        raise CannotMake("A key is good for 1 to 731 days.")
    known = set(Dataset.objects.values_list("name", flat=True))
    if unknown := sorted(set(scope) - known):
        raise CannotMake(f"There is no list {unknown[0]!r}.")
    key = new_key()
    made = Client.objects.create(
        name=name,
        organisation=Organisation.objects.get_or_create(name=organisation)[0],
        purpose=purpose,
        scope=sorted(set(scope)),
        rate=rate,
        prefix=key.prefix,
        key_hash=key.hash,
        made_by=actor.name,
        reason=reason.strip(),
        expires_at=timezone.now() + timedelta(days=days),
    )
    Bucket.objects.create(client=made, tokens=rate, at=0)
    record(
        actor,
        Event.SYSTEM,
        "made a key",
        f"client:{name}",
        title=organisation,
        justification=reason.strip(),
        prefix=key.prefix,
        purpose=purpose,
        scope=made.scope,
        rate=rate,
        until=_day(made.expires_at),
    )
    return made, key


@transaction.atomic
def renew(actor: Actor, client: Client, reason: str, days: int = DEFAULT_DAYS) -> tuple[Client, Key]:
    """Give a program a new key; the old one opens nothing from now on. What it has watched stays. Raises CannotMake."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.revoked_at is not None:
        raise CannotMake("This key was revoked; a program whose key was revoked is made anew under another name.")
    if not 1 <= days <= MOST_DAYS:
        raise CannotMake("A key is good for 1 to 731 days.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotMake("Write at least 20 characters on why the key is renewed.")
    key, old = new_key(), client.prefix
    client.prefix, client.key_hash, client.expires_at = key.prefix, key.hash, timezone.now() + timedelta(days=days)
    client.save(update_fields=["prefix", "key_hash", "expires_at"])
    record(
        actor,
        Event.SYSTEM,
        "renewed a key",
        f"client:{client.name}",
        title=client.organisation.name,
        justification=reason.strip(),
        prefix=key.prefix,
        instead_of=old,
        until=_day(client.expires_at),
    )
    return client, key


@transaction.atomic
def revoke(actor: Actor, client: Client, reason: str) -> Client:
    """End a key now, for good. Raises CannotMake without a reason, or where it was revoked before."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    if client.revoked_at is not None:
        raise CannotMake("This key was revoked before.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotMake("Write at least 20 characters on why the key is revoked.")
    client.revoked_at, client.revoked_by = timezone.now(), actor.name
    client.save(update_fields=["revoked_at", "revoked_by"])
    record(
        actor,
        Event.SYSTEM,
        "revoked a key",
        f"client:{client.name}",
        justification=reason.strip(),
        prefix=client.prefix,
    )
    return client


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")
