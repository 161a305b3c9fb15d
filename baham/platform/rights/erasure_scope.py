"""What an erasure reaches: whom and what it concerns, put into the words that every place understands."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import F

from baham.kernel.schema import Kind, kind_of
from baham.platform.ledger import erasing
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.need_to_know import NeedToKnow, Withheld
from baham.platform.places import Concerned, in_order
from baham.platform.release.tombstones import Said
from baham.platform.rights.models import Erasure

_NUMBERS = frozenset({"email", "phone"})
"""Properties that tell a person from others, beside identity numbers."""
_DEPTH = 3
"""How far papers hang on papers: a listing on a person, a document on a listing."""


def concerned_by(erasure: Erasure) -> Concerned:
    """All that goes with the record: its papers, listings and ties, and what others say of it by its key."""
    whole = _whole(erasure.entities)
    rows = list(Statement.objects.filter(entity__in=whole).select_related("entity"))
    statements = {row.sid_hex: row.entity_id for row in rows}
    single = erasing.mentions(whole) if whole else {}
    chosen = [bytes.fromhex(sid) for sid in erasure.statements]
    singles = list(Statement.objects.filter(entity=erasure.entity_id, sid__in=chosen))
    single |= {row.sid_hex: row.entity_id for row in singles}
    entities = list(Entity.objects.filter(pk__in=whole).select_related("dataset"))
    said = [*rows, *singles]
    return Concerned(
        entities=frozenset(whole),
        partly=frozenset(set(single.values()) - whole),
        statements=statements | single,
        keys=frozenset((one.dataset.name, one.key) for one in entities),
        names=frozenset(_of_kind(said, Kind.NAME, Kind.WEAK_NAME) | {one.caption for one in entities}),
        numbers=frozenset(_numbers(said)),
        values=frozenset(text for row in said for text in (row.value, row.original) if text),
        on=f"erasure:{erasure.pk}",
        by=erasure.decided_by or erasure.proposed_by,
    )


def single_said(concerned: Concerned) -> list[Said]:
    """The statements that go of entities which stay, as their stones know them."""
    single = [bytes.fromhex(sid) for sid, entity in concerned.statements.items() if entity in concerned.partly]
    return list(_said(Statement.objects.filter(sid__in=single, entity__in=concerned.partly)))


def all_said(concerned: Concerned) -> list[Said]:
    """Every statement that goes, in its words: so is it refused whoever says it."""
    touched = concerned.entities | concerned.partly
    rows = Statement.objects.filter(entity__in=touched)
    return [one for sid, one in zip(_ids(rows), _said(rows), strict=True) if sid in concerned.statements]


@dataclass(frozen=True, slots=True)
class Going:
    """A record of which something goes: all of it (`whole`), or these values alone. Each value once, whether it is
    said now or was said earlier."""

    entity: Entity
    whole: bool
    rows: list[Statement]


def preview(concerned: Concerned) -> list[tuple[object, int]]:
    """How much each place holds of it: (what it is called, how many), those with nothing left out."""
    return [(place.name, count) for place in in_order() if (count := place.holds(concerned))]


def going(erasure: Erasure, concerned: Concerned) -> list[Going]:
    """Exactly what will be gone, record by record: those asked for, then what hangs on them, then what names them."""
    found: dict[int, dict[str, Statement]] = defaultdict(dict)
    rows = Statement.objects.filter(entity__in=concerned.entities | concerned.partly)
    for row in rows.order_by("prop", "value", F("until").asc(nulls_last=True)):
        if row.sid_hex in concerned.statements:
            found[row.entity_id][row.sid_hex] = row
    asked = erasure.entities or [erasure.entity_id]
    entities = Entity.objects.filter(pk__in=concerned.entities | concerned.partly).select_related("dataset")
    order = sorted(entities, key=lambda one: (one.pk not in asked, one.pk in concerned.partly, one.pk))
    return [Going(one, one.pk in concerned.entities, list(found[one.pk].values())) for one in order]


def readable(records: Iterable[Going], reader: NeedToKnow) -> tuple[list[Going], list[Withheld]]:
    """As much of these records as somebody may read, and why the rest is withheld."""
    every = list(records)
    part = reader.part((going.entity for going in every), (row for going in every for row in going.rows))
    shown = [
        Going(entity, going.whole, part.statements(going.rows))
        for going in every
        if (entity := part.entity(going.entity.pk)) is not None
    ]
    return shown, part.withheld


def _whole(entities: Collection[int]) -> set[int]:
    whole = set(entities)
    for _level in range(_DEPTH):
        new = (erasing.satellites(whole) | erasing.belongings(whole)) - whole if whole else set()
        if not new:
            break
        whole |= new
    return whole


def _of_kind(rows: Iterable[Statement], *kinds: Kind) -> set[str]:
    return {text for row in rows if kind_of(row.prop) in kinds for text in (row.value, row.original) if text}


def _numbers(rows: Iterable[Statement]) -> set[str]:
    known = [row for row in rows if row.prop in _NUMBERS]
    return _of_kind(rows, Kind.IDENTIFIER) | {text for row in known for text in (row.value, row.original) if text}


def _ids(rows: Iterable[Statement]) -> list[str]:
    return [row.sid_hex for row in rows]


def _said(rows: Iterable[Statement]) -> Iterable[Said]:
    keys = dict(Entity.objects.filter(pk__in={row.entity_id for row in rows}).values_list("pk", "key"))
    return (Said(keys[row.entity_id], row.prop, row.value) for row in rows)
