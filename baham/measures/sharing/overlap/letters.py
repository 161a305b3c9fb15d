"""Messages in signed envelopes, as they go between asker and holder (DSSE around the header, the body beside it)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baham.engines.overlap.session import BadMessage, Message, pack, unpack
from baham.formats.dsse import BadSignature, key_id, sign, verify

DELEGATION = "application/vnd.baham.overlap.delegation+json"

M = TypeVar("M", bound=Message)


@dataclass(frozen=True, slots=True)
class Letter:
    """An envelope and the body beside it, as they came; nothing in it is believed before `opened`."""

    envelope: dict[str, Any]
    body: bytes
    delegation: dict[str, Any] | None = None

    @property
    def kind(self) -> str:
        """What the envelope says it holds."""
        return str(self.envelope.get("payloadType", ""))[:100]


def seal(message: Message, key: Ed25519PrivateKey, delegation: dict[str, Any] | None = None) -> bytes:
    """A message signed, as bytes. The holder puts the envelope beside it in which its key is vouched for."""
    envelope = sign(message.kind, message.header(), [key])
    around = {"envelope": envelope, **({"delegation": delegation} if delegation else {})}
    return pack(json.dumps(around).encode(), message.content)


def received(content: bytes) -> Letter:
    """A letter as it came. Raises BadMessage."""
    around, body = unpack(content)
    if not isinstance(around, dict) or not isinstance(around.get("envelope"), dict):
        raise BadMessage("there is no signed envelope in it")
    delegation = around.get("delegation")
    return Letter(around["envelope"], body, delegation if isinstance(delegation, dict) else None)


def opened(kind: type[M], letter: Letter, keys: Mapping[str, bytes]) -> M:
    """The message in a letter that one of `keys` has signed. Raises BadSignature, BadMessage."""
    return kind.read(verify(kind.kind, letter.envelope, keys).json(), letter.body)


def delegate(installation: Ed25519PrivateKey, party: str, holder: bytes, until: str) -> dict[str, Any]:
    """The envelope in which an installation's key vouches for the key of its holder until a moment."""
    return sign(DELEGATION, {"party": party, "holder": holder.hex(), "until": until}, [installation])


def holders_key(letter: Letter, party: str, keys: Mapping[str, bytes], now: str) -> dict[str, bytes]:
    """The key of a party's holder, vouched for by one of the party's pinned `keys`. Raises BadSignature."""
    if letter.delegation is None:
        raise BadSignature("nobody vouches for the key of the holder")
    said = verify(DELEGATION, letter.delegation, keys).json()
    try:
        if said["party"] != party or not now < str(said["until"]):
            raise BadSignature("what vouches for the key of the holder is of another party, or has ended")
        public = bytes.fromhex(said["holder"])
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, BadSignature):
            raise
        raise BadSignature("what vouches for the key of the holder cannot be read") from error
    return {key_id(public): public}
