"""The channel with a partner: what we said to each other, message by message, each signed, in a tree of its own.

A release, a recall, an answer to one, a stance: each is one message. Whether the other side has everything is one
comparison of tree heads (RFC 9162), and that nobody has dropped or changed a message later is a consistency proof.
How a message travels (HTTPS between installations, a pack on a stick) is no matter to the channel.
"""

import base64
import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.formats import dsse
from baham.formats.sealed import withhold
from baham.kernel.log import Frontier
from baham.platform.release.identity import ours
from baham.platform.release.models import Channel, Message, Partner

OUT, IN = Message.Direction.OUT, Message.Direction.IN
KINDS = ("release", "recall", "answer", "stance", "grade", "marked", "ended", "scope", "refused")
"""What a message may be. `refused` is said by nobody: it keeps the place of a message that was heard and refused."""
_CARRY = ("release", "recall")
"""Those that carry statements: in the parts beside what is signed, a recall those that are true instead."""
_ID = re.compile(r'"id":"([0-9a-f]{40})"')
"""The ids of the statements in a stored message."""


class NotNext(ValueError):
    """The message is not the next one of the channel: it was heard in the meantime, or others are missing before it."""


@dataclass(frozen=True, slots=True)
class TreeHead:
    """How many messages a channel has, and the root over them, hexadecimal."""

    size: int
    root: str


def payload_type(kind: str) -> str:
    """What an envelope of this kind says it holds."""
    return f"application/vnd.baham.{kind}+json"


@transaction.atomic
def say(partner: Partner, kind: str, payload: dict[str, Any], parts: Sequence[dict[str, Any]] = ()) -> Message:
    """Sign a message and put it at the end of what we say to a partner. `parts` travel beside it, bound by a root that
    the payload names, so that a part can be taken out later without breaking the signature."""
    envelope = dsse.sign(payload_type(kind), payload, [ours().signing_key])
    return _append(partner, OUT, kind, envelope, parts)


@transaction.atomic
def heard(partner: Partner, kind: str, envelope: dict[str, Any], number: int | None = None) -> Message:
    """Put a message whose signature was found good at the end of what a partner says to us, alone with the channel
    until the transaction ends. Raises NotNext where that is not the place with this number."""
    return _append(partner, IN, kind, envelope, (), number)


def _append(
    partner: Partner,
    direction: str,
    kind: str,
    envelope: dict[str, Any],
    parts: Sequence[dict[str, Any]],
    number: int | None = None,
) -> Message:
    if kind not in KINDS:
        raise KeyError(kind)
    channel = Channel.objects.select_for_update().get_or_create(partner=partner, direction=direction)[0]
    if number is not None and number != channel.size:
        raise NotNext(f"the next message of this channel is number {channel.size}, and this is number {number}")
    leaf = message_leaf(envelope)
    frontier = Frontier(channel.size, [bytes.fromhex(peak) for peak in channel.peaks])
    made = Message.objects.create(
        partner=partner,
        direction=direction,
        number=channel.size,
        kind=kind,
        leaf=leaf,
        at=timezone.now(),
        envelope=json.dumps({"envelope": envelope, "parts": list(parts)}, ensure_ascii=False, separators=(",", ":")),
    )
    frontier.append(leaf)
    channel.size, channel.peaks = frontier.size, [peak.hex() for peak in frontier.peaks]
    channel.save(update_fields=["size", "peaks"])
    return made


def payload_of(message: Message) -> dict[str, Any]:
    """What a message says. Its signature was checked when it was heard, or is our own."""
    envelope = json.loads(message.envelope)["envelope"]
    return dict(json.loads(base64.b64decode(envelope["payload"])))


def statements_in(message: Message) -> set[bytes]:
    """The ids of the statements that a stored message shows, 20 bytes each."""
    return {bytes.fromhex(sid) for sid in _ID.findall(message.envelope)}


def witnessed(partner: Partner) -> int:
    """How many of our messages a partner has confirmed to have, by the head that it signed last. That head was checked
    when it was kept (`sharing/heads.py`)."""
    held = Channel.objects.filter(partner=partner, direction=OUT).first()
    if held is None or not held.witnessed:
        return 0
    return min(int(json.loads(base64.b64decode(held.witnessed["payload"]))["size"]), held.size)


def take_out(partner: Partner, sids: Collection[str]) -> None:
    """Put leaves in the place of recalled statements in every message of ours to a partner, so that nobody is handed
    them later. Signatures and the tree stay as they are."""
    gone = set(sids)
    for message in Message.objects.filter(partner=partner, direction=OUT, kind__in=_CARRY).iterator(10):
        if gone.isdisjoint(_ID.findall(message.envelope)):
            continue
        held = json.loads(message.envelope)
        held["parts"] = withhold(held["parts"], gone)
        text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        Message.objects.filter(pk=message.pk).update(envelope=text)


def message_leaf(envelope: Any) -> bytes:
    """The leaf of a message: over its envelope, not over the parts beside it, which the envelope binds by a root."""
    return dsse.leaf_of(envelope)


def head(partner: Partner, direction: str = OUT) -> TreeHead:
    """The head of what we said to a partner, or of what it said to us. One query."""
    edge = frontier(partner, direction)
    return TreeHead(edge.size, edge.root.hex())


def frontier(partner: Partner, direction: str = OUT) -> Frontier:
    """The right edge of a channel's tree, to go on from. One query."""
    channel = Channel.objects.filter(partner=partner, direction=direction).first()
    return Frontier(channel.size, [bytes.fromhex(peak) for peak in channel.peaks]) if channel else Frontier()


def messages(partner: Partner, direction: str = OUT, start: int = 0, end: int | None = None) -> list[Message]:
    """The messages of a channel from `start` up to before `end`, in order."""
    found = Message.objects.filter(partner=partner, direction=direction, number__gte=start)
    return list(found if end is None else found.filter(number__lt=end))


def leaves(partner: Partner, direction: str = OUT) -> list[bytes]:
    """The leaf hashes of a channel, in order: what proofs are made of."""
    rows = Message.objects.filter(partner=partner, direction=direction)
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]
