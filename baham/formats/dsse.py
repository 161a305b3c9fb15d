"""Signed envelopes after DSSE 1.0 (Dead Simple Signing Envelope, secure-systems-lab), with Ed25519 (RFC 8032).

What is signed is the payload with its type, so that a recall can never be read as a release. Several may sign one
payload. Nothing is read out of an envelope before a signature of a known key has been found good.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from baham.formats.canonical import canonical
from baham.kernel.log import leaf_hash


class BadSignature(ValueError):
    """The envelope is damaged, or nobody whom we know has signed it. The text says which."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A payload whose signature was good, and the ids of the known keys that signed it."""

    payload: bytes
    signers: tuple[str, ...]

    def json(self) -> Any:
        """The payload read as JSON. Raises BadSignature where the signer signed something else."""
        try:
            return json.loads(self.payload)
        except (ValueError, RecursionError) as error:
            raise BadSignature("the signed payload is not JSON") from error


def key_id(public: bytes) -> str:
    """The id of a public key (32 bytes): the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def sign(payload_type: str, payload: Any, keys: Iterable[Ed25519PrivateKey]) -> dict[str, Any]:
    """An envelope around a payload: bytes as they are, anything else in its canonical form (RFC 8785)."""
    body = payload if isinstance(payload, bytes) else canonical(payload)
    to_sign = pre_authentication(payload_type, body)
    return {
        "payloadType": payload_type,
        "payload": base64.b64encode(body).decode(),
        "signatures": [
            {
                "keyid": key_id(key.public_key().public_bytes_raw()),
                "sig": base64.b64encode(key.sign(to_sign)).decode(),
            }
            for key in keys
        ],
    }


def verify(payload_type: str, envelope: Any, keys: Mapping[str, bytes]) -> Opened:
    """Open an envelope of this type that one of `keys` ({key id: public key, 32 bytes}) has signed. BadSignature."""
    try:
        if envelope["payloadType"] != payload_type:
            raise BadSignature(f"it is a {str(envelope['payloadType'])[:60]!r} and not a {payload_type!r}")
        body = base64.b64decode(envelope["payload"], validate=True)
        signatures = [
            (str(one["keyid"]), base64.b64decode(one["sig"], validate=True)) for one in envelope["signatures"]
        ]
    except BadSignature:
        raise
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise BadSignature("it is no signed envelope") from error
    to_sign = pre_authentication(payload_type, body)
    good = tuple(dict.fromkeys(name for name, sig in signatures if name in keys and _is_good(keys[name], sig, to_sign)))
    if not good:
        named = ", ".join(sorted({name[:16] for name, _ in signatures})) or "nobody"
        raise BadSignature(f"no good signature of a key that is known here; it names {named}")
    return Opened(body, good)


def leaf_of(envelope: Any) -> bytes:
    """The leaf of an envelope in a tree of messages (RFC 9162), 32 bytes.

    One that was erased is `{"erased": leaf}`, hexadecimal: it keeps the message's place in the tree, bears no
    signature, and so is refused by whoever hears it. Raises ValueError where that is no leaf.
    """
    if isinstance(envelope, dict) and envelope.keys() == {"erased"}:
        if len(leaf := bytes.fromhex(str(envelope["erased"]))) != 32:
            raise ValueError("a leaf has 32 bytes")
        return leaf
    return leaf_hash(canonical(envelope))


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: what is signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def _is_good(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
