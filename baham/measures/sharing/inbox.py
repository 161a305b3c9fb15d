"""The inbox: what a partner says to us, message by message. Each is checked whole before any of it has an effect.

A message that is not signed by a pinned key, is for somebody else, was heard before, comes from a clock that is a day
off, or whose parts are not those that were signed, is refused with a reason and changes nothing. What is heard is
written into the channel, so that both sides can compare tree heads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.formats import dsse
from baham.formats.sealed import BadSeal, unseal
from baham.kernel.clock import utc_text
from baham.measures.sharing import intake
from baham.platform.audit.models import Event
from baham.platform.audit.services import record
from baham.platform.release import channel, recalls, scopes
from baham.platform.release.identity import ours
from baham.platform.release.models import Message, Partner
from baham.platform.release.partners import CannotChange, actor_of, signing_keys

CLOCK = timedelta(days=1)
"""How far ahead of ours a sender's clock may be."""
MOST_PARTS = 200_000


class Refused(ValueError):
    """A message was refused, and nothing of it had an effect. The text tells its sender what to mend."""


@dataclass(slots=True)
class Heard:
    """What became of a message: how many claims went to quarantine, were accepted, were refused and why."""

    message: Message
    quarantined: int = 0
    accepted: int = 0
    refused: dict[str, int] = field(default_factory=dict)


def hear(partner: Partner, wire: Any) -> Heard:
    """Take a message `{"kind", "envelope", "parts"}` from a partner. Raises Refused; the refusal is logged."""
    try:
        with transaction.atomic():
            return _hear(partner, wire)
    except (Refused, dsse.BadSignature, BadSeal, CannotChange) as error:
        record(actor_of(partner), Event.SYSTEM, "message refused", f"partner:{partner.name}", title=partner.title,
               justification=str(error)[:500])  # fmt: skip
        raise Refused(str(error)) from error


def _hear(partner: Partner, wire: Any) -> Heard:
    kind = wire.get("kind") if isinstance(wire, dict) else None
    if kind not in _HANDLERS:
        raise Refused(f"a message is one of: {', '.join(sorted(_HANDLERS))}")
    opened = dsse.verify(channel.payload_type(kind), wire.get("envelope"), signing_keys(partner))
    payload = opened.json()
    if not isinstance(payload, dict):
        raise Refused("the signed payload is not an object")
    _check_address(partner, payload)
    parts = wire.get("parts") or []
    if not isinstance(parts, list) or len(parts) > MOST_PARTS:
        raise Refused(f"the parts are to be a list of at most {MOST_PARTS}")
    try:
        leaf = channel.message_leaf(wire["envelope"])
    except (ValueError, RecursionError) as error:
        raise Refused("its envelope has no canonical form") from error
    if Message.objects.filter(partner=partner, direction=channel.IN, leaf=leaf).exclude(kind="refused").exists():
        raise Refused("this message was heard before")
    message = channel.heard(partner, kind, wire["envelope"])
    done = Heard(message)
    _HANDLERS[kind](partner, payload, parts, done)
    return done


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
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"{name} is not a moment (ISO 8601)") from error
    if moment.tzinfo is None:
        raise Refused(f"{name} has no time zone")
    return moment


def _release(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    if _moment(payload, "valid_until") <= timezone.now():
        raise Refused("what it gives was to be used until a day that has passed")
    claims = unseal(parts, str(payload.get("root", "")))
    outcome = intake.take_in(partner, claims, done.message)
    done.quarantined, done.accepted, done.refused = outcome.quarantined, outcome.accepted, dict(outcome.refused)


def _recall(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    sids, ground = payload.get("statements"), payload.get("ground")
    if not isinstance(sids, list) or not all(isinstance(sid, str) and len(sid) == 40 for sid in sids):
        raise Refused("statements is to be a list of statement ids")
    if not isinstance(ground, str) or not isinstance(payload.get("why"), str):
        raise Refused("a recall says why, and on which ground")
    correction = unseal(parts, str(payload.get("root", "")))
    onward = intake.recalled(partner, str(payload.get("recall", "")), sids, ground, payload["why"],
                             _moment(payload, "deadline"), done.message)  # fmt: skip
    outcome = intake.take_in(partner, correction, done.message)
    done.quarantined, done.accepted, done.refused = outcome.quarantined, outcome.accepted, dict(outcome.refused)
    channel.say(partner, "answer", {
        "version": 1, "from": ours().party, "to": str(partner.party), "at": utc_text(timezone.now()),
        "recall": str(payload.get("recall", "")), "answer": "done", "kept": [], "reason": "", "onward": onward,
    })  # fmt: skip


def _answer(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    kept, onward = payload.get("kept") or [], payload.get("onward") or []
    lists = all(isinstance(some, list) and all(isinstance(one, str) for one in some) for some in (kept, onward))
    if not lists or any(len(sid) != 40 or not set(sid) <= set("0123456789abcdef") for sid in kept):
        raise Refused("kept is to be a list of statement ids, onward a list of names")
    recalls.answered(
        partner, str(payload.get("recall", "")), str(payload.get("answer", "")), kept=kept,
        reason=str(payload.get("reason", "")), onward=onward, actor=actor_of(partner),
    )  # fmt: skip


def _stance(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    intake.stance(partner, payload)


def _grade(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    intake.regraded(partner, payload)


def _ended(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    sids = payload.get("statements")
    if not isinstance(sids, list) or not all(isinstance(sid, str) for sid in sids):
        raise Refused("statements is to be a list of statement ids")
    intake.ended(partner, sids, done.message)


def _scope(partner: Partner, payload: Mapping[str, Any], parts: list[dict[str, Any]], done: Heard) -> None:
    scopes.take(partner, payload.get("list"))


_HANDLERS: dict[str, Callable[[Partner, Mapping[str, Any], list[dict[str, Any]], Heard], None]] = {
    "release": _release, "recall": _recall, "answer": _answer, "stance": _stance, "grade": _grade,
    "ended": _ended, "scope": _scope,
}  # fmt: skip
