"""Places in what somebody reads on, as words that tell them nothing: neither row numbers nor how much others have.

ChaCha20-Poly1305 (RFC 8439) under a key derived from the secret key for one use (*scope*): what was given for
another reader, address or question opens nothing here.
"""

import base64
import hashlib
import secrets
import struct
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings

_NONCE = 12


def hide(numbers: Sequence[int], scope: str) -> str:
    """A word for some whole numbers below 2⁶³, in letters, digits, hyphens and underscores."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _cipher(scope).encrypt(nonce, struct.pack(f">{len(numbers)}q", *numbers), None)
    return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()


def reveal(word: str, scope: str, count: int) -> tuple[int, ...]:
    """So many numbers that `hide` made a word of for this scope. Raises ValueError."""
    try:
        data = base64.b64decode(word.encode("ascii") + b"=" * (-len(word) % 4), b"-_", validate=True)
        plain = _cipher(scope).decrypt(data[:_NONCE], data[_NONCE:], None)
        return struct.unpack(f">{count}q", plain)
    except (InvalidTag, ValueError, struct.error) as error:
        raise ValueError("this was not given here, or not for this") from error


def _cipher(scope: str) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hashlib.sha256(f"opaque\n{scope}\n{settings.SECRET_KEY}".encode()).digest())
