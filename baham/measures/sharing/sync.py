"""Fetching what a partner's installation says to us: compare heads, fetch what is new, check it against the head, take
it in. Whatever fails on the way, nothing is lost and nothing half done: the next sync goes on where this one stopped.
"""

import base64
import json
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from baham.kernel.log import Frontier
from baham.measures.sharing import inbox
from baham.measures.sharing.heads import only_grew, read_head, signed_head
from baham.platform import outbound
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.release import channel
from baham.platform.release.models import Partner

_TIMEOUT = 30.0
_LARGEST = 512 * 1024 * 1024


class CannotSync(Exception):
    """Nothing more can be taken from this partner now. The text is one line: what was wrong, and what to do."""


@dataclass(slots=True)
class Synced:
    """What a sync brought. `nothing_new` says that the heads agreed and nothing was fetched."""

    nothing_new: bool = False
    messages: int = 0
    accepted: int = 0
    quarantined: int = 0
    refused: list[str] = field(default_factory=list)


def link(partner: Partner, url: str, login: str, secret: str) -> None:
    """Keep how we sign in at a partner's installation: in a file of its own, readable by its owner alone."""
    _check(url)
    path = _link_file(partner)
    path.touch(mode=0o600)
    path.write_text(json.dumps({"url": url.rstrip("/"), "login": login, "secret": secret}))


def sync(partner: Partner, actor: Actor) -> Synced:
    """Take what a partner has said to us since the last time. Raises CannotSync; what was taken before stays."""
    place = _Place.of(partner)
    mine = channel.frontier(partner, channel.IN)
    theirs = place.get(f"exchange/head?from={mine.size}")
    size, root = _head(partner, theirs.get("out"))
    if (size, root) == (mine.size, mine.root.hex()):
        return Synced(nothing_new=True)
    if size <= mine.size:
        raise _broken(partner, actor, "its past is shorter than, or different from, what it said before")
    if "proof" in theirs and not only_grew(mine, size, root, theirs.get("proof")):
        raise _broken(partner, actor, "it does not prove that it only added to what it said before: it has altered it")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as spool:  # nobody else opens it, and a crash leaves nothing
        _fetch(place, mine.size, size, spool)
        first = mine.size
        _check_root(partner, actor, mine, _read(spool), root)
        done = take(partner, _read(spool), first)
    place.post("exchange/witness", signed_head(partner, channel.IN))
    record(
        actor,
        Event.COLLECTION,
        "synced",
        f"partner:{partner.name}",
        title=partner.title,
        messages=done.messages,
        accepted=done.accepted,
        quarantined=done.quarantined,
        refused=len(done.refused),
    )
    return done


def _fetch(place: "_Place", start: int, end: int, spool: IO[str]) -> None:
    """Fetch the messages from `start` up to before `end`, a line each: memory is one answer, however many there are."""
    at = start
    while at < end:
        page = place.get(f"exchange/messages?from={at}").get("messages")
        if not isinstance(page, list) or not page:
            raise CannotSync(f"{place.url}: said that it had {end} messages and gave {at}")
        try:
            spool.writelines(json.dumps(message, separators=(",", ":")) + "\n" for message in page[: end - at])
        except RecursionError as error:
            raise CannotSync(f"{place.url}: a message is nested too deeply") from error
        at += len(page)


def _read(spool: IO[str]) -> Iterator[dict[str, Any]]:
    spool.seek(0)
    return map(json.loads, spool)


def _check_root(
    partner: Partner, actor: Actor, frontier: Frontier, fetched: Iterable[dict[str, Any]], root: str
) -> None:
    """Whether what we had and what was fetched after it together give the head that was signed."""
    try:
        frontier.extend(channel.message_leaf(message["envelope"]) for message in fetched)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise CannotSync(f"{partner.title}: a message has no envelope") from error
    if frontier.root.hex() != root:
        raise _broken(partner, actor, "what it gave is not what it signed, or it has altered what it said before")


def take(partner: Partner, messages: Iterable[dict[str, Any]], first: int) -> Synced:
    """Take in messages, in order; the first has the number `first`. What another process hears meanwhile is passed
    over: it is heard once, whoever fetched it."""
    done = Synced()
    for number, message in enumerate(messages, first):
        with suppress(channel.NotNext):
            _take(partner, message, number, done)
    return done


def _take(partner: Partner, message: dict[str, Any], number: int, done: Synced) -> None:
    """One message. Refused, its place in the channel is kept, so that the next one can be heard."""
    try:
        heard = inbox.hear(partner, message, number)
        done.accepted += heard.accepted
        done.quarantined += heard.quarantined
        done.refused += [f"{count} × {why}" for why, count in heard.refused.items()]
    except inbox.Refused as refused:
        channel.heard(partner, "refused", message["envelope"], number)
        done.refused.append(str(refused))
    done.messages += 1


def _broken(partner: Partner, actor: Actor, what: str) -> CannotSync:
    record(
        actor, Event.SYSTEM, "tree heads disagree", f"partner:{partner.name}", title=partner.title, justification=what
    )
    return CannotSync(f"{partner.title}: {what}. Nothing was taken; ask them, by another way than this one.")


def _head(partner: Partner, envelope: Any) -> tuple[int, str]:
    try:
        return read_head(partner, envelope, channel.OUT)
    except ValueError as error:
        raise CannotSync(f"{partner.title}: its head cannot be trusted: {error}") from error


def _check(url: str) -> None:
    try:
        outbound.check(url)
    except outbound.NotAllowed as error:
        raise CannotSync(str(error)) from error


def _link_file(partner: Partner) -> Path:
    folder = Path(settings.HOME) / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"link-{partner.name}.json"


@dataclass(frozen=True, slots=True)
class _Place:
    """A partner's installation, and how we sign in there."""

    url: str
    login: str
    secret: str

    @classmethod
    def of(cls, partner: Partner) -> "_Place":
        try:
            return cls(**json.loads(_link_file(partner).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise CannotSync(f"{partner.title}: no address yet; see: baham partners link") from error

    def get(self, address: str) -> dict[str, Any]:
        return self._ask(address, None)

    def post(self, address: str, body: Any) -> dict[str, Any]:
        return self._ask(address, json.dumps(body).encode())

    def _ask(self, address: str, body: bytes | None) -> dict[str, Any]:
        _check(self.url)
        pair = base64.b64encode(f"{self.login}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {pair}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/{address}", body, headers)
        try:
            with outbound.opener(self.url).open(request, timeout=_TIMEOUT) as answer:
                text = answer.read(_LARGEST + 1)
        except urllib.error.HTTPError as error:
            with error:
                said = error.read(500).decode(errors="replace")
            raise CannotSync(f"{self.url}: answered {error.code}: {said}") from error
        except OSError as error:
            raise CannotSync(f"{self.url}: {getattr(error, 'reason', None) or error}") from error
        if len(text) > _LARGEST:
            raise CannotSync(f"{self.url}: more than {_LARGEST >> 20} MB in one answer")
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise CannotSync(f"{self.url}: the answer is not JSON") from error
        if not isinstance(found, dict):
            raise CannotSync(f"{self.url}: the answer is not an object")
        return found
