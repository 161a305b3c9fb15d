"""What the ledger holds on a person: what is said and by whom, and what was recorded about the record itself."""

from collections.abc import Iterable, Iterator

from baham.kernel.basis import BasisKind
from baham.kernel.handling import TLP
from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger.given import is_given
from baham.platform.ledger.models import (
    Dataset,
    Extension,
    Judgement,
    Restriction,
    SourceShown,
    StandingGiven,
    Statement,
    Version,
)
from baham.platform.ledger.record import Value, annotate
from baham.platform.rights.access import Concerned
from baham.platform.rights.people import officer
from baham.platform.rights.telling import Line, Part, Thing
from baham.platform.rights.words import moment

"""How the names of datasets begin that hold what a partner said."""
_RELATIVES = frozenset({"relative", "associate", "person", "member", "director", "owner", "holder", "spouse", "child"})
"""Properties whose values are other persons. Father's and mother's names are part of a person's own identity here."""


def said(person: Concerned) -> Iterator[Thing]:
    """Every statement that was ever said about the person, with its grades, basis, stances and hands."""
    shown = shows_source(person)
    for value in _values(person):
        yield _statement(value, value.statement.sid_hex in shown)


def shows_source(person: Concerned) -> set[str]:
    """The statements about the person that would show who said them, by their ids."""
    return set(SourceShown.objects.filter(sid__in=sids(person)).values_list("sid", flat=True))


def sids(person: Concerned) -> list[str]:
    """The ids of all statements that were ever said about the person."""
    rows = Statement.objects.filter(entity_id__in=person.pks).values_list("sid", flat=True)
    return sorted({bytes(sid).hex() for sid in rows})


def _values(person: Concerned) -> Iterator[Value]:
    """The statements of the members, open and closed, annotated."""
    by_pk = {member.pk: member for member in person.members}
    versions = {
        (one.dataset_id, one.number): one
        for one in Version.objects.filter(dataset_id__in={member.dataset_id for member in person.members})
    }
    values = []
    for statement in Statement.objects.filter(entity_id__in=by_pk).order_by("entity_id", "pk"):
        statement.entity = by_pk[statement.entity_id]
        dataset = statement.entity.dataset
        values.append(
            Value(
                statement,
                dataset,
                versions[dataset.pk, statement.since],
                versions.get((dataset.pk, statement.until or 0)),
            )
        )
    annotate(values)
    yield from values


def is_public(value: Value) -> bool:
    """Whether it stands in a list that its publisher gave to everybody, and nobody marked it otherwise since."""
    plain = value.handling.tlp is TLP.CLEAR and not value.handling.originators and value.handling.releasable_to is None
    return is_published(value.dataset) and plain and not value.hands


def is_published(dataset: Dataset) -> bool:
    """Whether a list is one that its publisher gave to everybody."""
    return TLP(dataset.tlp) is TLP.CLEAR and not is_given(dataset.name)


def _statement(value: Value, shows_source: bool) -> Thing:
    statement, dataset = value.statement, value.dataset
    part = Part.OTHER if statement.prop in _RELATIVES else Part.OWN
    kind = (
        "date"
        if kind_of(statement.prop) is Kind.DATE
        else "ident"
        if kind_of(statement.prop) is Kind.IDENTIFIER
        else "text"
    )
    public = is_public(value)
    lines = [Line(statement.prop, statement.value, kind, part, public=public)]
    if statement.original and statement.original != statement.value:
        lines.append(Line("as-it-stood", statement.original, part=part, public=public))
    lines.append(Line("said-by", dataset.publisher or dataset.title, "text", Part.SAYS, "a-partner", public))
    lines.append(Line("list", dataset.title, "text", Part.SAYS, "a-partner", public))
    lines += [Line("held-since", moment(value.since.loaded_at), "moment")]
    if value.until is not None:
        lines.append(Line("no-longer-since", moment(value.until.loaded_at), "moment"))
    if value.basis.kind is BasisKind.ASSESSMENT and value.basis.confidence is not None:
        lines.append(Line("assessment", value.basis.confidence.value, "word"))
        lines.append(officer("assessed-by", value.basis.author))
    for given in value.grades:
        lines.append(Line("graded", given.grade.code, "ident"))
        lines += [officer("graded-by", given.by), *_why(given.reason)]
    if not value.grades and value.grade is not None:
        lines.append(Line("graded", value.grade.code, "ident"))
    for stance in value.stances:
        lines.append(Line("stance", stance.kind, "word"))
        lines += [officer("stance-by", stance.by), *_why(stance.reason)]
        if stance.evidence:
            lines.append(Line("evidence", stance.evidence))
    lines += [
        Line("came-through", hand.name or hand.party, part=Part.SAYS, instead="a-partner") for hand in value.hands
    ]
    lines.append(Line("marked", value.handling.tlp.label, "ident"))
    if not value.statement.entity.current:
        lines.append(Line("state", "delisted", "word"))
    from_partner = bool(value.hands) or is_given(dataset.name)
    return Thing(
        "said",
        f"statement:{statement.sid_hex}",
        tuple(lines),
        value.handling,
        shows_source=shows_source,
        partner=from_partner,
    )


