"""Asking originators: who keeps control of a statement is asked before it goes to a partner, and its answer is kept.

The answer counts for one entity, one partner and one purpose, until a day where it names one; the last counts. A person
writes it down, with how it was given. Nothing leaves by it: the release is proposed and signed like any other. By a no,
what waits to be handed over stays, and whoever holds it is told that it has ended.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from baham.kernel.decision import LEAST_REASON
from baham.kernel.release import Why
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.touches import touch
from baham.platform.release import notices
from baham.platform.release.gateway import Judged
from baham.platform.release.models import OriginatorWord, Partner
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import preview


@dataclass(slots=True)
class Asked:
    """An originator, what of an entity waits for it, and what it was asked and has said, the newest last."""

    originator: str
    waits: list[Judged] = field(default_factory=list)
    words: list[OriginatorWord] = field(default_factory=list)

    @property
    def open(self) -> OriginatorWord | None:
        """The question that it has not answered."""
        return next((word for word in self.words if word.agrees is None), None)


def concerned(entity: Entity, partner: Partner, purpose: str) -> list[Asked]:
    """The originators whose word is wanted, or was given, for this entity to go to this partner for this purpose."""
    _gate, outgoing = preview(partner, [entity], purpose)
    found: dict[str, Asked] = {}
    for judged in outgoing.stays:
        if judged.ruling.why is Why.ORIGINATOR:
            for name in sorted(judged.claim.handling.originators):
                found.setdefault(name, Asked(name)).waits.append(judged)
    for word in OriginatorWord.objects.filter(entity=entity, partner=partner, purpose=purpose):
        found.setdefault(word.originator, Asked(word.originator)).words.append(word)
    return [found[name] for name in sorted(found)]


@transaction.atomic
def ask(actor: Actor, entity: Entity, partner: Partner, purpose: str, originator: str) -> OriginatorWord:
    """Write down that an originator was asked, or that it says something else than before: what it said last holds
    until it has answered anew. Raises CannotChange where its word is not wanted, or it has not answered yet."""
    wanted = {one.originator: one for one in concerned(entity, partner, purpose)}
    if originator not in wanted:
        raise CannotChange("Nothing of this waits for the word of this originator.")
    if wanted[originator].open is not None:
        raise CannotChange("It was asked already, and has not answered.")
    made = OriginatorWord.objects.create(
        originator=originator,
        entity=entity,
        partner=partner,
        purpose=purpose,
        asked_by=actor.name,
        asked_at=timezone.now(),
    )
    _log(actor, "asked an originator", made)
    return made


@transaction.atomic
def answered(
    actor: Actor, word: OriginatorWord, agrees: bool, reason: str, until: datetime | None = None
) -> OriginatorWord:
    """Write down what an originator said, in which letter or call. Raises CannotChange."""
    word = OriginatorWord.objects.select_for_update().get(pk=word.pk)
    if word.agrees is not None:
        raise CannotChange("Its answer was written down before; ask again for another.")
    if len(" ".join(reason.split())) < LEAST_REASON:
        raise CannotChange(f"Write at least {LEAST_REASON} characters: by which letter or call, and who said it.")
    if until is not None and until <= timezone.now():
        raise CannotChange("The day until which it agrees lies in the past.")
    word.agrees, word.by, word.reason = agrees, actor.name, reason.strip()
    word.at, word.until = timezone.now(), until if agrees else None
    word.save(update_fields=["agrees", "by", "reason", "at", "until"])
    touch([word.entity_id])
    if not agrees:
        notices.tell_who_may_not(list(Statement.objects.filter(entity=word.entity_id, until=None)))
    _log(actor, "an originator agreed" if agrees else "an originator refused", word, reason=reason.strip())
    return word


def _log(actor: Actor, act: str, word: OriginatorWord, reason: str = "") -> None:
    record(
        actor,
        Event.SYSTEM,
        act,
        f"entity:{word.entity_id}",
        title=str(word.entity),
        recipient=word.partner.title,
        justification=reason,
        originator=word.originator,
        purpose_of_release=word.purpose,
    )
