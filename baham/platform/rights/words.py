"""The words of a report: what labels and codes are called in the reader's language."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baham.platform.accounts.purposes import BY_CODE
from baham.platform.accounts.roles import Role
from baham.platform.numerals import digits
from baham.platform.review.kinds import KINDS
from baham.platform.rights.telling import Ground, Kept

LABELS: dict[str, Any] = {
    "as-it-stood": _("As it stood in the source"),
    "said-by": _("Said by"),
    "list": _("List"),
    "held-since": _("Held since"),
    "no-longer-since": _("No longer said since"),
    "assessment": _("An assessment, not a fact; confidence"),
    "assessed-by": _("Assessed by"),
    "graded": _("Grade"),
    "graded-by": _("Graded by"),
    "stance": _("Somebody’s word on it"),
    "stance-by": _("Said by"),
    "reason": _("Reason"),
    "evidence": _("Evidence"),
    "came-through": _("Came through"),
    "marked": _("Marked"),
    "state": _("State"),
    "in-case": _("Written in it"),
    "record": _("Record"),
    "schema": _("Kind"),
    "review-by": _("Review by"),
    "contest-at": _("To contest it"),
    "standing": _("Held as"),
    "protected": _("Protected as"),
    "on": _("On"),
    "by": _("By"),
    "restricted-since": _("Use restricted since"),
    "lifted-on": _("Restriction lifted on"),
    "review-put-off": _("Review date put off to"),
    "review-was": _("Review date before"),
    "judged": _("Judged"),
    "other-record": _("The other record"),
    "taken-back-on": _("Taken back on"),
    "kind": _("Matter"),
    "opened-on": _("Opened"),
    "asked-by": _("Asked by"),
    "put-forward-by": _("Put forward by"),
    "in-words": _("In the asker’s words"),
    "asked-name": _("Name asked about"),
    "asked-birth_date": _("Birth date asked about"),
    "asked-father_name": _("Father’s name asked about"),
    "asked-nationality": _("Nationality asked about"),
    "asked-id_number": _("Number asked about"),
    "asked-address": _("Place asked about"),
    "entry": _("The listed entry"),
    "compared": _("Compared"),
    "yours": _("Your detail"),
    "asked-value": _("What was asked"),
    "listed-value": _("What the list says"),
    "speaks": _("Speaks"),
    "passed-on": _("Passed on"),
    "answer": _("Answer"),
    "decided": _("Decided"),
    "due": _("Due"),
    "letter-on": _("Letter made out on"),
    "reference": _("Reference"),
    "confirmed-by": _("Confirmed by"),
    "file": _("File"),
    "customer": _("The asker’s own number"),
    "verdict": _("The engine says"),
    "organisation": _("Organisation"),
    "until": _("Until"),
    "recipient": _("Recipient"),
    "values-given": _("Values given"),
    "way": _("Way"),
    "purpose": _("Purpose"),
    "legal-basis": _("Legal basis"),
    "case": _("Case"),
    "note": _("Note"),
    "originator": _("Originator"),
    "message": _("Signed message"),
    "direction": _("Direction"),
    "number": _("Number"),
    "ground": _("Ground"),
    "told-on": _("Told further"),
    "event": _("What was done"),
    "times": _("Times on that day"),
    "received-on": _("Received on"),
    "verified": _("Identity verified by"),
    "language": _("Language"),
    "examined-on": _("Oversight took it up on"),
    "grade-of-sender": _("The sender’s own grade"),
    "outcome": _("Found to be"),
    "object": _("Object"),
}
WORDS: dict[str, Any] = {
    "unlawful": _("held unlawfully"),
    "not needed": _("no longer needed"),
    "legal obligation": _("a duty of law"),
    "order": _("order of a court or of oversight"),
    "restricted": _("restricted instead"),
    "emptied": _("erased, its files to follow"),
    "swept": _("erased, the database to be compacted"),
    "low": _("low"),
    "moderate": _("moderate"),
    "high": _("high"),
    "supports": _("Supports"),
    "contradicts": _("Contradicts"),
    "outdated": _("Outdated"),
    "listed": _("in force"),
    "delisted": _("Delisted"),
    "suspect": _("suspect"),
    "convicted": _("convicted"),
    "victim": _("victim"),
    "witness": _("witness"),
    "contact": _("contact"),
    "unknown": _("nobody has said"),
    "minor": _("a child"),
    "asylum seeker": _("asylum seeker"),
    "journalist": _("journalist"),
    "same": _("the same"),
    "different": _("different"),
    "unsure": _("cannot be told"),
    "for": _("For"),
    "against": _("Against"),
    "none": _("Says nothing"),
    "probable": _("probable"),
    "possible": _("possible"),
    "held": _("still held there"),
    "recalled": _("recalled"),
    "removed": _("removed there"),
    "refused": _("refused"),
    "open": _("open"),
    "withdrawn": _("taken back"),
    "proposed": _("proposed"),
    "sent": _("sent"),
    "sent back": _("sent back"),
    "waiting": _("waits for an answer"),
    "agreed": _("agreed"),
    "not agreed": _("not agreed"),
    "done": _("done"),
    "partial": _("done in part"),
    "in": _("received"),
    "out": _("sent"),
    "error": _("error"),
    "legal": _("legal"),
    "source risk": _("risk to a source"),
    "identity": _("confusion of persons"),
    "release": _("release"),
    "recall": _("recall"),
    "ended": _("ended"),
    "quarantine": _("waits, without any effect"),
    "accepted": _("accepted"),
    "corroborated": _("borne out by others"),
    "contradicted": _("contradicted by others"),
    "proved": _("proved"),
    "disproved": _("disproved"),
    "the person concerned": _("yourself"),
    "give": _("given"),
    "part": _("given in part"),
    "neither": _("neither confirmed nor denied"),
    "refuse": _("not given"),
}
GROUNDS: dict[Ground, Any] = {
    Ground.INQUIRY: _("so that an inquiry, investigation or procedure is not obstructed"),
    Ground.PREVENTION: _("so that the prevention or investigation of offences is not prejudiced"),
    Ground.PUBLIC_SECURITY: _("to protect public security"),
    Ground.NATIONAL_SECURITY: _("to protect national security"),
    Ground.OTHERS: _("to protect the rights and freedoms of others"),
}
KEPT: dict[Kept, Any] = {
    Kept.SOURCE: _("a source"),
    Kept.ORIGINATOR: _("what another authority must release"),
    Kept.MARKING: _("what is marked for fewer readers"),
    Kept.PARTNER: _("which authority it came from"),
    Kept.OTHER: _("what is about another person"),
    Kept.OFFICER: _("the name of an officer"),
    Kept.RECIPIENT: _("the name of a recipient"),
    Kept.MATTER: _("a matter that is not decided"),
    Kept.READER: _("who read the record"),
    Kept.WORDS: _("reasons in officers’ own words"),
    Kept.WHOLE: _("all that is not public"),
}
META = (
    _("screening and its review"),
    _("while a source lists it; afterwards for the record, without effect"),
    _("screening of a customer or traveller"),
    _("with the review it led to"),
    _("telling a client when somebody whom it deals with is listed"),
    _("until the client withdraws it or its end, at most a year"),
    _("cooperation with partners on what they posted"),
    _("until removed from the collection; the row stays, unserved, so that it is not taken in again"),
    _("answering somebody who asks what is held about them"),
    _("a year after the answer, longer while oversight examines it"),
    _("showing that persons who ask are answered, and how"),
    _("as long as the log; it says nothing of who asked"),
    _("accountability of those who use Baham"),
    _("as long as the records that name them"),
)
"""What models say of purpose and time in their `personal_data`, so that it is found for translation."""
_RECIPIENTS: dict[str, Any] = {
    "agency": _("an authority"),
    "liaison": _("an authority of another country"),
    "bank": _("a bank"),
    "platform": _("a platform"),
    "society": _("an organisation of civil society"),
    "": _("a recipient"),
}


def moment(at: datetime) -> str:
    """A moment as a line carries it: ISO 8601, in UTC, to the second."""
    return at.astimezone(UTC).isoformat("T", "seconds")


def label(code: str) -> str:
    """What a line is called; empty for a property, which the console's own vocabulary knows."""
    return str(LABELS.get(code, ""))


