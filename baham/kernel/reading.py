"""May this person read this value? The rule of the console, made of the one rule on handling (need-to-know).

A reader in the console is a recipient like any other: the organisation, its nearness to whoever keeps the record, the
clearance of the person, and the purpose under which they work. What is kept by the reader's own side came to it with
its originators' consent, and whom it goes to next is asked when it leaves; for everybody else all parts of the handling
count. `baham/kernel/release.py` is the rule for what leaves. Safeguards S-01, S-08, S-12.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from baham.kernel.handling import TLP, Audience, Handling, Permission, Reader
from baham.kernel.release import NOTHING_KNOWN, About
from baham.kernel.standing import Standing

READS_RESTRICTED = frozenset({"redress", "oversight"})
"""Purposes under which the record of a restricted person is opened (Directive (EU) 2016/680, Article 16)."""
_VULNERABLE = (Standing.VICTIM, Standing.WITNESS, Standing.CONTACT)


@dataclass(frozen=True, slots=True)
class Person:
    """Who reads: the organisation, the purpose, the strictest TLP that the person is cleared for, and the sharing
    groups (UUIDs) of whose signed lists the organisation is a member."""

    organisation: str
    purpose: str
    clearance: TLP = TLP.AMBER_STRICT
    groups: frozenset[str] = frozenset()


def may_read(
    handling: Handling,
    who: Person,
    keeper: str,
    near: Audience,
    now: datetime,
    about: About = NOTHING_KNOWN,
    sid: str = "",
) -> Permission:
    """Whether a person may read a value now. `keeper` is the organisation that keeps the record, `near` how near theirs
    stands to it: ORGANISATION for its own people and for those of its sister agencies; `about` what is held on whom it
    is about, `sid` the statement's id.

    TLP:RED is for named persons: those of the keeper who are cleared for it. By naming to whom a value may go its
    keeper agrees to that.
    """
    if about.restricted and who.purpose not in READS_RESTRICTED:
        return Permission(False, "its use is restricted while it is contested", "RESTRICTED")
    if handling.tlp > who.clearance:
        return Permission(False, f"{handling.tlp.label} is stricter than this person is cleared for", "CLEARANCE")
    own = who.organisation == keeper
    if own:
        handling = replace(handling, releasable_to=None, originators=frozenset())
    elif near < Audience.ORGANISATION:
        if about.protected or about.standing in _VULNERABLE:
            return Permission(False, "a protected person is known to the keeper of the record alone", "PROTECTED")
        if sid in about.shows_source:
            return Permission(False, "only one person could have said it", "SOURCE")
    audience = Audience.NAMED if own and who.clearance is TLP.RED else near
    named = handling.releasable_to or frozenset()
    agreed = frozenset({keeper} if named & {who.organisation, *who.groups} else ())
    return handling.permits(Reader(who.organisation, audience, who.purpose, who.groups), now, agreed)
