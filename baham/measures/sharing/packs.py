"""Packs for posts, banks and air gaps: the channel with a partner carried by hand, and the receipt carried back.

Opening a pack is the same as a sync: what was heard before is passed over, what is missing in between is said, and
nothing of a pack that is damaged, too old or for somebody else has any effect.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from baham.formats import pack
from baham.kernel.log import Frontier
from baham.measures.sharing import heads, sync
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.release import channel, handing
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner
from baham.platform.release.partners import recipients, signing_keys

DAYS = 30
"""How long a pack may be opened."""


@dataclass(frozen=True, slots=True)
class Built:
    """A pack that was written: which messages of the channel, and how many bytes."""

    first: int
    last: int
    size: int


def check_ready(partner: Partner, to: Path) -> None:
    """Whether a pack for this partner could be written at all, before anything is said for it. Raises BadPack."""
    if not recipients(partner):
        raise pack.BadPack(f"no key of {partner.name} is pinned to encrypt to, or none is in force")
    if to.is_dir() or not to.parent.is_dir() or not os.access(to.parent, os.W_OK):
        raise pack.BadPack(f"{to} cannot be written: name a file in a folder that is there and may be written to")


def build(actor: Actor, partner: Partner, to: Path, *, since: int | None = None, days: int = DAYS) -> Built:
    """Write a pack with what a partner has not confirmed to have, or with all from message `since` on. BadPack."""
    start = channel.witnessed(partner) if since is None else since
    if start < 0:
        raise pack.BadPack("messages are counted from 0")
    messages = channel.messages(partner, channel.OUT, start)
    if not messages:
        raise pack.BadPack("there is nothing that this partner has not confirmed to have")
    before = Frontier()
    before.extend(channel.leaves(partner)[:start])
    now = timezone.now()
    data = pack.build(
        sender=ours().party,
        receiver=str(partner.party),
        made=now,
        expires=now + timedelta(days=days),
        before=before,
        messages=[handing.wire(partner, one) for one in messages],
        key=ours().signing_key,
        recipients=recipients(partner),
    )
    new = to.with_name(f".{to.name}.new")
    new.write_bytes(data)
    new.replace(to)
    record(
        actor,
        Event.DISCLOSURE,
        "wrote a pack",
        f"partner:{partner.name}",
        title=partner.title,
        recipient=partner.title,
        first=start,
        last=start + len(messages),
        bytes=len(data),
    )
    return Built(start, start + len(messages), len(data))


def examine(path: Path, now: datetime | None = None) -> tuple[Partner, pack.Pack]:
    """Decrypt and check a pack; whose it is, and what is in it. Nothing changes. Raises BadPack."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise pack.BadPack(str(error)) from error
    inside = pack.decrypt(data, ours().age_secret)
    party = pack.sender_of(inside)
    partner = next((one for one in Partner.objects.all() if str(one.party) == party), None)
    if partner is None:
        raise pack.BadPack(f"its sender {party[:40]} is no partner here")
    return partner, pack.read(inside, signing_keys(partner), receiver=ours().party, now=now or timezone.now())


def open_pack(actor: Actor, path: Path) -> tuple[Partner, sync.Synced]:
    """Take in what a pack brings beyond what was heard before. Raises BadPack; then nothing was changed."""
    partner, held = examine(path)
    mine = channel.head(partner, channel.IN)
    if mine.size < held.first:
        raise pack.BadPack(f"messages {mine.size} to {held.first - 1} are missing; open the pack before this one first")
    if held.last <= mine.size:
        raise pack.BadPack("everything in it was heard before; it is an older pack, or this one was opened already")
    if held.root_at(mine.size) != mine.root:
        raise pack.BadPack("it tells another past than what was heard before; ask its sender, by another way")
    done = sync.take(partner, held.messages[mine.size - held.first :], mine.size)
    record(
        actor,
        Event.COLLECTION,
        "opened a pack",
        f"partner:{partner.name}",
        title=partner.title,
        messages=done.messages,
        accepted=done.accepted,
        quarantined=done.quarantined,
        refused=len(done.refused),
        file=path.name,
    )
    return partner, done


def receipt(partner: Partner) -> dict[str, Any]:
    """What we have heard of a partner, signed: to be carried back."""
    return heads.signed_head(partner, channel.IN)


def open_receipt(partner: Partner, text: str) -> int:
    """Take a receipt that was carried back; up to which message it confirms. Raises BadPack."""
    try:
        envelope = json.loads(text)
        size, root = heads.read_head(partner, envelope, channel.IN)
    except (ValueError, RecursionError) as error:
        raise pack.BadPack(f"it is no receipt: {error}") from error
    if not heads.agrees(partner, size, root):
        raise pack.BadPack("it confirms what we never said; speak to them, by another way")
    heads.keep_witness(partner, size, envelope)
    return size
