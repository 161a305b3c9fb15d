"""Tree heads between two installations: how long a channel is and its root, signed by whoever says so.

What a partner has signed to have seen of what we said is kept, so that neither side can later show another past.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.formats import dsse
from baham.kernel.clock import utc_text
from baham.kernel.log import Frontier, consistency_proof, verify_consistency
from baham.kernel.log import root as root_of
from baham.platform.release import channel
from baham.platform.release.identity import ours
from baham.platform.release.models import Channel, Partner
from baham.platform.release.partners import signing_keys

HEAD = "head"


def signed_head(partner: Partner, direction: str = channel.OUT) -> dict[str, Any]:
    """The head of a channel, signed by us: of what we said to a partner, or of what we have heard from it."""
    now = channel.head(partner, direction)
    payload = {
        "version": 1,
        "from": ours().party,
        "to": str(partner.party),
        "at": utc_text(timezone.now()),
        "direction": direction,
        "size": now.size,
        "root": now.root,
    }
    return dsse.sign(channel.payload_type(HEAD), payload, [ours().signing_key])


def read_head(partner: Partner, envelope: Any, direction: str) -> tuple[int, str]:
    """The size and root of a head that a partner has signed for us: of what it said (OUT), or heard of us (IN).
    Raises ValueError for whatever is none."""
    said = dsse.verify(channel.payload_type(HEAD), envelope, signing_keys(partner)).json()
    if not isinstance(said, dict) or said.get("from") != str(partner.party) or said.get("to") != ours().party:
        raise ValueError("the head is from or for another party")
    if said.get("direction") != direction:
        raise ValueError("the head is of the other direction")
    size, root = said.get("size"), said.get("root")
    if type(size) is not int or not 0 <= size < 2**63 or not isinstance(root, str):
        raise ValueError("the head has no size and root")
    return size, root


def growth(partner: Partner, start: int) -> list[str]:
    """The proof that what we said to a partner has only grown since it was `start` messages long (RFC 9162, §2.1.4),
    hexadecimal; empty where nothing is to be proved."""
    size = channel.head(partner).size
    if not 0 < start < size:
        return []
    return [one.hex() for one in consistency_proof(channel.leaves(partner), start, size)]


def only_grew(before: Frontier, size: int, root: str, proof: Any) -> bool:
    """Whether this proof shows that a channel of the head `before` has only grown to this size and root. False for
    whatever is no proof."""
    try:
        hashes = [bytes.fromhex(one) for one in proof]
        return not before.size or verify_consistency(before.size, size, before.root, bytes.fromhex(root), hashes)
    except (TypeError, ValueError):
        return False


def agrees(partner: Partner, size: int, root: str) -> bool:
    """Whether what we said to a partner had this root when it was this long."""
    now = channel.head(partner)
    if size == now.size:
        return root == now.root
    return 0 <= size < now.size and root_of(channel.leaves(partner), 0, size).hex() == root


@transaction.atomic
def keep_witness(partner: Partner, size: int, envelope: dict[str, Any]) -> None:
    """Keep a head of ours that a partner has signed, where it is of more than the one that it signed last."""
    held = Channel.objects.select_for_update().filter(partner=partner, direction=channel.OUT).first()
    if held is not None and size > channel.witnessed(partner):
        held.witnessed = envelope
        held.save(update_fields=["witnessed"])
