"""What travels between asker and holder, as values and as bytes.

A message is a header (a JSON object of texts, whole numbers and truth values) and a body (bytes). The header names the
body by its SHA-256, so whoever signs the header signs both; signing is not done here. On the wire:

    "BAHAMOV1" ‖ length of the header (4 bytes, big-endian) ‖ header (UTF-8) ‖ body
"""

import hashlib
import json
import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, get_type_hints

from baham.formats.canonical import canonical

from . import batch, setup
from .group import ELEMENT

_MAGIC = b"BAHAMOV1"
_MOST_HEADER = 64 * 1024
MOST_BODY = 128 << 20
_MOST_ELEMENTS = batch.MOST + batch.CHECKS
_MOST_TEXT = 300
_NAME = re.compile(r"[\w.-]{1,80}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
MODES = ("keys", "count")


class BadMessage(ValueError):
    """Bytes or a header that are no such message. The text names the field and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Message:
    """What every message has in common. `kind` is what a signature is bound to."""

    kind: ClassVar[str] = ""

    def header(self) -> dict[str, Any]:
        """What is signed: every field but the body, and the SHA-256 of the body."""
        shown = {
            one.name: value.hex() if isinstance(value := getattr(self, one.name), bytes) else value
            for one in fields(self)
            if one.name != "body"
        }
        return {**shown, "body": hashlib.sha256(self.content).hexdigest(), "kind": self.kind}

    @property
    def content(self) -> bytes:
        """The body; empty where a kind has none."""
        body: bytes = getattr(self, "body", b"")
        return body

    @property
    def digest(self) -> bytes:
        """SHA-256 of the header's canonical form (RFC 8785): what an answer refers to."""
        return hashlib.sha256(canonical(self.header())).digest()

    @classmethod
    def read(cls, header: Any, body: bytes) -> Self:
        """The message of a header and its body. Raises BadMessage."""
        if not isinstance(header, dict) or header.get("kind") != cls.kind:
            raise BadMessage(f"it is no {cls.kind}")
        hints = get_type_hints(cls)
        wanted = {one.name for one in fields(cls)} | {"kind", "body"}
        if header.keys() != wanted:
            odd = sorted(header.keys() ^ wanted)[0]
            raise BadMessage(f"field {odd[:40]}: missing, or unknown here")
        if header["body"] != hashlib.sha256(body).hexdigest():
            raise BadMessage("field body: the bytes are not those that were signed")
        if "body" not in hints and body:
            raise BadMessage("field body: there is none in such a message")
        values = {
            one.name: body if one.name == "body" else _value(one.name, header[one.name], hints[one.name])
            for one in fields(cls)
        }
        made = cls(**values)
        made.check()
        return made

    def check(self) -> None:
        """Raise BadMessage unless the fields are what they must be."""


@dataclass(frozen=True, slots=True)
class Knock(Message):
    """The asker wants the holder's offer."""

    asker: str
    holder: str
    at: str
    nonce: bytes
    kind: ClassVar[str] = "application/vnd.baham.overlap.knock+json"

    def check(self) -> None:
        """Names, moment and nonce."""
        _check_names(self, "asker", "holder")
        _check_moments(self, "at")
        _check_size("nonce", self.nonce, 16)


@dataclass(frozen=True, slots=True)
class Offer(Message):
    """The holder's set for one partner and one epoch: its public key, and (mode `keys`) the filter as the body. `left`
    is how many places the partner may ask about now."""

    holder: str
    partner: str
    epoch: str
    public: bytes
    begins: str
    ends: str
    keys: str
    purpose: str
    mode: str
    entries: int
    left: int
    body: bytes
    kind: ClassVar[str] = "application/vnd.baham.overlap.offer+json"

    def check(self) -> None:
        """Names, moments, mode and sizes."""
        _check_names(self, "holder", "partner", "epoch")
        _check_moments(self, "begins", "ends")
        if self.mode not in MODES:
            raise BadMessage("field mode: neither keys nor count")
        _check_size("public", self.public, ELEMENT)
        if not setup.LEAST <= self.entries <= setup.MOST or self.entries & (self.entries - 1):
            raise BadMessage("field entries: not a power of two in the range of filters")


@dataclass(frozen=True, slots=True)
class Request(Message):
    """What the asker wants to know: the elements of a batch are the body. `case` is the digest
    of the case reference (commitment.py)."""

    asker: str
    holder: str
    epoch: str
    at: str
    nonce: bytes
    purpose: str
    case: bytes
    commitment: bytes
    mode: str
    body: bytes
    kind: ClassVar[str] = "application/vnd.baham.overlap.request+json"

    def check(self) -> None:
        """Names, moment, purpose, sizes, and a whole number of elements."""
        _check_names(self, "asker", "holder", "epoch")
        _check_moments(self, "at")
        if not self.purpose.strip():
            raise BadMessage("field purpose: empty; a request says what it is for")
        if self.mode not in MODES:
            raise BadMessage("field mode: neither keys nor count")
        for name, value, size in (
            ("nonce", self.nonce, 16),
            ("case", self.case, 32),
            ("commitment", self.commitment, 32),
        ):
            _check_size(name, value, size)
        many, rest = divmod(len(self.body), ELEMENT)
        if rest or not 0 < many <= _MOST_ELEMENTS:
            raise BadMessage(f"field body: {len(self.body):,} bytes are not from 1 to {_MOST_ELEMENTS:,} elements")


@dataclass(frozen=True, slots=True)
class Answer(Message):
    """The holder's answer to one request. `request` is its digest; what the body holds, the mode says: the elements of
    the response, or (mode `count`) the request's elements again, `own` of them the holder's."""

    holder: str
    epoch: str
    at: str
    request: bytes
    proof: bytes
    own: int
    left: int
    body: bytes
    kind: ClassVar[str] = "application/vnd.baham.overlap.answer+json"

    def check(self) -> None:
        """Names, moment and sizes."""
        _check_names(self, "holder", "epoch")
        _check_moments(self, "at")
        _check_size("request", self.request, 32)
        if len(self.proof) not in (0, 64):
            raise BadMessage("field proof: not 64 bytes")
        many, rest = divmod(len(self.body), ELEMENT)
        if rest or not 0 <= self.own <= many or self.left < 0:
            raise BadMessage("field body: not as many elements as it says")


@dataclass(frozen=True, slots=True)
class Closing(Message):
    """The asker's last word in the mode `count`: its element of each of the holder's, so that the holder counts too."""

    asker: str
    holder: str
    epoch: str
    at: str
    request: bytes
    body: bytes
    kind: ClassVar[str] = "application/vnd.baham.overlap.closing+json"

    def check(self) -> None:
        """Names, moment and sizes."""
        _check_names(self, "asker", "holder", "epoch")
        _check_moments(self, "at")
        _check_size("request", self.request, 32)
        if len(self.body) % ELEMENT:
            raise BadMessage("field body: no whole number of elements")


@dataclass(frozen=True, slots=True)
class Hit:
    """A key that both sides hold. A lead for a person to look at; it says nothing about anybody by itself.

    `id` is the asker's own reference of its subject, `key` what agreed: "name and year" or "document".
    """

    id: str
    key: str
    note: str = (
        "The other side holds somebody under the same key. It may be another person of that name. "
        "Two legal officers may step it up; nothing follows by itself."
    )


def pack(header: bytes, body: bytes) -> bytes:
    """A header and its body as they go over the wire."""
    return _MAGIC + len(header).to_bytes(4, "big") + header + body


def unpack(message: bytes) -> tuple[Any, bytes]:
    """(header as JSON, body) of what `pack` made. Raises BadMessage."""
    if message[:8] != _MAGIC or len(message) < 12:
        raise BadMessage("it is no message of an overlap check")
    size = int.from_bytes(message[8:12], "big")
    if size > _MOST_HEADER or len(message) < 12 + size:
        raise BadMessage("its header is cut off or too long")
    if len(message) - 12 - size > MOST_BODY:
        raise BadMessage("its body is too long")
    try:
        header = json.loads(message[12 : 12 + size])
    except (ValueError, RecursionError) as error:
        raise BadMessage("its header is not JSON") from error
    return header, message[12 + size :]


def _value(name: str, given: Any, wanted: Any) -> Any:
    if wanted is int:
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < 2**53:
            raise BadMessage(f"field {name}: not a whole number")
        return given
    if not isinstance(given, str) or len(given) > _MOST_TEXT:
        raise BadMessage(f"field {name}: not a text of at most {_MOST_TEXT} characters")
    if wanted is not bytes:
        return given
    if not re.fullmatch(r"(?:[0-9a-f]{2})*", given):
        raise BadMessage(f"field {name}: not hexadecimal")
    return bytes.fromhex(given)


def _check_names(message: Message, *names: str) -> None:
    for name in names:
        if not _NAME.fullmatch(getattr(message, name)):
            raise BadMessage(f"field {name}: not a name of letters, digits, hyphens and points")


def _check_moments(message: Message, *names: str) -> None:
    for name in names:
        if not _MOMENT.fullmatch(getattr(message, name)):
            raise BadMessage(f"field {name}: not a moment such as 2026-01-31T12:00:00Z")


def _check_size(name: str, value: bytes, size: int) -> None:
    if len(value) != size:
        raise BadMessage(f"field {name}: {len(value)} bytes, not {size}")
