"""People for tests, one for each role, with a purpose chosen."""

from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.test import Client

from baham.kernel.handling import TLP, Audience
from baham.platform.accounts.models import Organisation, RoleGrant, User
from baham.platform.accounts.purposes import PURPOSES, Purpose
from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.ledger.need_to_know import NeedToKnow

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


def office(name: str, audience: Audience = Audience.ORGANISATION) -> Organisation:
    """An organisation on this installation; by default a part of its operator."""
    return Organisation.objects.get_or_create(name=name, defaults={"audience": audience})[0]


def reader(user: User | None = None, purpose: str = "screening") -> NeedToKnow:
    """Somebody who reads; by default one of the operator's own who is cleared for everything."""
    return NeedToKnow(user or User(username="reader", clearance=TLP.RED), purpose)


def actor(name: str = "tester", purpose: str = "list-maintenance") -> Actor:
    return Actor(name, Purpose(purpose, "case 7"))


__all__ = ["PASSWORD", "PURPOSES", "actor", "office", "person", "reader", "signed_in"]
