"""Decisions: an engine proposes, a person decides and says why; what weighs heavily takes two people.

The rules stand here, apart from storage and pages, because no path may go around them (safeguard S-15).
"""

from dataclasses import dataclass
from datetime import datetime

LEAST_REASON = 20
"""Characters a reason needs. The person concerned may read it."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a decision may be taken as it stands, and if not, what to mend."""

    allowed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person chose on a matter, why, and when."""

    choice: str
    reason: str
    by: str
    at: datetime


def may_decide(
    *,
    choice: str,
    choices: tuple[str, ...],
    reason: str,
    by: str,
    proposed_by: str = "",
    four_eyes: bool = False,
    earlier: tuple[Decision, ...] = (),
) -> Ruling:
    """Whether `by` may record `choice` now.

    `four_eyes` marks what changes somebody's legal state or standing: the proposer may not decide it, and the second
    signature must come from another person than the first. `proposed_by` is empty where an engine proposed.
    """
    if not by:
        return Ruling(False, "A decision needs a person who takes it.")
    if choice not in choices:
        return Ruling(False, "Choose one of the answers.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        return Ruling(False, f"Write at least {LEAST_REASON} characters; the person concerned may read this.")
    if four_eyes and person_behind(by) == person_behind(proposed_by):
        return Ruling(False, "You proposed this; another person has to decide it.")
    if four_eyes and any(decision.by == by for decision in earlier):
        return Ruling(False, "You have signed this already; the second signature comes from another person.")
    return Ruling(True)


def person_behind(name: str) -> str:
    """Whoever goes by this name: who works at a terminal under the name of an account counts as its owner."""
    return name.removeprefix("terminal:")


def outcome(decisions: tuple[Decision, ...], *, four_eyes: bool, adverse: frozenset[str]) -> str | None:
    """The choice that stands, or None while it is open.

    Without four eyes the last decision stands. With it, an adverse choice stands when the two last signatures agree;
    a choice that is not adverse (it lets somebody go) stands at once, because delay would be the harm.
    """
    if not decisions:
        return None
    last = decisions[-1]
    if not four_eyes or last.choice not in adverse:
        return last.choice
    if len(decisions) > 1 and decisions[-2].choice == last.choice and decisions[-2].by != last.by:
        return last.choice
    return None
