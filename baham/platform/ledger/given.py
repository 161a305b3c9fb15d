"""What a partner gives stands in a list of its own, called after the partner; nobody else's list is called so."""

PREFIX = "from-"
"""How the names of these lists begin."""


def list_of(partner: str) -> str:
    """The list that holds what the partner of this name gives."""
    return f"{PREFIX}{partner}"


def giver_of(name: str) -> str:
    """The partner after whom a list is called; "" for a list of anybody else."""
    return name.removeprefix(PREFIX) if is_given(name) else ""


def is_given(name: str) -> bool:
    """Whether a list of this name holds what a partner gives."""
    return name.startswith(PREFIX)
