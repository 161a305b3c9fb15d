"""What partners who hold a statement are told about it without asking: that it was graded anew, that we dispute theirs.

Only that it happened and what the new word is; the reason stays here, because nobody has released it.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from baham.kernel.basis import StanceKind
from baham.kernel.clock import utc_text
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.ledger.models import GradeGiven, Statement
from baham.platform.release import channel, holdings
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
