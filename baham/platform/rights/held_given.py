"""To whom a person's data were given, and what was taken back."""

import base64
import json
import re
from collections import defaultdict
from collections.abc import Iterator

from django.utils import timezone

from baham.platform.release.models import (
    Holding,
    Message,
    OriginatorWord,
    Partner,
    Recall,
    RecallNotice,
    Release,
    Tombstone,
)
from baham.platform.release.tombstones import stone_of
from baham.platform.rights.access import Concerned
from baham.platform.rights.held_ledger import shows_source, sids
from baham.platform.rights.people import officer
from baham.platform.rights.telling import Line, Part, Thing
from baham.platform.rights.words import moment

_SID = re.compile(r'"([0-9a-f]{40})"')
_KEY = re.compile(r'"entity_id":\s*("(?:[^"\\]|\\.)*")')
"""The ids of statements, and the keys of the records that they are said of, in the text of a message."""


def given(person: Concerned) -> Iterator[Thing]:
    """Who received which part, when, and whether they still hold it; by kind where the name is not theirs to tell."""
    shown = shows_source(person)
    groups: dict[tuple[Partner, str, str, str, bool], int] = defaultdict(int)
    for one in Holding.objects.filter(entity_id__in=person.pks).select_related("partner").order_by("at", "pk"):
        day = timezone.localtime(one.at).date().isoformat()
        groups[one.partner, one.exit, day, one.state, one.sid_hex in shown] += 1
    for (partner, way, day, state, source), count in groups.items():
        lines = [
            _recipient(partner),
            Line("values-given", str(count), "number"),
            Line("on", day, "date"),
            Line("way", str(way), "word"),
            Line("state", str(state), "word"),
        ]
        yield Thing("given", f"partner:{partner.pk}:{day}", tuple(lines), shows_source=bool(source), given=True)
    yield from _releases(person)
    yield from _asked_for(person)
    yield from _messages(person)


def _recipient(partner: Partner) -> Line:
    return Line("recipient", partner.title, part=Part.RECIPIENT, instead=f"recipient|{partner.kind}")


def _releases(person: Concerned) -> Iterator[Thing]:
    """Releases case by case. What they were for may name others' work, and is not told in their words."""
    for one in Release.objects.filter(entities__in=person.pks).select_related("partner").distinct().order_by("pk"):
        lines = [
            Line("reference", str(one), "ident"),
            _recipient(one.partner),
            Line("purpose", one.purpose, "purpose"),
            Line("legal-basis", one.legal_basis),
            Line("case", one.case, part=Part.OTHER),
            Line("state", one.state, "word"),
            Line("on", moment(one.sent_at or one.proposed_at), "moment"),
            officer("put-forward-by", one.proposed_by, one.proposed_at),
        ]
        if one.note:
            lines.append(Line("note", one.note, part=Part.OTHER))
        undecided = one.state == Release.State.PROPOSED
        yield Thing("given", f"release:{one.pk}", tuple(lines), given=True, open_matter=undecided)


def _asked_for(person: Concerned) -> Iterator[Thing]:
    """That the originator of a statement was asked whether it may go on."""
    for one in OriginatorWord.objects.filter(entity_id__in=person.pks).select_related("partner"):
        answer = "waiting" if one.agrees is None else "agreed" if one.agrees else "not agreed"
        lines = [
            Line("originator", one.originator, part=Part.OTHER, instead="a-partner"),
            _recipient(one.partner),
            Line("purpose", one.purpose, "purpose"),
            Line("answer", answer, "word"),
            Line("on", moment(one.at or one.asked_at), "moment"),
            officer("by", one.asked_by, one.asked_at),
        ]
        if one.reason:
            lines.append(Line("reason", one.reason, part=Part.OTHER))
        yield Thing("given", f"originator:{one.pk}", tuple(lines), given=True)


def _messages(person: Concerned) -> Iterator[Thing]:
    """Signed messages to and from partners that name a statement of the person, or give one of their record."""
    wanted, keys = set(sids(person)), set(person.keys)
    shown = shows_source(person)
    for one in Message.objects.select_related("partner").order_by("pk").iterator() if wanted else ():
        text = words_of(one.envelope)
        named = wanted.intersection(_SID.findall(text))
        # A key is of a list: what we say goes by our statements, and a partner may speak of our record by its key.
        if named or (one.direction == Message.Direction.IN and keys.intersection(_keys_in(text))):
            lines = [
                _recipient(one.partner),
                Line("message", one.kind, "word"),
                Line("direction", one.direction, "word"),
                Line("on", moment(one.at), "moment"),
                Line("number", str(one.number), "number"),
            ]
            yield Thing("given", f"message:{one.pk}", tuple(lines), given=True, shows_source=bool(named & shown))


def _keys_in(text: str) -> set[str]:
    return {str(json.loads(key)) for key in _KEY.findall(text)}


def words_of(envelope: str) -> str:
    """What a stored message says, as text: its parts, and what was signed (DSSE's payload); raw if unreadable."""
    try:
        read = json.loads(envelope)
        signed = read.get("envelope", read)["payload"]
        return envelope + base64.b64decode(signed).decode("utf-8", "replace")
    except (ValueError, KeyError, TypeError, AttributeError):
        return envelope


def recalled(person: Concerned) -> Iterator[Thing]:
    """What was taken back, why, and what each receiver answered."""
    stones = [stone_of(sid) for sid in sids(person)]
    recalls = set(Tombstone.objects.filter(hash__in=stones).values_list("recall_id", flat=True))
    recalls |= set(Holding.objects.filter(entity_id__in=person.pks).values_list("recall_id", flat=True)) - {None}
    for one in Recall.objects.filter(pk__in=recalls).select_related("sender").prefetch_related("notices__partner"):
        lines = [
            Line("reference", str(one), "ident"),
            Line("ground", one.ground, "word"),
            Line("reason", one.why),
            Line("on", moment(one.made_at), "moment"),
            Line("until", moment(one.deadline), "moment"),
            officer("by", one.made_by, one.made_at),
        ]
        yield Thing("recalled", f"recall:{one.pk}", tuple(lines), partner=one.sender_id is not None)
        for notice in one.notices.all():
            yield _notice(notice)


def _notice(notice: RecallNotice) -> Thing:
    lines = [
        _recipient(notice.partner),
        Line("answer", notice.answer, "word"),
        Line("values-given", str(notice.count), "number"),
    ]
    if notice.answered_at is not None:
        lines.append(Line("on", moment(notice.answered_at), "moment"))
    if notice.reason:
        lines.append(Line("reason", notice.reason, part=Part.OTHER))
    lines += [Line("told-on", str(one), part=Part.OTHER) for one in notice.onward]
    return Thing("recalled", f"notice:{notice.pk}", tuple(lines), given=True)
