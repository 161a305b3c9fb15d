"""What partners gave us about a person, also what waits without effect: this measure's entries in the registry of what
is held (`platform/rights/access.py`)."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from baham.formats.claims import BadClaim, read, read_handling
from baham.formats.naming import names_said
from baham.kernel.claim import Claim
from baham.kernel.schema import Kind, kind_of
from baham.measures.sharing.models import Lead, PreparedSet, Received
from baham.measures.sharing.overlap import persons
from baham.measures.sharing.overlap.folder import folder
from baham.measures.sharing.taxii.models import State, Stored, Told
from baham.platform.ledger.models import SourceShown
from baham.platform.places import Concerned as Described
from baham.platform.places import texts_of
from baham.platform.release.models import Partner
from baham.platform.rights.access import Concerned, Held
from baham.platform.rights.people import officer
from baham.platform.rights.telling import Line, Part, Thing
from baham.platform.rights.words import moment

_OF_ONE = frozenset({"identity", "threat-actor"})
"""Types of STIX objects that are about one party. Others may name several, and only that they exist is told."""
_STATES = {
    State.ACCEPTED: "accepted",
    State.WAITING: "quarantine",
    State.REFUSED: "refused",
    State.REMOVED: "removed",
    State.ERASED: "removed",
}


def received(person: Concerned) -> Iterator[Thing]:
    """Claims about the person's records, or about somebody whom they describe, whatever became of them."""
    groups: dict[tuple[int, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for partner, key, text in Received.objects.values_list("partner", "entity_key", "claim").iterator():
        said = _claim(text)
        if said is not None:
            groups[partner, key][said.statement.prop].append(said.statement.value)
    mine = {group for group, said in groups.items() if group[1] in person.keys or person.is_described(said)}
    shown = set(SourceShown.objects.values_list("sid", flat=True))
    for row in Received.objects.filter(entity_key__in={key for _partner, key in mine}).prefetch_related("outcomes"):
        if (row.partner_id, row.entity_key) in mine:
            yield _received(row, row.sid_hex in shown)


def _claim(text: str) -> Claim | None:
    try:
        return read(json.loads(text))
    except (BadClaim, ValueError):
        return None


def _received(row: Received, shows_source: bool) -> Thing:
    said = _claim(row.claim)
    lines = [Line("held-since", moment(row.at), "moment"), Line("state", row.state, "word")]
    if said is not None:
        prop = said.statement.prop
        kind = "date" if kind_of(prop) is Kind.DATE else "ident" if kind_of(prop) is Kind.IDENTIFIER else "text"
        lines.insert(0, Line(prop, said.statement.value, kind))
        lines += [
            Line("came-through", hand.name or hand.party, part=Part.SAYS, instead="a-partner") for hand in said.chain
        ]
    if row.grade:
        lines.append(Line("grade-of-sender", row.grade, "ident"))
    if row.decided_by:
        lines.append(officer("by", row.decided_by, row.decided_at))
    if row.reason:
        lines.append(Line("reason", row.reason))
    for outcome in row.outcomes.all():
        lines += [
            Line("outcome", outcome.kind, "word"),
            officer("by", outcome.by, outcome.at),
            Line("reason", outcome.reason, part=Part.OTHER),
        ]
        if outcome.evidence:
            lines.append(Line("evidence", outcome.evidence, part=Part.OTHER))
    handling = said.handling if said is not None else read_handling(None)
    return Thing("received", f"received:{row.pk}", tuple(lines), handling, shows_source=shows_source, partner=True)


def posted(person: Concerned) -> Iterator[Thing]:
    """Objects that partners posted and that have a number of theirs, a record, or the name with another fact: the same
    that an erasure would find."""
    about = _described(person)
    for row in Stored.objects.select_related("marking", "post").order_by("seq").iterator():
        said = json.loads(bytes(row.raw))
        if about.is_about(texts_of(said)):
            yield _stored(row, said)


def _described(person: Concerned) -> Described:
    """The person in the words by which free text is looked through."""
    said = [one for member in person.members for one in member.statements.all()]
    names = {*names_said((one.prop, one.value) for one in said), person.asked.get("name", "")}
    numbers = {one.value for one in said if kind_of(one.prop) is Kind.IDENTIFIER} | {person.asked.get("id_number", "")}
    return Described(
        keys=frozenset((member.dataset.name, member.key) for member in person.members),
        names=frozenset(names - {""}),
        numbers=frozenset(numbers - {""}),
        values=frozenset({one.value for one in said} | {*person.asked.values()}),
    )


def _stored(row: Stored, said: Mapping[str, Any]) -> Thing:
    part = Part.OWN if row.type in _OF_ONE else Part.OTHER
    lines = [
        Line("object", row.type, "ident"),
        Line("state", _STATES[State(row.state)], "word"),
        Line("held-since", moment(datetime.fromtimestamp(row.added / 1_000_000, UTC)), "moment"),
    ]
    for name, value in said.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and name not in ("id", "type", "spec_version", "created_by_ref"):
                lines.append(Line(name, one, part=part))
    lines.append(Line("came-through", row.creator or "a partner", part=Part.SAYS, instead="a-partner"))
    return Thing("posted", f"stored:{row.seq}", tuple(lines), read_handling(row.marking.handling), partner=True)


def told(person: Concerned) -> Iterator[Thing]:
    """Objects made of the person's records that readers were told of."""
    for row in Told.objects.filter(entity__in=person.pks).select_related("partner").order_by("pk"):
        lines = [
            Line("object", row.stix_id.partition("--")[0], "ident"),
            Line("recipient", row.partner.title, part=Part.SAYS, instead="a-partner"),
        ]
        if row.revoked:
            lines.append(Line("state", "recalled", "word"))
        yield Thing("told", f"told:{row.pk}", tuple(lines), partner=True)


def leads(person: Concerned) -> Iterator[Thing]:
    """That a partner holds somebody under the same key: found by asking about this person."""
    for row in Lead.objects.select_related("partner", "matter").order_by("pk"):
        if person.is_meant(row.subject):
            lines = [Line(f"asked-{name}", str(value)) for name, value in row.subject.items()]
            lines += [
                Line("compared", row.agreed_on),
                Line("case", row.case),
                officer("by", row.by, row.at),
                Line("on", moment(row.at), "moment"),
                Line("came-through", row.partner.title, part=Part.SAYS, instead="a-partner"),
            ]
            yield Thing("leads", f"lead:{row.pk}", tuple(lines), read_handling(None), partner=True)


def asked(person: Concerned) -> Iterator[Thing]:
    """That partners were asked whether they hold this person too, as an auditor may have it shown."""
    about = _described(person)
    dates = [one.value for member in person.members for one in member.statements.all() if one.prop == "birthDate"]
    mine = persons.Keys(about.names, [*dates, person.asked.get("birth_date", "")], about.numbers)
    for one in persons.requests(folder()):
        if mine.are_meant(persons.keys_in(one)):
            partner = Partner.objects.filter(name=one.partner).first()
            lines = [
                Line("on", moment(datetime.fromtimestamp(one.at, UTC)), "moment"),
                Line("came-through", partner.title if partner else one.partner, part=Part.SAYS, instead="a-partner"),
            ]
            lines += [Line("case", case) for case in sorted(one.cases)]
            yield Thing("asked", f"asked:{one.path.stem}", tuple(lines), read_handling(None), partner=True)


def prepared(person: Concerned) -> Iterator[Thing]:
    """That a partner may ask, without a name being said, whether this person is held here."""
    sets = PreparedSet.objects.filter(ended=False, keys__entity__in=person.pks).distinct()
    for one in sets.select_related("partner").order_by("pk"):
        lines = [
            Line("purpose", one.purpose, "purpose"),
            Line("case", one.case),
            officer("by", one.by, one.at),
            Line("on", moment(one.at), "moment"),
            Line("recipient", one.partner.title, part=Part.SAYS, instead="a-partner"),
        ]
        yield Thing("prepared", f"prepared:{one.pk}", tuple(lines), read_handling(None), partner=True)


HELD = [
    Held("received", _("What partner authorities said about you"), ("sharing.Received", "sharing.Outcome"), received),
    Held("posted", _("Objects that partner authorities posted"), ("sharing.Stored", "sharing.Status"), posted),
    Held("told", _("Objects that partner authorities were told of"), ("sharing.Told", "sharing.Feed"), told),
    Held("leads", _("That a partner authority may hold you too"), ("sharing.Lead",), leads),
    Held("asked", _("That a partner authority was asked about you"), (), asked),
    Held(
        "prepared",
        _("That a partner authority may ask whether you are held here"),
        ("sharing.PreparedSet", "sharing.PreparedKey"),
        prepared,
    ),
]
