"""Whether a link or a form is for this person, so that none is offered that ends in a refusal."""

from typing import Any


def may(user: Any, action: str) -> bool:
    """`{% if user|may:"record.read" %}`: whether a role of theirs allows it; nobody who is not signed in may."""
    return bool(getattr(user, "is_authenticated", False)) and bool(user.may(action))
