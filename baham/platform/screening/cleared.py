"""Cleared pairs stay silent on the same evidence, and come back on new evidence (safeguard S-20).

A pair is a subject *as asked* (the name without regard to case, order and vowel marks, and exactly the further facts
that were given) and one entry of one list. Asked with less, it may be about somebody else of that name, and alerts;
asked with more, or after the entry has gained a value that is matched on, there is new evidence: it alerts, and says
what is new. THREAT_MODEL.md says what this may be abused for, and what stands against it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from baham.kernel.decision import LEAST_REASON
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Entity, Statement
from baham.platform.screening.index import field_of
from baham.platform.screening.models import Clearing

if TYPE_CHECKING:
    from baham.engines.names import Query

FACTS = ("birth_date", "father_name", "nationality", "id_number", "address")
"""What makes an identity beside the name. Not the schema: one asker always gives it, another never."""
_IDENTIFYING = ("birth_date", "father_name", "id_number")
"""Facts that tell people of one name apart. A country or a place does not."""
_DAYS_BY_NAME_ALONE = 30
"""How long a pair stays silent that was cleared without an identifying fact; the next bearer may be another."""


class CannotClear(ValueError):
    """A clearing may not be changed like this. The text is for the person who tried."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A subject as asked, brought to the form in which it is compared: its name, and what else was given."""

    name: str
    facts: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The same for everybody who is asked about in the same way."""
        return _hash([self.name, *self.facts])

    @property
    def name_key(self) -> str:
        return _hash([self.name])

    @property
    def identifies(self) -> bool:
        """Whether something beside the name was given that tells people of one name apart."""
        return any(name in _IDENTIFYING for name, _value in self.facts)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a clearing means for a hit today: it is `silent`, or it came back because of what is `new`.

    `new` holds (field, value) pairs; the field is one of the query's, or one of the engine's subject (`facts_of`).
    """

    clearing: Clearing
    silent: bool
    new: tuple[tuple[str, str], ...] = ()

    def without(self, values: Iterable[str]) -> "Standing":
        """The same, telling none of these values as what is new."""
        hidden = set(values)
        return replace(self, new=tuple(pair for pair in self.new if pair[1] not in hidden))


def identity_of(asked: "Query | Mapping[str, Any]") -> Identity:
    """The identity of a query, or of a proposal that was made from one."""
    given = asked if isinstance(asked, Mapping) else {name: getattr(asked, name) for name in ("name", *FACTS)}
    facts = tuple((name, folded(name, given.get(name))) for name in FACTS if folded(name, given.get(name)))
    return Identity(" ".join(sorted(folded("name", given.get("name")).split())), facts)


def folded(field: str, value: object) -> str:
    """A value without what does not distinguish: case, vowel marks, spaces; an identity number without its dashes."""
    text = unicodedata.normalize("NFKD", str(value or "")).casefold()
    text = "".join(
        char for char in text if unicodedata.category(char) not in ("Mn", "Cf", "Cc", "Cs") or char in "\t\n"
    )
    if field in ("id_number", "identifiers"):
        return re.sub(r"[\W_]", "", text)
    return " ".join(re.sub(r"[^\w/]|_", " ", text).split()) if field != "birth_date" else text.strip()


def facts_of(entities: Iterable[int]) -> dict[int, dict[str, list[str]]]:
    """What each entry says now that is matched on, by the engine's fields; values as they stand. One query."""
    found: dict[int, dict[str, list[str]]] = {}
    rows = Statement.objects.filter(entity_id__in=list(entities), until=None).order_by("pk")
    for entity, prop, value in rows.values_list("entity_id", "prop", "value"):
        if field := field_of(prop):
            found.setdefault(entity, {}).setdefault(field, []).append(value)
    return found


def counting(organisation: str) -> QuerySet[Clearing]:
    """The clearings that count today for whoever asks from this organisation."""
    today = timezone.localdate()
    in_time = Clearing.objects.filter(since__isnull=False, withdrawn_at=None, review_by__gte=today)
    return in_time.filter(Q(everywhere=True) | Q(organisation=organisation))


def standings(pairs: Iterable[tuple["Query", int]], organisation: str = "") -> dict[tuple[str, int], Standing]:
    """For (query, entity) pairs, by (identity key, entity): where the pair, or one with fewer facts, was cleared.

    Two queries however many pairs there are, and one where nothing was ever cleared.
    """
    asked = [(identity_of(query), query, entity) for query, entity in pairs]
    if not asked:
        return {}
    known: dict[tuple[str, int], list[Clearing]] = {}
    names = {identity.name_key for identity, _query, _entity in asked}
    for clearing in counting(organisation).filter(
        name_key__in=names, entity_id__in={entity for _identity, _query, entity in asked}
    ):
        known.setdefault((clearing.name_key, clearing.entity_id), []).append(clearing)
    if not known:
        return {}
    facts = facts_of({entity for _name, entity in known})
    found: dict[tuple[str, int], Standing] = {}
    for identity, query, entity in asked:
        judged = [
            standing
            for clearing in known.get((identity.name_key, entity), ())
            if (standing := _judge(clearing, identity, query, facts.get(entity, {}))) is not None
        ]
        if judged:
            # One that silences counts; else the one that says least is new.
            found[identity.key, entity] = min(judged, key=lambda one: (not one.silent, len(one.new)))
    return found


