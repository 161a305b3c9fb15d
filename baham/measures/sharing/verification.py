"""Verification: what a partner says is looked into, and how often it held is its track record.

A claim is corroborated by an origin that is independent of it: two relays of one origin are one, and a hand that nobody
signed for counts as the hand of whoever passed it on. The record counts, for each letter that the partner gave, how
many of the claims that were looked into held, with Wilson's interval (Wilson, 1927), and quarter by quarter. From it a
reliability is *proposed*; a person sets it, or does not.
"""

import base64
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from baham.formats.claims import hand_message, read
from baham.kernel.claim import Claim, Hand
from baham.kernel.decision import LEAST_REASON
from baham.kernel.statement import Statement as Said
from baham.measures.sharing import intake
from baham.measures.sharing.models import Outcome, Received
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.given import PREFIX
from baham.platform.ledger.models import CameThrough, Dataset, Entity, Statement
from baham.platform.release.identity import ours
from baham.platform.release.models import Partner, PartnerKey
from baham.platform.release.partners import CannotChange

HELD = (Outcome.Kind.CORROBORATED, Outcome.Kind.PROVED)
LEAST = 10
"""Claims that must have been looked into before a reliability is proposed at all; below it is F."""
MARKS = (("A", 0.90), ("B", 0.75), ("C", 0.55), ("D", 0.35), ("E", 0.0))
"""The letter that is proposed where the lower end of the interval is at least so much. Ours: the scheme has words."""
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of `of` held, and the interval in which the rate lies with 95 % confidence (Wilson)."""

    held: int
    of: int

    @property
    def rate(self) -> float:
        return self.held / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        n, p = self.of, self.rate
        middle, spread = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        return max(0.0, (middle - spread) / (1 + _Z**2 / n)), min(1.0, (middle + spread) / (1 + _Z**2 / n))

    @property
    def percent(self) -> tuple[int, int]:
        """The interval in whole percent, widened outwards."""
        low, high = self.interval
        return math.floor(low * 100), math.ceil(high * 100)


@dataclass(slots=True)
class TrackRecord:
    """What is known of a partner's word: by its own letter, by quarter, and the reliability that follows."""

    letters: dict[str, Rate] = field(default_factory=dict)
    quarters: dict[str, Rate] = field(default_factory=dict)
    all: Rate = Rate(0, 0)
    proposed: str = "F"

    @property
    def enough(self) -> bool:
        """Whether enough was looked into to propose a letter."""
        return self.all.of >= LEAST


