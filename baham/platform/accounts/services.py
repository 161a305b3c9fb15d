"""Making accounts and giving roles. Every grant says who gave it and why."""

from collections.abc import Sequence
from typing import Protocol

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from baham.platform.accounts.models import Organisation, RoleGrant, User
from baham.platform.accounts.roles import Role


class CannotAdd(ValueError):
    """The account cannot be made like this. The text says what to mend."""


class Named(Protocol):
    """Whoever acts; the log's `Actor` fits."""

    name: str


@transaction.atomic
def add_person(
    actor: Named, username: str, password: str, full_name: str, roles: Sequence[str], organisation: str = "",
    reason: str = "", language: str = "en",
) -> User:  # fmt: skip
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
    place = Organisation.objects.get_or_create(name=organisation)[0] if organisation else None
    user = User.objects.create_user(username, password, full_name=full_name, organisation=place, language=language)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, granted_by=actor.name, reason=reason)
    return user
