"""Partners: who they are, how they are recognised, with which keys they sign and are written to.

A partner signs in (TAXII, exchange between installations) with its name and a secret of 256 random bits, of which a
SHA-256 is kept; nobody guesses it, so a slow hash would only cost each call (see clients/keys.py).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from baham.formats.dsse import key_id
from baham.kernel.decision import LEAST_REASON
from baham.kernel.handling import Audience
from baham.platform import outbound
from baham.platform.accounts.models import Organisation
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.release.models import Partner, PartnerKey

NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
"""What a secret is compared with when the name is unknown, so that both answers take the same time."""
KEY_DAYS, MOST_KEY_DAYS = 365, 731
TERMS_ENDED: list[Callable[[Partner], None]] = []
"""What rooms above end when a partnership ends or another agreement holds; each adds its own when it is ready."""


class CannotChange(ValueError):
    """The partner, key or agreement cannot be made or changed like this. The text says what to mend."""


class PartnerRefused(Exception):
    """Whoever knocks is no partner, or no longer. `status` is 401 or 403."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


def actor_of(partner: Partner) -> Actor:
    """How the log names what a partner does here."""
    return Actor(f"partner:{partner.name}")


@transaction.atomic
def add_partner(
    actor: Actor,
    name: str,
    title: str,
    kind: str,
    *,
    trusted: bool = False,
    audience: Audience = Audience.CLIENT,
    party: UUID | str | None = None,
    url: str = "",
    rate: int = 60_000,
    reason: str = "",
) -> tuple[Partner, str]:
    """Make a partner with its secret, which is in the answer and nowhere else. Raises CannotChange.

    A liaison partner is never trusted: that is what the word means here.
    """
    name, title = name.strip(), " ".join(title.split())
    try:
        validate_slug(name)
        number = UUID(str(party)) if party else None
    except ValidationError as error:
        raise CannotChange("The name may have letters, digits, hyphens and underscores.") from error
    except ValueError as error:
        raise CannotChange("The id of a party is a UUID.") from error
    if len(name) > 60 or not title or len(title) > 200:
        raise CannotChange("Give a name of at most 60 and a title of at most 200 characters.")
    if Partner.objects.filter(name=name).exists() or (number and Partner.objects.filter(party=number).exists()):
        raise CannotChange("There is a partner of this name or id already, perhaps one that was ended.")
    if kind not in Partner.Kind.values:
        raise CannotChange(f"A partner is one of: {', '.join(Partner.Kind.values)}.")
    if kind == Partner.Kind.LIAISON and trusted:
        raise CannotChange("A liaison partner is one that is not trusted; choose another kind for one that is.")
    if not 1 <= rate <= 10_000_000:
        raise CannotChange("The rate is a number of objects in a minute, from 1 to 10000000.")
    _check(reason)
    if url:
        try:
            outbound.check(url)
        except outbound.NotAllowed as error:
            raise CannotChange(str(error)) from error
    secret = secrets.token_urlsafe(32)
    made = Partner.objects.create(
        name=name,
        title=title,
        kind=kind,
        trusted=trusted,
        audience=audience,
        url=url,
        rate=rate,
        organisation=Organisation.objects.get_or_create(name=title)[0],
        secret_hash=hash_of(secret),
        made_by=actor.name,
        made_at=timezone.now(),
        reason=reason.strip(),
        **({"party": number} if number else {}),
    )
    record(
        actor,
        Event.SYSTEM,
        "made a partner",
        f"partner:{name}",
        title=title,
        justification=reason.strip(),
        kind=kind,
        trusted=trusted,
    )
    return made, secret


@transaction.atomic
def renew_secret(actor: Actor, partner: Partner, reason: str) -> str:
    """Another secret for a partner; the old one opens nothing from now on. Raises CannotChange."""
    _check(reason)
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    if not partner.in_force:
        raise CannotChange("This partner was ended.")
    secret = secrets.token_urlsafe(32)
    partner.secret_hash = hash_of(secret)
    partner.save(update_fields=["secret_hash"])
    record(
        actor,
        Event.SYSTEM,
        "renewed a secret",
        f"partner:{partner.name}",
        title=partner.title,
        justification=reason.strip(),
    )
    return secret


def terms_ended(partner: Partner) -> None:
    """Tell every room, once this is written, that what was prepared under the old terms is to end."""
    for room in TERMS_ENDED:
        transaction.on_commit(partial(room, partner))


