"""May this claim go to that partner? One rule for every exit, with the reason why something stays.

Nothing widens: a claim leaves only where its handling, the agreement with the partner, what is held on the person, and
the state of the claim all allow it. The order of the questions is that of their weight, so that the first answer is the
one to be told. Safeguards S-08, S-10, S-12, S-47.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from baham.kernel.claim import Claim
from baham.kernel.handling import PAP, TLP, Audience, Reader
from baham.kernel.standing import Protected, Standing


class Why(Enum):
    """Why a claim stays, or that it leaves."""

    LEAVES = "leaves"
    AGREEMENT = "no agreement in force"
    RECALLED = "recalled"
    RESTRICTED = "restricted"
    STANDING = "victim, witness or contact"
    PROTECTED = "protected person"
    SOURCE = "would show the source"
    EXPIRED = "permission ended"
    MARKING = "marking"
    SCOPE = "not releasable to them"
    PURPOSE = "purpose"
    ORIGINATOR = "originator has not agreed"
    ACTION = "may not be acted on"
    FIELD = "not on the agreement's list of fields"
    UNVERIFIED = "unverified"
    UNSIGNED = "not signed"
    STEP = "may leave, and was not chosen for this step"
    THEIRS = "theirs"
    END = "points at what stays"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement gives a partner, for one purpose.

    `fields` are the properties it may receive; None is all of them, which a partner who is not trusted never has.
    `acts` is what the partner will do with it: a claim under a stricter PAP stays. `limit` is the strictest TLP that
    the agreement covers, whatever the audience would allow. `watch_list` says that what leaves is matched against
    people. `named` says that two people have named the partner for this release: what takes two signatures by its
    marking, TLP:AMBER+STRICT and RED, then reaches it whatever its audience; what takes one does not.
    """

    party: str
    audience: Audience
    purpose: str
    purposes: frozenset[str]
    scopes: frozenset[str] = frozenset()
    fields: frozenset[str] | None = frozenset()
    acts: PAP = PAP.GREEN
    limit: TLP = TLP.RED
    begins: datetime | None = None
    ends: datetime | None = None
    trusted: bool = False
    watch_list: bool = False
    named: bool = False

    @property
    def reader(self) -> Reader:
        """How the marking sees the partner."""
        return Reader(self.party, self.audience, self.purpose, self.scopes)


@dataclass(frozen=True, slots=True)
class About:
    """What is held on the entity that a claim is about. `shows_source` are statements that only one person could have
    made; `recalled` those that were taken back."""

    standing: Standing = Standing.UNKNOWN
    protected: frozenset[Protected] = frozenset()
    restricted: bool = False
    shows_source: Collection[str] = frozenset()
    recalled: Collection[str] = frozenset()


NOTHING_KNOWN = About()


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer for one claim: whether it leaves, why not if it stays, and whether two people must sign."""

    why: Why
    reason: str
    two_people: bool = False

    @property
    def leaves(self) -> bool:
        return self.why is Why.LEAVES


def rule(
    claim: Claim, terms: Terms, now: datetime, about: About = NOTHING_KNOWN, agreed: frozenset[str] = frozenset()
) -> Ruling:
    """Whether the claim may go to the partner now. `agreed` are the originators who consent to this very release."""
    for question in (_agreement, _state, _person, _marking, _agreed_fields):
        if (ruling := question(claim, terms, now, about, agreed)) is not None:
            return ruling
    two = not terms.trusted or bool(about.protected) or claim.handling.tlp >= TLP.AMBER_STRICT
    return Ruling(Why.LEAVES, f"{claim.handling.tlp.label} and the agreement allow it", two_people=two)


def _agreement(claim: Claim, terms: Terms, now: datetime, about: About, agreed: frozenset[str]) -> Ruling | None:
    if not terms.purposes:
        return Ruling(Why.AGREEMENT, "there is no agreement")
    if (terms.begins is not None and now < terms.begins) or (terms.ends is not None and now >= terms.ends):
        return Ruling(Why.AGREEMENT, "the agreement is not in force")
    if terms.purpose not in terms.purposes:
        return Ruling(Why.PURPOSE, f"the agreement does not cover the purpose {terms.purpose or '(none)'}")
    return None


def _state(claim: Claim, terms: Terms, now: datetime, about: About, agreed: frozenset[str]) -> Ruling | None:
    if any(hand.party == terms.party for hand in claim.chain):
        return Ruling(Why.THEIRS, "it came from them, or through them")
    if claim.id in about.recalled:
        return Ruling(Why.RECALLED, "it has been recalled")
    if about.restricted:
        return Ruling(Why.RESTRICTED, "its use is restricted while it is contested")
    return None


def _person(claim: Claim, terms: Terms, now: datetime, about: About, agreed: frozenset[str]) -> Ruling | None:
    if terms.watch_list and not about.standing.may_be_watched_for:
        return Ruling(Why.STANDING, f"a {about.standing.value} never stands in a watch list")
    if not terms.trusted and (about.protected or about.standing in (Standing.VICTIM, Standing.WITNESS)):
        return Ruling(Why.PROTECTED, "a protected person is not made known to this partner")
    if claim.id in about.shows_source or Protected.SOURCE in about.protected:
        return Ruling(Why.SOURCE, "only one person could have said it")
    return None


def _marking(claim: Claim, terms: Terms, now: datetime, about: About, agreed: frozenset[str]) -> Ruling | None:
    reader = terms.reader
    if terms.named and claim.handling.tlp >= TLP.AMBER_STRICT:
        reader = replace(reader, audience=Audience.NAMED)
    permission = claim.handling.permits(reader, now, agreed)
    if not permission.allowed:
        return Ruling(Why[permission.code], permission.reason)
    if claim.handling.tlp > terms.limit:
        return Ruling(Why.MARKING, f"the agreement goes no further than {terms.limit.label}")
    if claim.handling.pap > terms.acts:
        return Ruling(Why.ACTION, f"{claim.handling.pap.label} does not allow what this partner does with it")
    return None


def _agreed_fields(claim: Claim, terms: Terms, now: datetime, about: About, agreed: frozenset[str]) -> Ruling | None:
    if terms.fields is None and not terms.trusted:
        return Ruling(Why.FIELD, "the agreement names no fields, and this partner receives none that are not named")
    if terms.fields is not None and claim.statement.prop not in terms.fields:
        return Ruling(Why.FIELD, f"{claim.statement.prop} is not in the agreement")
    if claim.grade is None and claim.handling.tlp > TLP.CLEAR:
        return Ruling(Why.UNVERIFIED, "nobody has graded it")
    return None
