"""The inbox: what a partner says to us, message by message. Each is checked whole before any of it has an effect.

A message that is not signed by a pinned key, is for somebody else, was heard before, comes from a clock that is a day
off, or whose parts are not those that were signed, is refused with a reason and changes nothing. What is heard is
written into the channel, so that both sides can compare tree heads.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils import timezone

from baham.formats import dsse
from baham.formats.claims import read_handling
from baham.formats.sealed import BadSeal, unseal
from baham.kernel.clock import utc_text
from baham.measures.sharing import intake, taking_back
from baham.platform.audit.models import Event
from baham.platform.audit.services import record
from baham.platform.release import channel, recalls, scopes
from baham.platform.release.identity import ours
from baham.platform.release.models import Message, Partner
from baham.platform.release.partners import CannotChange, actor_of, signing_keys

log = logging.getLogger(__name__)
CLOCK = timedelta(days=1)
"""How far ahead of ours a sender's clock may be."""
MOST_PARTS = 200_000
_AFTERWARDS = frozenset({"recall", "answer", "ended", "grade", "marked"})
"""What is heard of a partner after the partnership has ended: what concerns that which was given before."""
_SID = re.compile("[0-9a-f]{40}")
_UNKEPT = re.compile("[\0\ud800-\udfff]")
"""What no text may hold that is to be stored: a NUL, and halves of characters."""
_UNFORESEEN = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    ValidationError,
    DataError,
)
"""What a message that nobody thought of may raise while it is read and stored. It is refused like any other that
cannot be read: a partner's next message, which may be a recall, does not wait behind it. A database that is busy or
gone is none of these; the message is heard again."""


class Refused(ValueError):
    """A message was refused, and nothing of it had an effect. The text tells its sender what to mend."""


@dataclass(slots=True)
class Heard:
    """What became of a message: how many claims went to quarantine, were accepted, were refused and why."""

    message: Message
    quarantined: int = 0
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=dict)


def hear(partner: Partner, wire: Any, number: int | None = None) -> Heard:
    """Take a message `{"kind", "envelope", "parts"}` from a partner, as the one with this number of its channel, or
    as the next. Raises Refused, and the refusal is logged; `channel.NotNext` where it is not the next."""
    try:
        with transaction.atomic():
            return _hear(partner, wire, number)
    except channel.NotNext:
        raise
    except (Refused, dsse.BadSignature, BadSeal, CannotChange) as error:
        raise _refused(partner, str(error)) from error
    except _UNFORESEEN as error:
        log.exception("a message of partner %s cannot be read", partner.name)
        raise _refused(partner, f"something in it cannot be read ({type(error).__name__})") from error


def _refused(partner: Partner, why: str) -> Refused:
    why = why.encode(errors="replace").decode().replace("\0", "?")
    record(
        actor_of(partner),
        Event.SYSTEM,
        "message refused",
        f"partner:{partner.name}",
        title=partner.title,
        justification=why[:500],
    )
    return Refused(why)


def _hear(partner: Partner, wire: Any, number: int | None) -> Heard:
    kind, payload = opened(partner, wire)
    _check_address(partner, payload)
    partner = Partner.objects.get(pk=partner.pk)
    if not partner.in_force and kind not in _AFTERWARDS:
        raise Refused("the partnership has ended; what is taken back of before is heard, and nothing new")
    parts = wire.get("parts") or []
    if not isinstance(parts, list) or len(parts) > MOST_PARTS:
        raise Refused(f"the parts are to be a list of at most {MOST_PARTS}")
    try:
        leaf = channel.message_leaf(wire["envelope"])
    except (ValueError, RecursionError) as error:
        raise Refused("its envelope has no canonical form") from error
    message = channel.heard(partner, kind, wire["envelope"], number)
    before = Message.objects.filter(partner=partner, direction=channel.IN, leaf=leaf, number__lt=message.number)
    if before.exclude(kind="refused").exists():
        raise Refused("this message was heard before")
    done = Heard(message)
    _HANDLERS[kind](partner, payload, parts, done)
    return done


def opened(partner: Partner, wire: Any) -> tuple[str, dict[str, Any]]:
    """The kind of a message and what it says, once its signature was found good. Raises Refused or BadSignature."""
    kind = wire.get("kind") if isinstance(wire, dict) else None
    if not isinstance(kind, str) or kind not in _HANDLERS:
        raise Refused(f"a message is one of: {', '.join(sorted(_HANDLERS))}")
    payload = dsse.verify(channel.payload_type(kind), wire.get("envelope"), signing_keys(partner)).json()
    if not isinstance(payload, dict):
        raise Refused("the signed payload is not an object")
    return kind, payload


