"""What partners who hold a statement are told about it without asking: that it was graded or marked anew, that we
dispute theirs.

Only that it happened and what the new word is; the reason stays here, because nobody has released it.
"""

from collections.abc import Collection
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
from baham.platform.release.agreements import current, scopes_of
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate, told_to
from baham.platform.release.identity import ours
from baham.platform.release.models import Holding, Message, Partner
from baham.platform.release.releases import TWO_SIGN


def graded_anew(statement: Statement, given: GradeGiven) -> None:
    """Tell everybody who holds a statement which grade it has now. In the transaction of the grading."""
    held = holdings.holders([statement.sid_hex])
    for pk, partner in sorted(Partner.objects.in_bulk(held).items()):
        if any(holding.state == Holding.State.HELD for holding in held[pk]):
            channel.say(
                partner,
                "grade",
                _to(
                    partner,
                    {
                        "statement": statement.sid_hex,
                        "scheme": given.scheme,
                        "code": str(given),
                        "reason": "",
                    },
                ),
            )


def marked_anew(statement: Statement, given: HandlingGiven) -> None:
    """Tell everybody who holds a statement how it is marked now, or, who may not have it any more, that it has ended
    for them. In the transaction of the marking."""
    held = holdings.holders([statement.sid_hex])
    for pk, partner in sorted(Partner.objects.in_bulk(held).items()):
        mine = [holding for holding in held[pk] if holding.state == Holding.State.HELD]
        if not mine:
            continue
        if _may_have(partner, [statement], mine):
            handling = write_handling(told_to(partner, given.handling, scopes_of(partner)))
            channel.say(partner, "marked", _to(partner, {"statement": statement.sid_hex, "handling": handling}))
        else:
            _end(partner, mine)


def tell_who_may_not(statements: Collection[Statement]) -> list[Holding]:
    """Tell everybody what of these they hold and may not have any more, since a circle has another list, an originator
    says no, or a day has passed; what was held. In the transaction of that."""
    by_sid = {statement.sid_hex: statement for statement in statements}
    held, told = holdings.holders(by_sid), list[Holding]()
    for pk, partner in sorted(Partner.objects.in_bulk(held).items()):
        mine = [holding for holding in held[pk] if holding.state == Holding.State.HELD]
        still = _may_have(partner, [by_sid[one.sid_hex] for one in mine], mine) if mine else set()
        if ended := [one for one in mine if one.sid_hex not in still]:
            _end(partner, ended)
            told += ended
    return told


def _end(partner: Partner, ended: Collection[Holding]) -> None:
    channel.say(partner, "ended", _to(partner, {"statements": sorted(one.sid_hex for one in ended)}))
    Holding.objects.filter(pk__in=[one.pk for one in ended]).update(state=Holding.State.REMOVED)


def _may_have(partner: Partner, statements: Collection[Statement], held: Collection[Holding]) -> set[str]:
    """Which of these a partner may have still, for any purpose that was agreed, as far as people signed that it
    left."""
    agreement = current(partner)
    by_two = {one.sid_hex for one in held if one.release and one.release.matter and one.release.matter.kind == TWO_SIGN}
    entities = sorted({statement.entity_id for statement in statements})
    found: set[str] = set()
    for purpose in agreement.purposes if agreement else ():
        for named in (False, True) if by_two else (False,):
            gate = Gate.open(partner, purpose, exit="sync", signed=True, named=named)
            may = {claim.id for claim in gate.judge(dossiers(entities)).claims}
            found |= may & by_two if named else may
    return found & {statement.sid_hex for statement in statements}


@transaction.atomic
def stand(
    actor: Actor, partner: Partner, statement: Statement, kind: StanceKind, reason: str, evidence: str = ""
) -> Message:
    """Support or dispute what a partner gave us: on our own record, and said to the partner with the reason."""
    annotate.take_stance(statement, kind.value, actor, reason, evidence)
    return channel.say(
        partner,
        "stance",
        _to(
            partner,
            {
                "statement": statement.sid_hex,
                "stance": kind.value,
                "reason": reason.strip(),
                "evidence": evidence.strip(),
            },
        ),
    )


def _to(partner: Partner, payload: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "from": ours().party, "to": str(partner.party), "at": utc_text(timezone.now()), **payload}
