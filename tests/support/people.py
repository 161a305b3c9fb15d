"""People for tests, one for each role, with a purpose chosen."""

from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client

from baham.platform.accounts.models import RoleGrant, User
from baham.platform.accounts.purposes import PURPOSES, Purpose
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor

PASSWORD = "a long enough password"


def person(role: Role | None, username: str = "") -> User:
    """A user with one role, or with none."""
    username = username or (role.value if role else "nobody")
    quick = make_password(PASSWORD, hasher=MD5PasswordHasher())  # also where the settings are an operator's
    user = User.objects.create(username=username, full_name=username.replace("_", " ").title(), password=quick)
    if role:
        RoleGrant.objects.create(user=user, role=role.value, granted_by="test")
    return user


def signed_in(user: User, *, purpose: bool = True) -> Client:
    """A browser in which this user is signed in, working under the first purpose that they may choose."""
    client = Client()
    client.force_login(user)
    if purpose and user.purposes:
        session = client.session
        session["purpose"] = {"code": user.purposes[0].code, "case": "case 7"}
        session.save()
    return client


def actor(name: str = "tester", purpose: str = "list-maintenance") -> Actor:
    return Actor(name, Purpose(purpose, "case 7"))


__all__ = ["PASSWORD", "PURPOSES", "actor", "person", "signed_in"]