def _check_address(partner: Partner, payload: Mapping[str, Any]) -> None:
    if payload.get("version") != 1:
        raise Refused("this installation reads version 1 of messages")
    if payload.get("from") != str(partner.party):
        raise Refused("it says that it is from another party than the one that signed it")
    if payload.get("to") != ours().party:
        raise Refused("it is addressed to another party")
    at = _moment(payload, "at")
    if at > timezone.now() + CLOCK:
        raise Refused("its clock is more than a day ahead of ours")


def _moment(payload: Mapping[str, Any], name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(payload[name])
        if moment.tzinfo is None:
            raise Refused(f"{name} has no time zone")
        return moment.astimezone(UTC)
    except Refused:
        raise
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise Refused(f"{name} is not a moment (ISO 8601)") from error


def _text(payload: Mapping[str, Any], name: str) -> str:
    """A text that can be stored; empty where there is none."""
    text = payload.get(name, "")
    if not isinstance(text, str) or _UNKEPT.search(text):
        raise Refused(f"{name} is not a text that can be kept")
    return text


def _uuid(payload: Mapping[str, Any], name: str) -> str:
    try:
        return str(UUID(_text(payload, name)))
    except ValueError as error:
        raise Refused(f"{name} is not a UUID") from error


def _sids(payload: Mapping[str, Any], name: str) -> list[str]:
    """Ids of statements: 40 hexadecimal digits each."""
    sids = payload.get(name)
    if not isinstance(sids, list) or not all(isinstance(sid, str) and _SID.fullmatch(sid) for sid in sids):
        raise Refused(f"{name} is to be a list of statement ids")
    return sids


def _release(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    if _moment(payload, "valid_until") <= timezone.now():
        raise Refused("what it gives was to be used until a day that has passed")
    claims = unseal(parts, _text(payload, "root"))
    outcome = intake.take_in(partner, claims, done.message)
    done.quarantined, done.accepted, done.refused = outcome.quarantined, outcome.accepted, dict(outcome.refused)


def _recall(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    uuid, sids, ground = _uuid(payload, "recall"), _sids(payload, "statements"), _text(payload, "ground")
    why, deadline = _text(payload, "why"), _moment(payload, "deadline")
    if not ground or not why:
        raise Refused("a recall says why, and on which ground")
    correction = unseal(parts, _text(payload, "root"))
    onward = taking_back.recalled(partner, uuid, sids, ground, why, deadline, done.message)
    outcome = intake.take_in(partner, correction if partner.in_force else [], done.message)
    done.quarantined, done.accepted, done.refused = outcome.quarantined, outcome.accepted, dict(outcome.refused)
    channel.say(
        partner,
        "answer",
        {
            "version": 1,
            "from": ours().party,
            "to": str(partner.party),
            "at": utc_text(timezone.now()),
            "recall": uuid,
            "answer": "done",
            "kept": [],
            "reason": "",
            "onward": onward,
        },
    )


def _answer(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    onward = payload.get("onward") or []
    if not isinstance(onward, list):
        raise Refused("onward is to be a list of names")
    recalls.answered(
        partner,
        _uuid(payload, "recall"),
        _text(payload, "answer"),
        reason=_text(payload, "reason"),
        kept=_sids(payload, "kept") if payload.get("kept") else [],
        actor=actor_of(partner),
        onward=[_text({"onward": one}, "onward") for one in onward],
    )


def _stance(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    intake.stance(partner, payload)


def _grade(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    intake.regraded(partner, payload)


def _marked(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    (sid,) = _sids({"statement": [payload.get("statement")]}, "statement")
    intake.make_stricter(partner, {sid: read_handling(payload.get("handling"))})


def _ended(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    taking_back.ended(partner, _sids(payload, "statements"), done.message)


def _scope(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    scopes.take(partner, payload.get("list"))


_HANDLERS: dict[str, Callable[[Partner, Mapping[str, Any], list[dict[str, Any]], Heard], None]] = {
    "release": _release,
    "recall": _recall,
    "answer": _answer,
    "stance": _stance,
    "grade": _grade,
    "marked": _marked,
    "ended": _ended,
    "scope": _scope,
}
