"""Persons who asked what is held about them (`/rights/`), and one answer that oversight is to examine.

Barvand receives the requests and writes them down; two reviewers decide. Nobody who asks here lives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor, consulted
from baham.platform.rights.models import Request
from baham.platform.world.history import Calendar, Event

_RECEIVES, _OVERSEES = "barvand", "zaravan"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: under which reference of the office, who asks, which records are theirs, in which language."""

    reference: str
    person: Mapping[str, str]
    verified: str
    records: tuple[str, ...] = ()
    language: str = "en"

    def find(self) -> Request:
        return Request.objects.select_related("matter").get(reference=self.reference)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person signed: the answer, its ground (a letter of Article 15(1)), what is kept, and why."""

    by: str
    choice: str
    ground: str
    reason: str
    parts: tuple[str, ...] = field(default=())


ZARGHUN = Asked(
    "Counsel 31",
    {"name": "Zarghun Talband", "birth_date": "1984", "father_name": "Tor Baz"},
    "Asked through his lawyer, whose power of attorney was seen.",
    ("kohsar-desk/K-0418",),
    "ur",
)
MIRWAIS = Asked(
    "Counter 118",
    {"name": "Mirwais Khorvash", "birth_date": "1979-05-02", "id_number": "61-2210-0932"},
    "National identity card seen at the counter.",
    ("national/N-2044",),
)
NURSE = Asked(
    "Counter 131",
    {"name": "Gulalay Zarawan", "birth_date": "1979-03-30"},
    "Card and letter of her hospital seen.",
    (),
    "ps",
)

_IN_PART = (
    Answer(
        "noor",
        "part",
        "b",
        "Who looked him up, and when, would show at which posts travellers are checked; all "
        "else that the rule lets be told is told.",
        ("reader", "recipient"),
    ),
    Answer(
        "halim",
        "part",
        "b",
        "اندراج اور اس کے ذرائع اسے بتائے جائیں۔ کس نے کب دیکھا اور کسے دیا گیا، اس سے چوکیوں "
        "کا طریقہ ظاہر ہوتا ہے؛ یہ نہ بتایا جائے۔",
        ("reader", "recipient"),
    ),
)
_REFUSED = (
    Answer(
        "noor",
        "refuse",
        "a",
        "The court has asked for the books of Khorvash Exchange and has not had them; to "
        "show the file now would tell what is being looked for in them.",
    ),
    Answer(
        "halim",
        "refuse",
        "a",
        "صرافے کے کھاتوں کی طلبی ابھی عدالت میں زیرِ غور ہے؛ اس کے فیصلے کے بعد درخواست دوبارہ دیکھی جا سکتی ہے۔",
    ),
)


def events(calendar: Calendar) -> list[Event]:
    """Three requests: one answered in part, one refused and brought before oversight, one that waits."""
    return [
        (calendar.at(28, "10:20"), lambda: _ask(ZARGHUN)),
        (calendar.at(17, "11:05"), lambda: _sign(ZARGHUN, _IN_PART[0])),
        (calendar.at(16, "15:40"), lambda: _sign(ZARGHUN, _IN_PART[1])),
        (calendar.at(14, "09:30"), lambda: _give_out(ZARGHUN)),
        (calendar.at(25, "12:15"), lambda: _ask(MIRWAIS)),
        (calendar.at(11, "11:30"), lambda: _sign(MIRWAIS, _REFUSED[0])),
        (calendar.at(10, "16:10"), lambda: _sign(MIRWAIS, _REFUSED[1])),
        (calendar.at(8, "10:00"), lambda: _give_out(MIRWAIS)),
        (calendar.at(1, "11:20"), lambda: _bring(MIRWAIS)),
        (calendar.at(1, "13:35"), lambda: _ask(NURSE)),
    ]


def _actor(username: str, asked: Asked) -> Actor:
    return Actor(username, Purpose("redress", asked.reference))


def _ask(asked: Asked) -> None:
    from baham.platform.rights.requests import ask

    ask(
        _actor(_RECEIVES, asked),
        entities=asked.records,
        asked=asked.person,
        verified=asked.verified,
        reference=asked.reference,
        language=asked.language,
    )


def _sign(asked: Asked, answer: Answer) -> None:
    """Read the request, as its page does, and sign."""
    from baham.platform.review.services import seen
    from baham.platform.rights.requests import decide_on

    one, user, actor = asked.find(), User.objects.get(username=answer.by), _actor(answer.by, asked)
    assert one.matter is not None
    consulted(actor, f"request:{one.pk}", one.number, entities=list(one.entities.values_list("pk", flat=True)))
    seen(one.matter, user)
    decide_on(one, one.matter, user, actor, answer.choice, answer.reason, ground=answer.ground, parts=answer.parts)


def _give_out(asked: Asked) -> None:
    from baham.platform.rights.requests import give_out

    give_out(asked.find(), _actor(_RECEIVES, asked), asked.language, "html")


def _bring(asked: Asked) -> None:
    """The person wrote to the Forum, which takes it up; it has found nothing yet."""
    from baham.platform.rights.oversight import bring

    bring(asked.find(), Actor(_OVERSEES, Purpose("oversight", f"letter to the Forum about {asked.reference}")))