def text(value: str, kind: str) -> str:
    """The value of a line in words, where it is a code; else as it stands."""
    if kind == "word":
        return str(WORDS.get(value, value))
    if kind == "number":
        return digits(int(value))
    if kind == "purpose":
        return str(BY_CODE[value].title) if value in BY_CODE else value
    if kind == "kind":
        return next((str(one.title) for one in KINDS if one.code == value), value)
    if kind == "choice":
        code, _bar, choice = value.partition("|")
        return next((str(one.label_of(choice)) for one in KINDS if one.code == code), choice)
    return value


def in_place(code: str) -> str:
    """What is told in place of something kept: `officer|role|office`, `program||office`, `recipient|kind`, …"""
    sort, _bar, rest = code.partition("|")
    if sort == "recipient":
        return str(_RECIPIENTS.get(rest, _RECIPIENTS[""]))
    if sort in ("officer", "program"):
        role, _bar, office = rest.partition("|")
        who = gettext("a program") if sort == "program" else _officer(role)
        return gettext("%(who)s of %(office)s") % {"who": who, "office": office} if office else who
    return {
        "a-partner": gettext("a partner authority"),
        "a-client": gettext("an organisation that asked"),
        "machine": gettext("a program of this office, which decides nothing"),
        "terminal": gettext("this office"),
    }.get(sort, "")


def _officer(role: str) -> str:
    known = {one.value for one in Role}
    return str(Role(role).label) if role in known else str(pgettext_lazy("somebody who works here", "an officer"))


def ground(code: str) -> str:
    """The ground in words, by its letter in Article 15(1)."""
    return str(GROUNDS[Ground(code)])