def _why(reason: str) -> list[Line]:
    return [Line("reason", reason)] if reason.strip() else []


def kept(person: Concerned) -> Iterator[Thing]:
    """The record itself: in which list, until when, in which standing, restricted or not, joined with what."""
    for member in person.members:
        public = is_published(member.dataset)
        lines = [
            Line("record", member.key, "ident", public=public),
            Line("schema", member.schema, public=public),
            Line("list", member.dataset.title, "text", Part.SAYS, "a-partner", public),
            Line("state", "listed" if member.current else "delisted", "word", public=public),
        ]
        review = member.review_by or member.dataset.review_by
        lines.append(Line("review-by", review.isoformat(), "date"))
        if member.dataset.review_route:
            lines.append(Line("contest-at", member.dataset.review_route, "text", Part.SAYS, "a-partner", public))
        partner = is_given(member.dataset.name)
        yield Thing("kept", f"entity:{member.pk}", tuple(lines), member.dataset.handling, partner=partner)
    yield from _standings(person)
    yield from _restrictions(person)
    yield from _extensions(person)
    yield from _judgements(person)


def _standings(person: Concerned) -> Iterable[Thing]:
    for given in StandingGiven.objects.filter(entity_id__in=person.pks):
        lines = [Line("standing", given.standing, "word")]
        lines += [Line("protected", one, "word") for one in given.protected]
        lines += [Line("on", moment(given.at), "moment"), *_two(given), *_why(given.reason)]
        # That somebody is a source is told to nobody, not on paper: it may be read by others than the person.
        yield Thing("kept", f"standing:{given.pk}", tuple(lines), shows_source="source" in given.protected)


def _two(apart: StandingGiven | Restriction) -> Iterable[Line]:
    """Who set somebody apart, and who agreed."""
    return [officer("by", name) for name in (apart.by, apart.agreed_by) if name]


def _restrictions(person: Concerned) -> Iterable[Thing]:
    for one in Restriction.objects.filter(entity_id__in=person.pks):
        lines = [Line("restricted-since", moment(one.at), "moment"), *_two(one), *_why(one.reason)]
        if one.lifted_at is not None:
            lines += [
                Line("lifted-on", moment(one.lifted_at), "moment"),
                officer("by", one.lifted_by),
                *_why(one.lifted_reason),
            ]
        yield Thing("kept", f"restriction:{one.pk}", tuple(lines))


def _extensions(person: Concerned) -> Iterable[Thing]:
    """Put-off review dates of the entries themselves, and of their lists."""
    own = Extension.objects.filter(entity_id__in=person.pks)
    lists = Extension.objects.filter(entity=None, dataset_id__in={member.dataset_id for member in person.members})
    for one in (*own, *lists):
        lines = [Line("review-put-off", one.until.isoformat(), "date"), Line("on", moment(one.at), "moment")]
        if one.was is not None:
            lines.append(Line("review-was", one.was.isoformat(), "date"))
        yield Thing("kept", f"extension:{one.pk}", (*lines, officer("by", one.by), *_why(one.reason)))


def _judgements(person: Concerned) -> Iterable[Thing]:
    """What people judged about this record and another. The other is named only where it is the same person."""
    pks = set(person.pks)
    found = Judgement.objects.filter(left_id__in=pks) | Judgement.objects.filter(right_id__in=pks)
    for one in found.select_related("left", "right"):
        own = one.left_id in pks and one.right_id in pks
        other = one.right if one.left_id in pks else one.left
        part = Part.OWN if own else Part.OTHER
        lines = [
            Line("judged", one.verdict, "word"),
            Line("other-record", other.caption, part=part),
            Line("on", moment(one.at), "moment"),
            officer("by", one.author),
            Line("reason", one.reason, part=part),
        ]
        if one.retracted_at is not None:
            lines += [
                Line("taken-back-on", moment(one.retracted_at), "moment"),
                officer("by", one.retracted_by),
                Line("reason", one.retraction, part=part),
            ]
        yield Thing("kept", f"judgement:{one.pk}", tuple(lines))
