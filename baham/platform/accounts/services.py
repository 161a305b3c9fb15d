"""Making accounts and giving roles. Every grant says who gave it and why."""

from collections.abc import Sequence
from typing import Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from baham.kernel.handling import TLP, Audience
from baham.platform.accounts.models import STANDS, Organisation, RoleGrant, User
from baham.platform.accounts.roles import Role


class CannotAdd(ValueError):
    """The account cannot be made like this. The text says what to mend."""


class Named(Protocol):
    """Whoever acts; the log's `Actor` fits."""

    name: str


@transaction.atomic
def add_person(
    actor: Named,
    username: str,
    password: str,
    full_name: str,
    roles: Sequence[str],
    organisation: str = "",
    reason: str = "",
    language: str = "en",
) -> User:
    """Make an account with its roles. Raises CannotAdd."""
    known = {role.value for role in Role}
    if unknown := [role for role in roles if role not in known]:
        raise CannotAdd(f"{unknown[0]!r} is not a role; the roles are {', '.join(sorted(known))}")
    if User.objects.filter(username=username).exists():
        raise CannotAdd(f"{username} has an account already")
    try:
        validate_password(password, User(username=username, full_name=full_name))
    except ValidationError as error:
        raise CannotAdd(" ".join(error.messages)) from error
    place = place_of(organisation) if organisation else None
    user = User.objects.create_user(username, password, full_name=full_name, organisation=place, language=language)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, granted_by=actor.name, reason=reason)
    return user


def place_of(name: str) -> Organisation:
    """The organisation of this name; made, if there is none: the first of all is the operator's, every other one is of
    the community until the administrator says otherwise."""
    own = not Organisation.objects.exists()
    audience = Audience.ORGANISATION if own else Audience.COMMUNITY
    return Organisation.objects.get_or_create(name=name, defaults={"audience": audience})[0]


def set_audience(name: str, audience: str) -> Organisation:
    """Say how near an organisation stands to the operator: `organisation` for a part of it, `client` or `community`.
    Raises CannotAdd."""
    found = Organisation.objects.filter(name=name).first()
    if found is None:
        raise CannotAdd(f"there is no organisation {name!r}; `baham people organisations` lists them")
    by_name = {one.name.lower(): one for one in STANDS}
    if audience not in by_name:
        raise CannotAdd(f"{audience!r} is none of {', '.join(by_name)}")
    found.audience = by_name[audience]
    found.save(update_fields=["audience"])
    return found


def set_clearance(username: str, clearance: str) -> User:
    """Say up to which TLP somebody may read. Raises CannotAdd."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CannotAdd(f"there is no account {username!r}; `baham people list` lists them")
    by_label = {one.label.removeprefix("TLP:"): one for one in TLP}
    label = clearance.upper().removeprefix("TLP:")
    if label not in by_label:
        raise CannotAdd(f"{clearance!r} is none of {', '.join(by_label)}")
    found.clearance = by_label[label]
    found.save(update_fields=["clearance"])
    return found
