"""The gate: every exit of Baham asks here, and what it writes is made of what the gate let out.

    gate = Gate.open(partner, purpose, exit="taxii")
    outgoing = gate.judge(dossiers(...))      what leaves, what stays and why; nothing has left yet
    with gate.leaving(outgoing): ...          in one transaction: what is written, the log, what the partner now holds

Between judging and leaving somebody may recall, restrict or mark what was judged. So whatever leaves does so with the
pen in hand, under the terms that are in force then, and without what was touched in between: it waits for the next
time. Policy, redaction, four eyes, log: in this order and here alone. `EXITS` is the list of ways out; a test looks
through the code for any other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.kernel.claim import Claim
from baham.kernel.handling import Handling
from baham.kernel.release import Ruling, Terms, Why, rule
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record, take_the_pen
from baham.platform.ledger import touches
from baham.platform.ledger.models import Entity
from baham.platform.release import holdings
from baham.platform.release.agreements import current, terms
from baham.platform.release.claims import Dossier, dossiers, known_as
from baham.platform.release.exits import EXITS
from baham.platform.release.models import Agreement, OriginatorWord, Partner, Release
from baham.platform.release.partners import CannotChange
from baham.platform.release.pointers import HIDDEN, Ends, Place, end_of, is_pointer


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with the ruling on it. `end` is the entity that it points at, where it points at one."""

    dossier: Dossier
    claim: Claim
    ruling: Ruling
    end: int | None = None

    @property
    def rests_on(self) -> set[int]:
        """The entities on which the ruling rests: the one that it is about, and the one that it points at."""
        return {self.dossier.entity.pk} if self.end is None else {self.dossier.entity.pk, self.end}


_LATER = Ruling(Why.STEP, Why.STEP.value)


@dataclass(slots=True)
class Outgoing:
    """What leaves through a gate and what stays. Only the gate makes one with anything in `leaves`. `since` is the last
    touch in the ledger before it was judged; None, where that was when its gate was opened."""

    leaves: list[Judged] = field(default_factory=list)
    stays: list[Judged] = field(default_factory=list)
    since: int | None = None

    @property
    def claims(self) -> list[Claim]:
        return [judged.claim for judged in self.leaves]

    @property
    def reasons(self) -> Counter[Why]:
        """How many stay for which reason."""
        return Counter(judged.ruling.why for judged in self.stays)

    def keep_to(self, chosen: Collection[str]) -> None:
        """Let only these statements leave, of those that may; the others stay for a later step."""
        self.stays += [replace(one, ruling=_LATER) for one in self.leaves if one.claim.id not in chosen]
        self.leaves = [one for one in self.leaves if one.claim.id in chosen]

    @property
    def needs_two(self) -> bool:
        """Whether what leaves is marked so that two people must sign."""
        return any(judged.ruling.two_people for judged in self.leaves)


