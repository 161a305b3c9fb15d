"""Packs: what one party says to another, as a file that travels by hand where no network does.

A pack is a piece of the channel between two parties: messages `first` up to before `last`, each signed as it is over
the network. Around them signed metadata in the manner of TUF (The Update Framework): who to whom, which piece, the
tree before and after it, a digest over the messages, and a day after which it says nothing. So an older pack is told
from a newer one (rollback), one that was held back runs out (freeze), and pieces of two packs do not make a third
(mix-and-match). The whole is a zip, encrypted with age to the receiver's keys.
"""

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baham.formats import dsse
from baham.formats.canonical import canonical
from baham.kernel.clock import utc_text
from baham.kernel.log import Frontier

TYPE = "application/vnd.baham.pack+json"
LARGEST = 1 << 30
_METADATA, _MESSAGES = "metadata.json", "messages.jsonl"


class BadPack(ValueError):
    """The file is no pack for us, or is damaged, or has run out. The text says which, and what to ask for."""


@dataclass(frozen=True, slots=True)
class Pack:
    """An opened pack. `peaks` are those of the tree of the first `first` messages; times are UTC."""

    sender: str
    receiver: str
    made: datetime
    expires: datetime
    first: int
    last: int
    peaks: tuple[bytes, ...]
    root: str
    messages: list[dict[str, Any]]

    def root_at(self, size: int) -> str:
        """The root of the tree when it was `size` messages long, hexadecimal; `first` <= size <= `last`."""
        frontier = Frontier(self.first, list(self.peaks))
        frontier.extend(dsse.leaf_of(message["envelope"]) for message in self.messages[: size - self.first])
        return frontier.root.hex()


def build(
    *,
    sender: str,
    receiver: str,
    made: datetime,
    expires: datetime,
    before: Frontier,
    messages: Sequence[Mapping[str, Any]],
    key: Ed25519PrivateKey,
    recipients: Sequence[str],
) -> bytes:
    """A pack of the messages that follow `before`, encrypted to age recipients (`age1…`). BadPack without any."""
    from pyrage import RecipientError, encrypt, x25519

    if not recipients:
        raise BadPack("there is no key to encrypt to; pin one of the receiver's")
    body = "".join(
        json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n" for message in messages
    ).encode()
    after = Frontier(before.size, list(before.peaks))
    after.extend(dsse.leaf_of(message["envelope"]) for message in messages)
    metadata = {
        "version": 1,
        "from": sender,
        "to": receiver,
        "made": utc_text(made),
        "expires": utc_text(expires),
        "first": before.size,
        "last": after.size,
        "peaks": [peak.hex() for peak in before.peaks],
        "root": after.root.hex(),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_METADATA, json.dumps(dsse.sign(TYPE, metadata, [key])))
        archive.writestr(_MESSAGES, body)
    try:
        return bytes(encrypt(zipped.getvalue(), [x25519.Recipient.from_str(one) for one in recipients]))
    except RecipientError as error:
        raise BadPack(f"a key to encrypt to is none: {error}") from error


def decrypt(data: bytes, secret: str) -> bytes:
    """The zip inside, opened with an age identity (`AGE-SECRET-KEY-1…`). BadPack where it is not for us or damaged."""
    from pyrage import DecryptError, x25519
    from pyrage import decrypt as undo

    if len(data) > LARGEST:
        raise BadPack("it is larger than a gigabyte")
    try:
        return bytes(undo(data, [x25519.Identity.from_str(secret)]))
    except (DecryptError, ValueError) as error:
        raise BadPack("it is damaged, or was not encrypted to this installation") from error


def read(inside: bytes, keys: Mapping[str, bytes], *, receiver: str, now: datetime) -> Pack:
    """Check a decrypted pack to the last byte: signature, address, day, digest, tree. Raises BadPack."""
    metadata, body = _unzip(inside)
    try:
        said = dsse.verify(TYPE, metadata, keys).json()
        pack = Pack(
            str(said["from"]),
            str(said["to"]),
            datetime.fromisoformat(said["made"]),
            datetime.fromisoformat(said["expires"]),
            int(said["first"]),
            int(said["last"]),
            tuple(bytes.fromhex(peak) for peak in said["peaks"]),
            str(said["root"]),
            _lines(body),
        )
        if said["version"] != 1:
            raise BadPack(f"it is of version {said['version']}, and this installation reads version 1")
        if hashlib.sha256(body).hexdigest() != said["sha256"]:
            raise BadPack("its messages are not those that were signed")
    except dsse.BadSignature as error:
        raise BadPack(str(error)) from error
    except (KeyError, TypeError, ValueError) as error:
        raise error if isinstance(error, BadPack) else BadPack("its metadata cannot be read") from error
    if pack.receiver != receiver:
        raise BadPack("it is addressed to another party")
    if now >= pack.expires:
        raise BadPack(f"it ran out on {pack.expires:%Y-%m-%d}; ask for a new one")
    if pack.last - pack.first != len(pack.messages) or not _is_frontier(pack.first, pack.peaks):
        raise BadPack("it does not hold the messages that it names")
    if pack.root_at(pack.last) != pack.root:
        raise BadPack("its messages do not give the tree that was signed")
    return pack


def sender_of(inside: bytes) -> str:
    """The party that a decrypted pack says it is from: by it the keys are chosen. Nothing else of it is believed."""
    metadata, _body = _unzip(inside)
    try:
        return str(json.loads(base64.b64decode(metadata["payload"]))["from"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise BadPack("its metadata cannot be read") from error


def _is_frontier(size: int, peaks: tuple[bytes, ...]) -> bool:
    return size >= 0 and len(peaks) == size.bit_count() and all(len(peak) == 32 for peak in peaks)


def _unzip(inside: bytes) -> tuple[Any, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(inside)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST:
                raise BadPack("it unpacks to more than a gigabyte")
            return json.loads(archive.read(_METADATA)), archive.read(_MESSAGES)
    except BadPack:
        raise
    except (zipfile.BadZipFile, KeyError, ValueError, RecursionError, NotImplementedError, OSError, EOFError) as error:
        raise BadPack("it holds no metadata and messages") from error
    except Exception as error:  # zlib.error, and what zipfile raises for headers that contradict each other
        raise BadPack("it is damaged inside") from error


def _lines(body: bytes) -> list[dict[str, Any]]:
    try:
        found = [json.loads(line) for line in body.splitlines()]
        if not all(isinstance(one, dict) and isinstance(one.get("envelope"), dict) for one in found):
            raise BadPack("a message in it has no envelope")
        for one in found:
            canonical(one["envelope"])
    except BadPack:
        raise
    except (ValueError, RecursionError) as error:
        raise BadPack("a message in it is not JSON that can be signed") from error
    return found
