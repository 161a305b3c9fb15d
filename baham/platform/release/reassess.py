"""What rests on a statement that was taken back comes before people again.

A confirmed hit, a judgement on two records, a cleared pair: each was decided on what was said then. Whoever decides
anew sees what is gone, by whose word and why, and says whether the rest still bears the decision. A machine does not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from baham.kernel.chunks import in_chunks
from baham.kernel.schema import Kind, kind_of
from baham.platform.audit.services import Actor
from baham.platform.ledger.given import giver_of
from baham.platform.ledger.models import Entity, Judgement, Statement
from baham.platform.ledger.need_to_know import NeedToKnow
from baham.platform.ledger.resolve import retract
from baham.platform.release.models import Partner, Recall
from baham.platform.release.tombstones import Of, What, recalls_of
from baham.platform.review import upkeep
from baham.platform.review.comparison import ROWS
from baham.platform.review.history import Since
from baham.platform.review.models import Item
from baham.platform.review.services import propose
from baham.platform.screening import cleared
from baham.platform.screening.index import field_of
from baham.platform.screening.models import Clearing

STANDS, FALLS = "stands", "falls"
_NAMES = frozenset({Kind.NAME, Kind.WEAK_NAME})
_FEATURE = {prop: row.feature for row in ROWS for prop in row.props}
_CHUNK = 5_000
_AT_ONCE = 200
"""Statements named in one matter; a recall of a whole list says how many more there are."""


def bring_up(made: Recall, statements: Mapping[str, int], actor: Actor) -> int:
    """Put before people each decision in force that rests on one of these statements ({statement id: entity}).

    Inside the transaction of the recall. Returns how many; nothing is decided by it.
    """
    of_entity = _by_entity(statements)
    found, judged = 0, set()
    for rows in in_chunks(of_entity.items()):
        some = dict(rows)
        for entity, rests, more in (*_confirmed(some), *_judged(some), *_silent(some)):
            judgement = more.get("judgement")
            if judgement in judged:
                continue  # its other record was in an earlier portion
            if judgement is not None:
                judged.add(judgement)
            _ask(made, entity, rests, more, actor)
            found += 1
    return found


def _by_entity(statements: Mapping[str, int]) -> dict[int, list[Statement]]:
    """The statements as they stand in the ledger, said still or no longer, by entity."""
    entities = sorted({entity for entity in statements.values() if entity})
    found: dict[int, list[Statement]] = defaultdict(list)
    for some in in_chunks(entities):
        for row in Statement.objects.filter(entity_id__in=some).order_by("pk"):
            if row.sid_hex in statements:
                found[row.entity_id].append(row)
    return dict(found)


_Found = Iterator[tuple[Entity, list[Statement], dict[str, Any]]]


def _confirmed(of_entity: Mapping[int, list[Statement]]) -> _Found:
    """Hits that two people confirmed and that are not let go: those in which what was taken back was compared."""
    let_go = Item.objects.filter(kind="release", outcome="lifted").values("follows")
    held = Item.objects.filter(kind="match", outcome="same", entity__in=of_entity).exclude(pk__in=let_go)
    for item in held.select_related("entity").order_by("pk"):
        compared = {evidence.get("feature") for evidence in item.evidence}
        assert item.entity is not None
        rests = [row for row in of_entity[item.entity.pk] if _is_name(row) or _FEATURE.get(row.prop) in compared]
        if rests:
            yield item.entity, rests, {"follows": item}


def _judged(of_entity: Mapping[int, list[Statement]]) -> _Found:
    """Judgements in force on a record: they were passed on all that it said."""
    touching = Judgement.objects.filter(Q(left__in=of_entity) | Q(right__in=of_entity), retracted_at=None)
    for judgement in touching.exclude(verdict=Judgement.Verdict.UNSURE).select_related("left", "right"):
        rests = [*of_entity.get(judgement.left_id, ()), *of_entity.get(judgement.right_id, ())]
        yield judgement.left, rests, {"other": judgement.right, "judgement": judgement.pk}


def _silent(of_entity: Mapping[int, list[Statement]]) -> _Found:
    """Pairs cleared of a match, where what was taken back is matched on: what told the two apart may be gone."""
    for clearing in Clearing.objects.filter(entity__in=of_entity, withdrawn_at=None).select_related("entity"):
        rests = [row for row in of_entity[clearing.entity_id] if field_of(row.prop)]
        if rests:
            yield clearing.entity, rests, {"clearing": clearing.pk, "name": clearing.subject.get("name", "")}


def _is_name(row: Statement) -> bool:
    return kind_of(row.prop) in _NAMES


def _ask(made: Recall, entity: Entity, rests: list[Statement], more: dict[str, Any], actor: Actor) -> None:
    follows, other = more.pop("follows", None), more.pop("other", None)
    if follows is not None:
        more["name"] = follows.subject_name
    propose(
        "reassess" if follows is not None else "reassess-plain",
        "",
        proposed_by=Actor("engine:recall"),
        proposal={"recall": made.pk, "statements": [row.sid_hex for row in rests[:_AT_ONCE]], "of": len(rests), **more},
        evidence=[],
        entity=entity,
        other=other,
        follows=follows,
        asker=follows.asker if follows is not None else "",
        due_at=made.deadline,
    )


def decided(item: Item, choice: str, actor: Actor, reason: str) -> None:
    """What falls is taken back by the way that its own kind is: a hold comes up for letting go, a judgement is
    retracted, a cleared pair alerts again. What has been taken back in the meantime is left as it is."""
    if choice != FALLS:
        return
    if item.follows is not None:
        upkeep.let_go(item.follows)
    elif "judgement" in item.proposal:
        judgement = Judgement.objects.get(pk=item.proposal["judgement"])
        if judgement.retracted_at is None:
            retract(judgement, actor, reason)
    else:
        clearing = Clearing.objects.get(pk=item.proposal["clearing"])
        if clearing.withdrawn_at is None:
            cleared.withdraw(clearing, actor, reason)


def shown(item: Item, reader: NeedToKnow) -> dict[str, Any]:
    """What the page of such a matter shows: what was taken back, by whose word, and what rests on it; less of it where
    the record was erased since, or the reader may not read it."""
    given = item.proposal
    members = [pk for pk in (item.entity_id, item.other_id) if pk]
    wanted: Collection[str] = set(given.get("statements", ()))
    rows = [
        row
        for row in Statement.objects.filter(entity_id__in=members).select_related("entity__dataset")
        if row.sid_hex in wanted
    ]
    once = {row.sid_hex: row for row in _readable(rows, reader)}
    return {
        "recall": Recall.objects.select_related("sender").filter(pk=given.get("recall", 0)).first(),
        "gone": list(once.values()),
        "unnamed": given.get("of", 0) - len(wanted),
        "judgement": Judgement.objects.filter(pk=given.get("judgement", 0)).first(),
        "clearing": Clearing.objects.filter(pk=given.get("clearing", 0)).first(),
    }


def _readable(rows: Sequence[Statement] | QuerySet[Statement], reader: NeedToKnow) -> list[Statement]:
    """Those of these statements that the reader may read."""
    owners = {row.entity_id: row.entity for row in rows}
    closed = reader.closed([(row.pk, row.entity_id, row.sid) for row in rows], owners)
    return [row for row in rows if row.pk not in closed]


def since(item: Item, reader: NeedToKnow) -> Iterator[Since]:
    """What was taken back of what the entry of an open hit said, so that nobody confirms what rests on it."""
    if item.kind != "match" or item.entity_id is None or not Recall.objects.exists():
        return
    rows = Statement.objects.filter(entity=item.entity_id).select_related("entity__dataset").order_by("pk")
    said = {row.sid_hex: row for row in _readable(rows, reader)}
    words: dict[What, str] = {sid: sid for sid in said}
    assert item.entity is not None
    if giver := Partner.objects.filter(name=giver_of(item.entity.dataset.name)).first():
        words |= {Of(str(giver.party), sid): sid for sid in said}
    for word, recall in recalls_of(words).items():
        row = said[words[word]]
        yield Since(row.prop, row.value, reverse("recall", args=[recall]))
