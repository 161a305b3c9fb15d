"""Two invented parties for tests: Kohsar holds, Daryab asks; and the letters that Daryab writes."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baham.engines.overlap import batch, group, keys
from baham.engines.overlap.session import Answer, Knock, Message, Offer, Request
from baham.formats.dsse import key_id
from baham.kernel.clock import FixedClock, utc_text
from baham.measures.sharing.overlap import prepared
from baham.measures.sharing.overlap.folder import folder, signing_key
from baham.measures.sharing.overlap.holder import Holder, Reply
from baham.measures.sharing.overlap.letters import delegate, holders_key, opened, received, seal

DARYAB, KOHSAR = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
HELD = [b"n|%s+x|%d" % (bytes([97 + n % 26]), 1950 + n) for n in range(300)]
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


@dataclass
class Table:
    """A holder over a folder, with a clock that stands still, and the asker's key."""

    home: Path
    daily: int = 256
    share: float = 0.5
    mode: str = "keys"
    keys: list[bytes] = field(default_factory=lambda: list(HELD))
    clock: FixedClock = field(default_factory=lambda: FixedClock(MORNING))
    asker: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    installation: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def __post_init__(self) -> None:
        self.at = folder(self.home)
        self.holder = Holder(self.at, self.clock)
        self.prepare()

    def prepare(self, **other: Any) -> None:
        """Hand the holder the keys, as `baham overlap prepare` does, and let it make an epoch."""
        ends = utc_text(self.clock.now() + timedelta(days=31))
        vouched = delegate(self.installation, KOHSAR, public(signing_key(self.at)), ends)
        terms = {
            "partner": "daryab",
            "asker": DARYAB,
            "holder": KOHSAR,
            "purpose": "screening",
            "mode": self.mode,
            "signers": {key_id(public(self.asker)): public(self.asker).hex()},
            "daily": self.daily,
            "share": self.share,
            "ends": ends,
            "keys": keys.version(),
            "delegation": vouched,
        }
        prepared.write(self.at, prepared.Terms(**{**terms, **other}), self.keys)
        self.holder.upkeep()

    def say(self, message: Message, key: Ed25519PrivateKey | None = None) -> Reply:
        """Daryab writes; the server hands over the whole reply."""
        reply = self.holder.answer(seal(message, key or self.asker))
        reply.sent()
        return reply

    def read(self, kind: type, reply: Reply) -> Any:
        """Daryab opens a reply."""
        assert reply.status == 200, reply.content
        letter = received(reply.content)
        pinned = {key_id(public(self.installation)): public(self.installation)}
        return opened(kind, letter, holders_key(letter, KOHSAR, pinned, utc_text(self.clock.now())))

    def knock(self, **other: Any) -> Knock:
        return Knock(
            **{
                "asker": DARYAB,
                "holder": KOHSAR,
                "at": utc_text(self.clock.now()),
                "nonce": secrets.token_bytes(16),
                **other,
            }
        )

    def offer(self) -> Offer:
        made: Offer = self.read(Offer, self.say(self.knock()))
        return made

    def request(self, offer: Offer, asked: batch.Asked, **other: Any) -> Request:
        fields = {
            "asker": DARYAB,
            "holder": KOHSAR,
            "epoch": offer.epoch,
            "at": utc_text(self.clock.now()),
            "nonce": secrets.token_bytes(16),
            "purpose": "screening",
            "case": sha256(b"C-7").digest(),
            "commitment": asked.commitment,
            "mode": offer.mode,
            "body": asked.elements,
        }
        return Request(**{**fields, **other})

    def answer(self, reply: Reply) -> Answer:
        made: Answer = self.read(Answer, reply)
        return made


def some(many: int, start: int = 0) -> batch.Asked:
    """A batch of keys, of which those below 300 are held."""
    wanted = HELD[start : start + many] + [b"n|nobody+at+all|%d" % n for n in range(max(0, start + many - len(HELD)))]
    return batch.ask([(key, "C-7") for key in wanted[:many]], group.multiply_base(group.ONE))  # small: no pads
