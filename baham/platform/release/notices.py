"""What partners who hold a statement are told about it without asking: that it was graded or marked anew, that we
dispute theirs.

Only that it happened and what the new word is; the reason stays here, because nobody has released it.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.formats.claims import write_handling
from baham.kernel.basis import StanceKind
from baham.kernel.clock import utc_text
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.ledger.models import GradeGiven, HandlingGiven, Statement
from baham.platform.release import channel, holdings
from baham.platform.release.agreements import current
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate
from baham.platform.release.identity import ours
from baham.platform.release.models import Holding, Message, Partner


def graded_anew(statement: Statement, given: GradeGiven) -> None:
    """Tell everybody who holds a statement which grade it has now. In the transaction of the grading."""
    held = holdings.holders([statement.sid_hex])
    for pk, partner in sorted(Partner.objects.in_bulk(held).items()):
        if any(holding.state == Holding.State.HELD for holding in held[pk]):
            channel.say(partner, "grade", _to(partner, {
                "statement": statement.sid_hex, "scheme": given.scheme, "code": str(given), "reason": "",
            }))  # fmt: skip


def marked_anew(statement: Statement, given: HandlingGiven) -> None:
    """Tell everybody who holds a statement how it is marked now, or, who may not have it any more, that it has ended
    for them. In the transaction of the marking."""
    held = holdings.holders([statement.sid_hex])
    for pk, partner in sorted(Partner.objects.in_bulk(held).items()):
        mine = [holding.pk for holding in held[pk] if holding.state == Holding.State.HELD]
        if not mine:
            continue
        if _may_have(partner, statement):
            channel.say(partner, "marked", _to(partner, {
                "statement": statement.sid_hex, "handling": write_handling(given.handling),
            }))  # fmt: skip
        else:
            channel.say(partner, "ended", _to(partner, {"statements": [statement.sid_hex]}))
            Holding.objects.filter(pk__in=mine).update(state=Holding.State.REMOVED)


def _may_have(partner: Partner, statement: Statement) -> bool:
    """Whether a partner may have it still, for any purpose that was agreed, as far as people signed that it left."""
    agreement = current(partner)
    for purpose in agreement.purposes if agreement else ():
        gate = Gate.open(partner, purpose, exit="sync", signed=True)
        if any(claim.id == statement.sid_hex for claim in gate.judge(dossiers([statement.entity_id])).claims):
            return True
    return False


@transaction.atomic
def stand(
    actor: Actor, partner: Partner, statement: Statement, kind: StanceKind, reason: str, evidence: str = ""
) -> Message:
    """Support or dispute what a partner gave us: on our own record, and said to the partner with the reason."""
    annotate.take_stance(statement, kind.value, actor, reason, evidence)
    return channel.say(partner, "stance", _to(partner, {
        "statement": statement.sid_hex, "stance": kind.value, "reason": reason.strip(), "evidence": evidence.strip(),
    }))  # fmt: skip


def _to(partner: Partner, payload: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "from": ours().party, "to": str(partner.party), "at": utc_text(timezone.now()), **payload}
