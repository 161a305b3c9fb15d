"""Making accounts and giving roles. Every grant says who gave it and why."""

from collections.abc import Sequence
from typing import Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from baham.kernel.handling import TLP, Audience
from baham.platform.accounts.models import STANDS, Organisation, RoleGrant, User
from baham.platform.accounts.roles import Role


class CannotAdd(ValueError):
    """The account cannot be made like this. The text says what to mend."""


class Named(Protocol):
    """Whoever acts; the log's `Actor` fits."""

    @property
    def name(self) -> str: ...


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
    for role in roles:
        _check_role(role)
    if User.objects.filter(username=username).exists():
        raise CannotAdd(f"{username} has an account already")
    _check_password(password, User(username=username, full_name=full_name))
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
    found = _account(username)
    try:
        found.clearance = TLP.named(clearance)
    except ValueError as error:
        raise CannotAdd(str(error)) from error
    found.save(update_fields=["clearance"])
    return found


def set_password(username: str, password: str) -> User:
    """Give somebody another password. Whoever is signed in with the old one is so no more. Raises CannotAdd."""
    found = _account(username)
    _check_password(password, found)
    found.set_password(password)
    found.save(update_fields=["password"])
    return found


def grant(username: str, role: str, actor: Named, reason: str) -> RoleGrant:
    """Give somebody a role from now on. Raises CannotAdd where they have it."""
    found = _account(username)
    _check_role(role)
    if Role(role) in found.roles:
        raise CannotAdd(f"{username} has the role {role} already")
    return RoleGrant.objects.create(user=found, role=role, granted_by=actor.name, reason=reason)


def end_role(username: str, role: str) -> None:
    """End somebody's role now; that they had it stays on record. Raises CannotAdd where they have it not."""
    found, now = _account(username), timezone.now()
    in_force = found.grants.filter(role=role, since__lte=now).exclude(until__lte=now)
    if not in_force.update(until=now):
        had = ", ".join(sorted(one.value for one in found.roles)) or "none"
        raise CannotAdd(f"{username} does not have the role {role!r}; their roles are {had}")


def set_active(username: str, active: bool) -> User:
    """Close somebody's account, or open it again. Who is signed in is so no more. Raises CannotAdd."""
    found = _account(username)
    if found.is_active == active:
        raise CannotAdd(f"the account {username} is {'open' if active else 'closed'} already")
    found.is_active = active
    found.save(update_fields=["is_active"])
    return found


def forget_second_factor(username: str) -> None:
    """Let somebody who has lost their second factor set another one when they next sign in. Raises CannotAdd."""
    from allauth.mfa.models import Authenticator

    found = _account(username)
    if not Authenticator.objects.filter(user_id=found.pk).delete()[0]:
        raise CannotAdd(f"{username} has no second factor")


def _account(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CannotAdd(f"there is no account {username!r}; `baham people list` lists them")
    return found


def _check_role(role: str) -> None:
    if not Role.is_known(role):
        raise CannotAdd(f"{role!r} is not a role; the roles are {', '.join(sorted(one.value for one in Role))}")


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CannotAdd(" ".join(error.messages)) from error