@dataclass(frozen=True, slots=True)
class Gate:
    """One partner, one purpose, one exit, one moment: what may pass."""

    partner: Partner
    agreement: Agreement | None
    terms: Terms
    exit: str
    now: datetime
    since: int
    signed: bool = False
    agreed: Mapping[int, frozenset[str]] = field(default_factory=dict)
    named: bool = False
    _ends: dict[bool, Ends] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(cls, partner: Partner, purpose: str, *, exit: str, signed: bool = False, named: bool = False) -> "Gate":
        """A gate for this moment. `signed` says that people have signed this very release: then what needs their
        signatures may pass, and originators' consent counts; otherwise only what the agreement lets out by itself.

        `named` says that two of them have, to this partner by its name: TLP:RED and AMBER+STRICT reach who is named so,
        if it is trusted, as far as the agreement goes.
        """
        if exit not in {one.code for one in EXITS}:
            raise KeyError(exit)
        since, agreement = touches.last(), current(partner)
        agreed = _agreed(partner, purpose) if signed else {}
        return cls(
            partner,
            agreement,
            _terms(partner, agreement, purpose, named),
            exit,
            timezone.now(),
            since,
            signed,
            agreed,
            named,
        )

    @property
    def datasets(self) -> Collection[str]:
        """The lists that the agreement covers; empty for every one that is screened."""
        return self.agreement.datasets if self.agreement is not None else ()

    def judge(self, several: Iterable[Dossier], *, preview: bool = False) -> Outgoing:
        """Hold each claim against the policy. Nothing leaves yet. With `preview`, as if people had signed.

        What is judged to be one goes out under one id: that of the first record of which this partner may have
        anything, so that it tells of no other.
        """
        outgoing = self.judge_each(several, preview=preview)
        outgoing.leaves = self._under_one_id(outgoing.leaves)
        return outgoing

    def judge_each(self, several: Iterable[Dossier], *, preview: bool = False) -> Outgoing:
        """The same, each claim under the id that its record has outside."""
        outgoing, here = Outgoing(), list(several)
        judged = [Judged(one, claim, self._rule(claim, one, preview)) for one in here for claim in one.claims]
        ends = self._ends_of(judged, here, preview)
        for one in judged:
            if not one.ruling.leaves:
                outgoing.stays.append(one)
            elif not is_pointer(one.claim):
                outgoing.leaves.append(replace(one, claim=self._as_told(one.claim)))
            elif (end := ends.get(end_of(one.claim))) is not None:
                outgoing.leaves.append(replace(one, claim=self._as_told(one.claim), end=end))
            else:
                outgoing.stays.append(replace(one, ruling=HIDDEN))
        return outgoing

    def _ends_of(self, judged: list[Judged], here: list[Dossier], preview: bool) -> Mapping[Place, int]:
        pointers = [one.claim for one in judged if one.ruling.leaves and is_pointer(one.claim)]
        if not pointers:
            return {}
        if preview not in self._ends:
            self._ends[preview] = Ends(lambda dossier, claim: self._rule(claim, dossier, preview).leaves)
        return self._ends[preview].of(pointers, here)

    def _rule(self, claim: Claim, dossier: Dossier, preview: bool) -> Ruling:
        agreed = self.agreed.get(dossier.entity.pk, frozenset())
        if self.datasets and dossier.entity.dataset.name not in self.datasets:
            return Ruling(Why.FIELD, "its list is not in the agreement")
        ruling = rule(claim, self.terms, self.now, dossier.about, agreed)
        if not ruling.leaves or self.signed or preview:
            return ruling
        if self.agreement is None or not self.agreement.standing:
            return Ruling(Why.UNSIGNED, "nothing leaves to this partner unless it is signed")
        return Ruling(Why.UNSIGNED, "it leaves by the signatures of two people alone") if ruling.two_people else ruling

    def _under_one_id(self, leaves: list[Judged]) -> list[Judged]:
        joined = {one.dossier.entity.canonical_id for one in leaves if one.dossier.joined}
        if not joined:
            return leaves
        members = Entity.objects.filter(canonical_id__in=joined).order_by("pk").values_list("pk", flat=True)
        first: dict[int, Entity] = {}
        for one in self.judge_each(dossiers(list(members))).leaves:
            first.setdefault(one.dossier.entity.canonical_id, one.dossier.entity)
        return [
            replace(one, claim=known_as(one.claim, first.get(one.dossier.entity.canonical_id, one.dossier.entity)))
            for one in leaves
        ]

    def _as_told(self, claim: Claim) -> Claim:
        """The claim as it is told to the partner: of those to whom it is releasable, itself and the circles that it is
        in. Which others there are is not its affair, and it passes nothing on to them."""
        if claim.handling.releasable_to is None:
            return claim
        return replace(claim, handling=told_to(self.partner, claim.handling, self.terms.scopes))

    @contextmanager
    def leaving(
        self, outgoing: Outgoing, actor: Actor, *, release: Release | None = None, **detail: Any
    ) -> Iterator[dict[str, Any]]:
        """Whatever is written inside leaves together with its entry in the log and in what the partner holds; what is
        put into the dictionary stands in the entry too. What was touched since it was judged is taken out of `outgoing`
        first, so it is to be written from that, and nothing where nothing is left. Raises CannotChange where the terms
        are no longer those that it was judged by."""
        with transaction.atomic():
            take_the_pen()
            self._check_terms()
            self._keep_what_is_as_it_was(outgoing)
            yield detail
            if not outgoing.leaves:
                return
            holdings.note(self.partner, self.exit, outgoing.leaves, self.now, release)
            record(
                actor,
                Event.DISCLOSURE,
                "released",
                f"partner:{self.partner.name}",
                title=self.partner.title,
                recipient=self.partner.title,
                exit=self.exit,
                purpose_of_release=self.terms.purpose,
                statements=len(outgoing.leaves),
                stays=dict(sorted((w.name, n) for w, n in outgoing.reasons.items())),
                agreement=self.agreement.pk if self.agreement else None,
                entities=sorted({judged.dossier.entity.pk for judged in outgoing.leaves}),
                **detail,
            )

    def _check_terms(self) -> None:
        partner = Partner.objects.get(pk=self.partner.pk)
        if _terms(partner, current(partner), self.terms.purpose, self.named) != self.terms:
            raise CannotChange("What may leave to this partner has changed in the meantime. Do it again.")

    def _keep_what_is_as_it_was(self, outgoing: Outgoing) -> None:
        since = self.since if outgoing.since is None else outgoing.since
        same = touches.untouched({pk for one in outgoing.leaves for pk in one.rests_on}, since)
        if any(not one.rests_on <= same for one in outgoing.leaves):
            outgoing.leaves = [one for one in outgoing.leaves if one.rests_on <= same]


def told_to(partner: Partner, handling: Handling, scopes: Collection[str]) -> Handling:
    """A handling as a partner is told it: releasable to whom the partner knows."""
    if handling.releasable_to is None:
        return handling
    return replace(handling, releasable_to=handling.releasable_to & {str(partner.party), *scopes})


def _terms(partner: Partner, agreement: Agreement | None, purpose: str, named: bool) -> Terms:
    agreed = terms(partner, agreement, purpose)
    return replace(agreed, named=named and agreed.trusted)


def _agreed(partner: Partner, purpose: str) -> dict[int, frozenset[str]]:
    """By entity, the originators whose last word on this partner and purpose was yes and is still good."""
    now, last = timezone.now(), {}
    for word in OriginatorWord.objects.filter(partner=partner, purpose=purpose, agrees__isnull=False).order_by("at"):
        last[word.entity_id, word.originator] = word
    found: dict[int, set[str]] = {}
    for (entity, originator), word in last.items():
        if word.agrees and (word.until is None or now < word.until):
            found.setdefault(entity, set()).add(originator)
    return {entity: frozenset(names) for entity, names in found.items()}
