"""What is put before the reviewers: hits of the engine on questions that posts and banks asked, and pairs of records.

Nothing is made up about the evidence. Each question goes through the real screening, as the ledger stood on its day.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from baham.demo.desk import find
from baham.demo.questions import PAIRS, QUESTIONS, Pair, Question, Signed
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor, consulted
from baham.platform.ledger.models import Entity
from baham.platform.review.models import Item
from baham.platform.review.services import decide, propose, seen
from baham.platform.screening.services import evidence_as_json, log_screening, screen
from baham.platform.world.history import Calendar, Event, clock

T = TypeVar("T")

_LOOKS = timedelta(minutes=4)
"""How long a reviewer looks before signing, in this world."""


class NoHit(AssertionError):
    """The engine does not find what the world's script says that it finds: the script or the engine has changed."""


@dataclass(slots=True)
class Matter:
    """A matter on its way: proposed once, then signed."""

    signed: tuple[Signed, ...]
    item: Item | None = field(default=None)

    def put(self, item: Item) -> None:
        self.item = item

    def sign(self, signed: Signed, at: datetime) -> None:
        assert self.item is not None
        actor = Actor(signed.by, Purpose("review", f"matter {self.item.pk}"))
        consulted(actor, f"matter:{self.item.pk}", str(self.item))
        user = User.objects.get(username=signed.by)
        with clock(max(at - _LOOKS, self.item.opened_at)):
            seen(self.item, user)
        decide(self.item, user, actor, signed.choice, signed.reason)


def events(calendar: Calendar) -> list[Event]:
    """Every question, proposal and signature, with its time."""
    told: list[Event] = []
    for question in QUESTIONS:
        matter, asked = Matter(question.signed), question.asked.on(calendar)
        due = question.due.on(calendar)
        told.append((asked, partial(_put, matter, _ask, question, due)))
        told += _signatures(matter, calendar)
    for pair in PAIRS:
        matter, asked, due = Matter(pair.signed), pair.asked.on(calendar), pair.due.on(calendar)
        told.append((asked, partial(_put, matter, _compare, pair, due)))
        told += _signatures(matter, calendar)
    return told


def _put(matter: Matter, make: Callable[[T, datetime], Item], what: T, due: datetime) -> None:
    matter.put(make(what, due))


def _signatures(matter: Matter, calendar: Calendar) -> list[Event]:
    return [(at, partial(matter.sign, signed, at)) for signed in matter.signed for at in [signed.when.on(calendar)]]


def _ask(question: Question, due: datetime) -> Item:
    from baham.engines.names import Query

    entity = find(question.dataset, question.key)
    asker = User.objects.select_related("organisation").get(username=question.by)
    actor = Actor(question.by, Purpose("screening", question.case))
    found = screen([Query(**question.query)], limit=50)[0]
    log_screening(actor, "screening:one", question.query["name"], names=1, hits=len(found))
    hit = next((one.hit for one in found if one.entity.pk == entity.pk), None)
    if hit is None:
        raise NoHit(f"{question.query['name']} does not find {question.key}")
    shown = {name: value for name, value in question.query.items() if name != "schema"}
    return propose(
        "match",
        question.title,
        proposed_by=actor,
        proposal={**shown, "score": round(hit.score, 4), "verdict": hit.verdict},
        evidence=[evidence_as_json(one) for one in hit.evidence],
        entity=entity,
        due_at=due,
        asker=str(asker.organisation),
    )


def _compare(pair: Pair, due: datetime) -> Item:
    """Put two records side by side, with what the engine says of the one asked as if it were a question."""
    from baham.engines.names import Query

    entity, other = find(*pair.entity), find(*pair.other)
    asked = Query(**_as_query(other))
    found = screen([asked], limit=50, datasets=[pair.entity[0]])[0]
    hit = next((one.hit for one in found if one.entity.pk == entity.pk), None)
    if hit is None:
        raise NoHit(f"{other} does not find {entity.key}")
    return propose(
        "same-entity",
        pair.title,
        proposed_by=Actor(pair.by, Purpose("analysis", "comparison of lists")),
        proposal={"name": asked.name, "score": round(hit.score, 4), "verdict": hit.verdict},
        evidence=[evidence_as_json(one) for one in hit.evidence],
        entity=entity,
        other=other,
        due_at=due,
        asker=pair.asker,
    )


def _as_query(entity: Entity) -> dict[str, str]:
    """What an entry says of somebody, as a question about them."""
    said: dict[str, str] = {"name": entity.caption}
    fields = {
        "birthDate": "birth_date",
        "fatherName": "father_name",
        "nationality": "nationality",
        "passportNumber": "id_number",
        "birthPlace": "address",
    }
    for prop, value in entity.statements.filter(until=None).order_by("pk").values_list("prop", "value"):
        if prop in fields:
            said.setdefault(fields[prop], value)
    return said
