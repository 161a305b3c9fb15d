"""Claims sealed under one signature of which parts may be withheld.

Each claim is a salted leaf of a Merkle tree (RFC 9162 §2.1) and the signature is over the root. Where a claim is
withheld its leaf stands in its place: the signature still holds, whoever receives it learns that something is missing
and nothing else, and a part that is shown later can be proved to have belonged there all along.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from baham.formats.claims import BadClaim, leaf, read, write
from baham.kernel.claim import Claim
from baham.kernel.log import root

_SALT = 16


class BadSeal(ValueError):
    """The parts are not those that were signed. The text says which part."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The parts in their order, `{"salt", "claim"}` or `{"leaf"}`, and the root over all of them, hexadecimal."""

    parts: list[dict[str, Any]]
    root: str


def seal(claims: Iterable[tuple[Claim, bool]]) -> Sealed:
    """Seal claims; each comes with whether it is shown (else its leaf alone is written)."""
    parts: list[dict[str, Any]] = []
    leaves: list[bytes] = []
    for claim, shown in claims:
        salt, written = secrets.token_bytes(_SALT), write(claim)
        leaves.append(leaf(written, salt))
        parts.append({"salt": salt.hex(), "claim": written} if shown else {"leaf": leaves[-1].hex()})
    return Sealed(parts, root(leaves).hex())


def withhold(parts: Sequence[dict[str, Any]], ids: Iterable[str]) -> list[dict[str, Any]]:
    """The same parts with these statements withheld too: what is left after a recall. The root stays the same."""
    gone = set(ids)
    return [
        {"leaf": leaf_of(part).hex()} if "claim" in part and part["claim"]["statement"]["id"] in gone else part
        for part in parts
    ]


def unseal(parts: Any, expected_root: str) -> list[Claim]:
    """The claims that are shown, once all parts have been found to be those that were signed. Raises BadSeal."""
    if not isinstance(parts, list):
        raise BadSeal("the parts are to be a list")
    leaves, claims = [], []
    for position, part in enumerate(parts):
        try:
            leaves.append(leaf_of(part))
            if "claim" in part:
                claims.append(read(part["claim"]))
        except BadClaim as error:
            raise BadSeal(f"part {position}: {error}") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadSeal(f"part {position} is neither a claim with its salt nor a leaf") from error
    if root(leaves).hex() != expected_root:
        raise BadSeal("the parts are not those that were signed")
    return claims


def leaf_of(part: dict[str, Any]) -> bytes:
    """The leaf of a part, shown or withheld; 32 bytes. Raises ValueError."""
    made = leaf(part["claim"], bytes.fromhex(part["salt"])) if "claim" in part else bytes.fromhex(part["leaf"])
    if len(made) != 32:
        raise ValueError("a leaf has 32 bytes")
    return made
