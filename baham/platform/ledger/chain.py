"""The chain of one value, link by link, in the words of the page.

Who said it, where, how graded, who stands for and against it, who may have it, who has it: one component, everywhere.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from baham.kernel.basis import BasisKind, StanceKind
from baham.kernel.grade import Grade
from baham.kernel.handling import Handling
from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger.marking import called
from baham.platform.ledger.record import Receipt, Value
from baham.platform.numerals import digits


@dataclass(slots=True)
class Row:
    """One line in a link. What is empty is not shown."""

    who: str = ""
    text: str = ""
    muted: str = ""
    quote: str = ""
    quote_lang: str = ""
    state: str = ""
    state_label: str = ""
    grade: Grade | None = None
    handling: Handling | None = None
    url: str = ""


class Link(NamedTuple):
    """One link: its label, how firmly it stands (`done`, `plain`, `open`, `disputed`), and its lines."""

    label: str
    node: str
    rows: list[Row]


@dataclass(slots=True)
class Chain:
    """What the shell's `{% chain %}` draws."""

    value: str
    prop: str
    is_date: bool
    lang: str | None
    flags: tuple[str, ...]
    said: str
    grade: Grade | None
    handling: Handling
    count: int
    url: str
    disputed: bool
    outdated: bool
    closed: bool
    open: bool
    assessment: bool
    links: list[Link]


def chain_of(value: Value, open_: bool = False) -> Chain:
    """The chain of a value as its page shows it."""
    statement = value.statement
    return Chain(
        value=statement.shown,
        prop=statement.prop,
        is_date=kind_of(statement.prop) is Kind.DATE,
        lang=statement.lang,
        flags=tuple(statement.flags.split()),
        said=value.dataset.title,
        grade=value.grade,
        handling=value.handling,
        count=value.sources,
        url=reverse("chain", args=[statement.entity_id, statement.sid_hex]),
        disputed=value.contradicted,
        outdated=value.outdated,
        closed=value.until is not None,
        open=open_,
        assessment=value.basis.kind is BasisKind.ASSESSMENT,
        links=[_said_by(value), _in(value), _graded(value), _for_against(value), _may_have(value), _received(value)],
    )


def _day(moment: datetime) -> str:
    return digits(date_format(timezone.localtime(moment), "j M Y"))


def _said_by(value: Value) -> Link:
    since, until = value.since, value.until
    period = _("since version %(number)s, loaded %(day)s by %(who)s") % {
        "number": digits(since.number),
        "day": _day(since.loaded_at),
        "who": since.loaded_by,
    }
    rows = [Row(who=value.dataset.publisher or value.dataset.title, text=value.dataset.title, muted=period)]
    if until is not None:
        rows.append(
            Row(
                state="delisted",
                state_label=_("No longer said"),
                text=_("since version %(number)s of %(day)s")
                % {"number": digits(until.number), "day": _day(until.loaded_at)},
            )
        )
    for hand in value.hands:
        rows.append(Row(who=hand.name or hand.party, muted=_("passed it on") if hand.at else _("is its origin")))
    basis = value.basis
    if basis.kind is BasisKind.ASSESSMENT and basis.on and basis.confidence:
        rows.append(
            Row(
                muted=_("An assessment by %(who)s on %(day)s, with %(confidence)s confidence; not a fact.")
                % {
                    "who": basis.author,
                    "day": date_format(basis.on, "j M Y"),
                    "confidence": _CONFIDENCE[basis.confidence.value](),
                }
            )
        )
    else:
        rows.append(Row(muted=_("A fact, as the source puts it; not an assessment of ours.")))
    return Link(_("Said by"), "done", rows)


def _in(value: Value) -> Link:
    statement = value.statement
    place = ", ".join(part for part in (statement.record, statement.field) if part)
    rows = [Row(text=value.since.file_name, muted=place, url=reverse("source", args=[value.dataset.name]))]
    if statement.original:
        rows.append(
            Row(quote=statement.original, muted=_("as it stood; read as %(value)s") % {"value": statement.value})
        )
    if statement.quality:
        rows.append(Row(muted=_("The source calls this name: %(quality)s") % {"quality": statement.quality}))
    if value.since.sha256:
        rows.append(Row(muted="sha-256 " + value.since.sha256[:4] + "…" + value.since.sha256[-4:]))
    return Link(_("In"), "done", rows)


def _graded(value: Value) -> Link:
    rows = [
        Row(
            who=given.by,
            text=" · ".join(_(word) for word in given.grade.words),
            muted=f"{_day(given.at)}: {given.reason}",
            grade=given.grade,
        )
        for given in value.grades
    ]
    if rows:
        return Link(_("Graded"), "done", rows)
    if value.grade is not None:
        words = " · ".join(_(word) for word in value.grade.words)
        return Link(_("Graded"), "plain", [Row(grade=value.grade, text=words, muted=_("given to the whole list"))])
    return Link(_("Graded"), "open", [Row(muted=_("Nobody has graded this yet."))])


def _for_against(value: Value) -> Link:
    supports, against = _("Supports"), _("Contradicts")
    rows = [Row(state="for", state_label=supports, text=same.dataset.title, grade=same.grade) for same in value.same]
    rows += [
        Row(
            state="against",
            state_label=against,
            text=f"{rival.dataset.title}: {rival.statement.value}",
            grade=rival.grade,
        )
        for rival in value.other
    ]
    labels = {
        StanceKind.SUPPORTS.value: ("for", supports),
        StanceKind.CONTRADICTS.value: ("against", against),
        StanceKind.OUTDATED.value: ("delisted", _("Outdated")),
    }
    for stance in value.stances:
        state, label = labels[stance.kind]
        rows.append(Row(state=state, state_label=label, who=stance.by, text=stance.reason, muted=stance.evidence))
    if not rows:
        return Link(_("For, against"), "open", [Row(muted=_("No other source says this or contradicts it."))])
    return Link(_("For, against"), "disputed" if value.contradicted else "done", rows)


def _may_have(value: Value) -> Link:
    handling = value.handling
    rows = [Row(handling=handling)]
    if handling.purposes is not None:
        rows.append(
            Row(text=_("for: %(purposes)s") % {"purposes": ", ".join(sorted(handling.purposes)) or _("nobody")})
        )
    if handling.expires is not None:
        rows.append(Row(text=_("until %(day)s") % {"day": _day(handling.expires)}))
    if handling.originators:
        names = ", ".join(sorted(handling.originators))
        rows.append(
            Row(muted=_("Originator control: %(names)s must agree to each further release.") % {"names": names})
        )
    if handling.releasable_to is not None:
        names = ", ".join(called(handling.releasable_to)) or _("nobody")
        rows.append(Row(muted=_("Releasable to: %(names)s") % {"names": names}))
    return Link(_("May have it"), "plain", rows)


def _received(value: Value) -> Link:
    if value.received:
        return Link(_("Received by"), "done", [_receipt(one) for one in value.received])
    return Link(_("Received by"), "open", [Row(muted=_("It has not been released to anybody from here."))])


def _receipt(one: Receipt) -> Row:
    when = _day(one.at)
    if one.state == "held":
        return Row(who=one.who, muted=when, url=one.url)
    labels = {
        "recalled": ("waiting", _("Recalled, not yet answered")),
        "removed": ("done", _("Removed it")),
        "refused": ("disputed", _("Refused to remove it")),
    }
    state, label = labels[one.state]
    return Row(who=one.who, muted=when, url=one.url, state=state, state_label=label)


_CONFIDENCE = {"low": lambda: _("low"), "moderate": lambda: _("moderate"), "high": lambda: _("high")}