@transaction.atomic
def end_partner(actor: Actor, partner: Partner, reason: str) -> Partner:
    """End a partnership now: its secret opens nothing and nothing more leaves to it. Recalls still reach it."""
    _check(reason)
    partner = Partner.objects.select_for_update().get(pk=partner.pk)
    if not partner.in_force:
        raise CannotChange("This partner was ended before.")
    partner.ended_at, partner.ended_by = timezone.now(), actor.name
    partner.save(update_fields=["ended_at", "ended_by"])
    record(
        actor,
        Event.SYSTEM,
        "ended a partner",
        f"partner:{partner.name}",
        title=partner.title,
        justification=reason.strip(),
    )
    terms_ended(partner)
    return partner


@transaction.atomic
def add_key(actor: Actor, partner: Partner, use: str, public: str, days: int = KEY_DAYS) -> PartnerKey:
    """Pin a public key of a partner: 32 bytes in base64 to check signatures, `age1…` to encrypt to. CannotChange."""
    if not 1 <= days <= MOST_KEY_DAYS:
        raise CannotChange(f"A key is good for 1 to {MOST_KEY_DAYS} days.")
    if use == PartnerKey.Use.SIGN:
        try:
            raw = base64.b64decode(public, validate=True)
        except (ValueError, binascii.Error):
            raw = b""
        if len(raw) != 32:
            raise CannotChange("A key to check signatures with is 32 bytes in base64 (Ed25519).")
        name = key_id(raw)
    elif use == PartnerKey.Use.ENCRYPT:
        from pyrage import RecipientError, x25519

        try:
            x25519.Recipient.from_str(public)
        except RecipientError as error:
            raise CannotChange("A key to encrypt to begins with age1 (X25519).") from error
        name = key_id(public.encode())
    else:
        raise CannotChange("A key is used to sign or to encrypt.")
    if PartnerKey.objects.filter(partner=partner, use=use, key_id=name).exists():
        raise CannotChange("This key is pinned already, or was and has been revoked.")
    made = PartnerKey.objects.create(
        partner=partner,
        use=use,
        key_id=name,
        public=public,
        added_by=actor.name,
        since=timezone.now(),
        until=timezone.now() + timedelta(days=days),
    )
    record(actor, Event.SYSTEM, "pinned a key", f"partner:{partner.name}", title=partner.title, use=use, key=name)
    return made


@transaction.atomic
def revoke_key(actor: Actor, key: PartnerKey, reason: str) -> PartnerKey:
    """Trust a key no more, from now on. Raises CannotChange."""
    _check(reason)
    if key.revoked_at is not None:
        raise CannotChange("This key was revoked before.")
    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    record(
        actor,
        Event.SYSTEM,
        "revoked a key",
        f"partner:{key.partner.name}",
        title=key.partner.title,
        justification=reason.strip(),
        key=key.key_id,
    )
    return key


def key_of(partner: Partner, named: str) -> PartnerKey:
    """A partner's key by its id. Raises CannotChange where it has none of that id."""
    found = partner.keys.filter(key_id=named).order_by("revoked_at").first()
    if found is None:
        raise CannotChange("This partner has no key of that id.")
    return found


def signing_keys(partner: Partner) -> dict[str, bytes]:
    """The keys whose signatures of this partner are good now: {key id: 32 bytes}."""
    return {
        key.key_id: base64.b64decode(key.public) for key in partner.keys.filter(use=PartnerKey.Use.SIGN) if key.in_force
    }


def recipients(partner: Partner) -> list[str]:
    """The age recipients to encrypt to for this partner now."""
    return [key.public for key in partner.keys.filter(use=PartnerKey.Use.ENCRYPT) if key.in_force]


def partner_of(request: HttpRequest) -> Partner:
    """The partner who sends a request (HTTP Basic: name and secret). Raises PartnerRefused."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    try:
        name, _, secret = (
            base64.b64decode(given if scheme.lower() == "basic" else "", validate=True).decode().partition(":")
        )
    except (ValueError, binascii.Error):
        name = secret = ""
    found = Partner.objects.filter(name=name).first() if name else None
    if not hmac.compare_digest(hash_of(secret), found.secret_hash if found else NOBODY) or found is None:
        raise PartnerRefused(401, "Send a partner's name and secret (HTTP Basic); these are missing or unknown.")
    if not found.in_force:
        raise PartnerRefused(403, f"The partnership ended on {found.ended_at:%Y-%m-%d}.")
    return found


def hash_of(secret: str) -> str:
    """What is kept of a secret: SHA-256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _check(reason: str) -> None:
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotChange(f"Write at least {LEAST_REASON} characters on why.")