@transaction.atomic
def found(actor: Actor, received: Received, kind: str, reason: str, evidence: str = "") -> Outcome:
    """Write down what became of a claim. Raises CannotChange."""
    if kind not in Outcome.Kind.values:
        raise CannotChange(f"A claim is one of these: {', '.join(Outcome.Kind.values)}.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotChange(f"Write at least {LEAST_REASON} characters on why.")
    if kind in (Outcome.Kind.PROVED, Outcome.Kind.DISPROVED) and not evidence.strip():
        raise CannotChange("Name the document or register that proves it.")
    made = Outcome.objects.create(
        received=received, kind=kind, by=actor.name, reason=reason.strip(), evidence=evidence.strip(), at=timezone.now()
    )
    record(
        actor,
        Event.ALTERATION,
        f"found {kind}",
        f"received:{received.pk}",
        title=received.entity_key,
        justification=reason.strip(),
    )
    return made


def track_record(partner: Partner) -> TrackRecord:
    """A partner's record from everything that was looked into. What it recalled did not hold. Three queries."""
    last = Outcome.objects.filter(received__partner=partner).values("received").annotate(last=Max("pk"))
    outcomes = Outcome.objects.filter(pk__in=[row["last"] for row in last]).select_related("received")
    looked: dict[int, tuple[Received, bool, datetime]] = {
        one.received_id: (one.received, one.kind in HELD, one.at) for one in outcomes
    }
    recalled = Received.objects.filter(partner=partner, state=Received.State.RECALLED)
    for row in recalled:
        looked.setdefault(row.pk, (row, False, row.decided_at or row.at))
    letters: dict[str, list[bool]] = defaultdict(list)
    quarters: dict[str, list[bool]] = defaultdict(list)
    for row, held, moment in looked.values():
        at = timezone.localtime(moment)  # a quarter is one of the office's, not of UTC
        letters[row.grade[:1] or "F"].append(held)
        quarters[f"{at.year}-Q{(at.month + 2) // 3}"].append(held)
    whole = _rate(held for _row, held, _at in looked.values())
    made = TrackRecord(
        {k: _rate(v) for k, v in sorted(letters.items())}, {k: _rate(v) for k, v in sorted(quarters.items())}, whole
    )
    if made.enough:
        made.proposed = next(letter for letter, least in MARKS if whole.interval[0] >= least)
    return made


def _rate(held: Iterable[bool]) -> Rate:
    answers = list(held)
    return Rate(sum(answers), len(answers))


@dataclass(frozen=True, slots=True)
class Support:
    """How many independent origins say what a claim says, it included, and which hold something else."""

    origins: frozenset[str]
    against: tuple[tuple[str, str], ...] = ()

    @property
    def independent(self) -> int:
        return len(self.origins)


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom a hand is held against: publishers of lists that we hold ourselves, and the keys that are pinned here, by
    party. Asked for once, however many claims are looked at."""

    publishers: frozenset[str]
    keys: Mapping[str, Mapping[str, bytes]]

    @classmethod
    def known(cls) -> "Parties":
        lists = Dataset.objects.exclude(name__startswith=PREFIX).exclude(publisher="")
        keys: dict[str, dict[str, bytes]] = {}
        for key in PartnerKey.objects.filter(use=PartnerKey.Use.SIGN).select_related("partner"):
            if key.in_force:
                keys.setdefault(str(key.partner.party), {})[key.key_id] = base64.b64decode(key.public)
        return cls(frozenset(lists.values_list("publisher", flat=True)), keys)


def origin_of(claim: Claim, relay: str, parties: Parties) -> str:
    """Who said a claim first, as far as we can tell by ourselves; else whoever gave it to us (`relay`, a party's id).

    A first hand counts where it signed with a key that is pinned here, or is the publisher of a list that we hold
    ourselves. Any other name in a chain is only the word of whoever gave it: nobody makes two origins of one.
    """
    first = claim.chain[0] if claim.chain else None
    if first is None:
        return relay
    publisher = first.party.removeprefix("publisher:")
    if publisher != first.party:
        return first.party if publisher in parties.publishers else relay
    return first.party if _signed_first(claim, parties.keys.get(first.party, {})) else relay


def origins(claims: Iterable[Claim], relay: str, parties: Parties) -> frozenset[str]:
    """The independent origins of claims that one party gave us. A party that signed one of them as its first hand is
    one; whoever else is named as first stands for the relay."""
    found: dict[str, str] = {}
    for claim in claims:
        first = claim.chain[0].party if claim.chain else ""
        if found.get(first) != first or not first:
            found[first] = relay if first == relay else origin_of(claim, relay, parties)
    return frozenset(found.values())


def _signed_first(claim: Claim, keys: Mapping[str, bytes]) -> bool:
    first = claim.chain[0]
    if not keys or not first.signature:
        return False
    alone = replace(claim, chain=())
    return intake.is_signed(keys, first.signature, hand_message(alone, first.party, first.at))


def support(received: Received, entities: Iterable[Entity]) -> Support:
    """What else is said here about the same entity (those judged the same) and the same property."""
    claim = read(json.loads(received.claim))
    said = Statement.objects.filter(entity__in=list(entities), prop=claim.statement.prop, until=None)
    rows = list(said.select_related("entity__dataset"))
    hands = {came.sid: came.hands for came in CameThrough.objects.filter(sid__in=[row.sid_hex for row in rows])}
    parties = Parties.known()
    origins, against = {origin_of(claim, str(received.partner.party), parties)}, []
    for row in rows:
        first = _origin_here(row, hands.get(row.sid_hex), parties)
        if row.value.casefold() == claim.statement.value.casefold():
            origins.add(first)
        elif first not in origins:
            against.append((row.entity.dataset.title, row.value))
    return Support(frozenset(origins), tuple(against))


def _origin_here(row: Statement, hands: list[dict[str, str]] | None, parties: Parties) -> str:
    if not hands:
        publisher = row.entity.dataset.publisher
        return f"publisher:{publisher}" if publisher else ours().party
    said = Said(row.entity.key, row.entity.schema, row.prop, row.value, row.entity.dataset.name, id=row.sid_hex)
    chain = tuple(Hand(**hand) for hand in hands)
    return origin_of(Claim(said, chain=chain), chain[-1].party, parties)
