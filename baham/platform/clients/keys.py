"""API keys: how one is made, what is kept of it, and how it is recognised.

A key is `baham_` + prefix + `_` + 256 random bits. Only its SHA-256 is kept. A slow password hash would add nothing:
it protects what people choose and others can guess. Nobody guesses 256 random bits, and every call would pay for it.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from django.http import HttpRequest

from baham.platform.clients.models import Client

_SHAPE = re.compile(r"baham_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
_SCHEMES = ("apikey", "bearer")
NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
"""What a key is compared with when its prefix is unknown, so that both answers take the same time."""


@dataclass(frozen=True, slots=True)
class Key:
    """A new key. `text` is shown to a person once and kept nowhere."""

    text: str
    prefix: str
    hash: str


class KeyRefused(Exception):
    """The key opens nothing. `status` is 401 for one that is missing or unknown, 403 for one that was ended."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status


class ClientRequest(HttpRequest):
    """A request behind the door for programs, which has put there whose it is."""

    client: Client


def new_key() -> Key:
    """A key that nobody has seen."""
    prefix = secrets.token_hex(4)
    text = f"baham_{prefix}_{secrets.token_urlsafe(32)}"
    return Key(text, prefix, hash_of(text))


def hash_of(text: str) -> str:
    """What is kept of a key: SHA-256, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def client_of(request: HttpRequest) -> Client:
    """The client whose key the request carries. Raises KeyRefused, with one clear line for whoever runs the program."""
    shape = _SHAPE.fullmatch(_sent(request))
    found = Client.objects.select_related("organisation").filter(prefix=shape[1]).first() if shape else None
    same = hmac.compare_digest(hash_of(shape[0]) if shape else NOBODY, found.key_hash if found else NOBODY)
    if found is None or not same:
        raise KeyRefused(401, "Send the key of a client as `Authorization: ApiKey …`; this one is missing or unknown.")
    if found.revoked_at is not None:
        raise KeyRefused(403, f"The key {found.prefix} was revoked on {found.revoked_at:%Y-%m-%d}.")
    if found.is_expired:
        raise KeyRefused(403, f"The key {found.prefix} ended on {found.expires_at:%Y-%m-%d}; ask for a new one.")
    return found


def _sent(request: HttpRequest) -> str:
    """The key of `Authorization: ApiKey …` (as yente's client sends it), `Bearer …`, or of `X-API-Key`."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if scheme.lower() in _SCHEMES else request.headers.get("X-API-Key", "").strip()