def _judge(clearing: Clearing, identity: Identity, query: "Query", entry: Mapping[str, list[str]]) -> Standing | None:
    """What a clearing says of a question about the same name and entry; None if it was about somebody else."""
    cleared, asked = dict(identity_of(clearing.subject).facts), dict(identity.facts)
    if any(asked.get(name) != value for name, value in cleared.items()):
        return None
    new = [(name, str(getattr(query, name))) for name in asked if name not in cleared]
    new += [
        (field, value)
        for field, values in entry.items()
        for value in values
        if folded(field, value) not in {folded(field, old) for old in clearing.entry.get(field, ())}
    ]
    return Standing(clearing, not new, tuple(new))


@transaction.atomic
def remember(
    entity: Entity,
    asked: Mapping[str, Any],
    actor: Actor,
    reason: str,
    *,
    matter: int,
    organisation: str,
    second_person: bool,
) -> Clearing:
    """Remember that the subject asked about is not the entry.

    With something identifying it counts for whoever asks, for BAHAM_REVIEW_DAYS; by the name alone for the
    organisation that asked, for thirty days. With `second_person` it counts only after `confirm`.
    """
    identity = identity_of(asked)
    entry = facts_of([entity.pk]).get(entity.pk, {})
    days = settings.REVIEW_DAYS if identity.identifies else min(_DAYS_BY_NAME_ALONE, settings.REVIEW_DAYS)
    made = Clearing.objects.create(
        subject_key=identity.key,
        name_key=identity.name_key,
        entity=entity,
        entry=entry,
        subject={name: str(asked[name]) for name in ("name", *FACTS) if asked.get(name)},
        digest=_hash([identity.name, *identity.facts, *sorted(entry.items())]),
        matter=matter,
        organisation=organisation,
        everywhere=identity.identifies,
        by=actor.name,
        reason=reason.strip(),
        at=timezone.now(),
        since=None if second_person else timezone.now(),
        review_by=timezone.localdate() + timedelta(days=days),
    )
    _log(actor, "cleared" if made.since else "cleared, awaiting a second person", made, reason)
    return made


@transaction.atomic
def overtake(entity: Entity, asked: Mapping[str, Any], actor: Actor, reason: str) -> int:
    """Withdraw what was cleared of a pair that people have now found to be the same. Returns how many clearings.

    That is every clearing of the name and entry whose facts the subject bears as well, whoever it counted for.
    """
    identity, withdrawn = identity_of(asked), 0
    facts = dict(identity.facts)
    for clearing in Clearing.objects.filter(name_key=identity.name_key, entity=entity, withdrawn_at=None):
        if all(facts.get(name) == value for name, value in identity_of(clearing.subject).facts):
            withdraw(clearing, actor, reason)
            withdrawn += 1
    return withdrawn


@transaction.atomic
def confirm(clearing: Clearing, actor: Actor, reason: str) -> None:
    """A second person agrees: from now on the pair is silent."""
    clearing = Clearing.objects.select_for_update().get(pk=clearing.pk)
    if actor.name == clearing.by:
        raise CannotClear("You cleared this pair; another person has to agree.")
    if clearing.withdrawn_at is not None:
        raise CannotClear("This clearing has been withdrawn already.")
    clearing.confirmed_by, clearing.since = actor.name, timezone.now()
    clearing.save(update_fields=["confirmed_by", "since"])
    _log(actor, "confirmed a clearing", clearing, reason)


@transaction.atomic
def withdraw(clearing: Clearing, actor: Actor, reason: str) -> None:
    """Take a clearing back, for a reason: the pair alerts again from this moment."""
    clearing = Clearing.objects.select_for_update().get(pk=clearing.pk)
    if clearing.withdrawn_at is not None:
        raise CannotClear("This clearing has been withdrawn already.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotClear(f"Write at least {LEAST_REASON} characters; the person concerned may read this.")
    clearing.withdrawn_at, clearing.withdrawn_by, clearing.withdrawal = timezone.now(), actor.name, reason.strip()
    clearing.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal"])
    _log(actor, "withdrew a clearing", clearing, reason)


def _log(actor: Actor, act: str, clearing: Clearing, reason: str) -> None:
    record(
        actor,
        Event.ALTERATION,
        act,
        f"clearing:{clearing.pk}",
        title=clearing.subject["name"],
        justification=reason,
        entity=clearing.entity_id,
        matter=clearing.matter,
        everywhere=clearing.everywhere,
        review_by=clearing.review_by.isoformat(),
    )


def _hash(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=True, sort_keys=True).encode()).hexdigest()
