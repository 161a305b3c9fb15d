"""Two partners: Nilgar, an agency that is trusted, and Varand, a neighbouring ministry that is not.

Their secrets are public, as the passwords are: they open nothing but a world that is invented. What they say is signed
by keys made from their names (`elsewhere.py`) and goes through the real inbox.
"""

from datetime import timedelta

from baham.demo.desk import find, said
from baham.demo.elsewhere import AMBER, Elsewhere
from baham.demo.history import Calendar, Event
from baham.demo.staff import SECRETS
from baham.kernel.claim import Claim, Hand
from baham.kernel.grade import Grade
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.statement import Statement
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor

TITLES = {"nilgar": "Nilgar Provincial CTD", "varand": "Ministry of Interior, Varand"}
_LAW = "Public Safety Act 2009, s. 40; protocol of Markaz City, Article 6"
_OFFICER = Actor("ulvand", Purpose("review", "agreements"))
_ASKED = "question of Varand about a traveller"


def events(calendar: Calendar) -> list[Event]:
    """Agreements, two releases, what came from both, and a recall that one of them has not answered."""
    nilgar, varand = (Elsewhere(TITLES[name]) for name in ("nilgar", "varand"))
    return [
        (calendar.at(150, "09:00"), lambda: _engage(nilgar, varand)),
        (calendar.at(149, "15:30"), lambda: _sign_agreements("noor")),
        (calendar.at(40, "11:00"), lambda: _release("nilgar", "request of Nilgar of the same week", "ulvand")),
        (calendar.at(31, "11:20"), lambda: _release("varand", _ASKED, "halim")),
        (calendar.at(24, "16:45"), lambda: hear(nilgar, "nilgar", _from_nilgar(), "N-2026-31")),
        (calendar.at(9, "13:10"), lambda: hear(varand, "varand", _from_varand(), "V-114")),
        (calendar.at(4, "10:15"), _take_back),
        (calendar.at(3, "08:40"), lambda: _answer(nilgar)),
        (calendar.minutes(150), lambda: _propose("varand", "second question of Varand, about Khorvash Exchange")),
    ]


def _engage(nilgar: Elsewhere, varand: Elsewhere) -> None:
    from baham.platform.release.models import Partner
    from baham.platform.release.partners import add_key, add_partner, hash_of

    why = "Cooperation under the protocol of Markaz City; the agreement says what may leave."
    for name, party, kind, trusted in (("nilgar", nilgar, "agency", True), ("varand", varand, "liaison", False)):
        made, _secret = add_partner(_OFFICER, name, TITLES[name], kind, trusted=trusted, party=party.party, reason=why)
        Partner.objects.filter(pk=made.pk).update(secret_hash=hash_of(SECRETS[name]))
        add_key(_OFFICER, made, "sign", party.public)
    _agree("nilgar", None, standing=True)
    _agree("varand", ["name", "alias", "fatherName", "birthDate", "birthPlace", "nationality"])


def _agree(name: str, fields: list[str] | None, standing: bool = False) -> None:
    from django.utils import timezone

    from baham.platform.release.agreements import put_forward
    from baham.platform.release.models import Partner

    put_forward(
        _OFFICER,
        Partner.objects.get(name=name),
        purposes=["analysis", "screening"],
        fields=fields,
        standing=standing,
        legal_basis=_LAW,
        ends=timezone.now() + timedelta(days=500),
        tlp=TLP.AMBER,
        pap=PAP.GREEN,
        overlap_daily=0 if standing else 200,
        overlap_share=0.0 if standing else 0.05,
    )


def _sign_agreements(by: str) -> None:
    from baham.platform.release.models import Agreement

    for agreement in Agreement.objects.filter(approved_at=None).select_related("matter"):
        sign(
            agreement.matter, by, "sign", "Read with the legal adviser; fields and purposes are those of the protocol."
        )


def sign(matter: object, by: str, choice: str, reason: str) -> None:
    """Sign a matter of agreements, circles or releases."""
    from baham.platform.review.services import decide

    decide(
        matter, User.objects.get(username=by), Actor(by, Purpose("review", "agreements and releases")), choice, reason
    )


def _propose(name: str, case: str, key: str = "K-0440") -> object:
    from baham.platform.release.models import Partner
    from baham.platform.release.releases import put_forward

    return put_forward(
        Actor("tirvash", Purpose("analysis", case)),
        Partner.objects.get(name=name),
        [find("kohsar-desk", key)],
        purpose="analysis",
        case=case,
        note="",
    )


def _release(name: str, case: str, by: str) -> None:
    made = _propose(name, case, "K-0418")
    sign(made.matter, by, "send", "Answers the question that was asked, and nothing beyond the agreement.")  # type: ignore[attr-defined]


def claim(
    key: str, prop: str, value: str, code: str, chain: tuple[Hand, ...] = (), handling: Handling = AMBER
) -> Claim:
    """A claim on a person, as a party elsewhere makes it: its own key, grade (Admiralty) and handling."""
    return Claim(Statement(key, "Person", prop, value, "desk"), handling, Grade.parse(code), chain=chain)


def _from_nilgar() -> list[Claim]:
    return [
        claim("NC-77", "name", "Zarghoon Talbund", "B3"),
        claim("NC-77", "birthDate", "1984", "B3"),
        claim("NC-77", "notes", "Seen at the bus station of Nilkot in June; not spoken to.", "C3"),
    ]


def _from_varand() -> list[Claim]:
    """Varand's word on three people; one of its claims it has from the very source that we have it from."""
    relayed = (Hand("publisher:Kohsar Provincial CTD", "Kohsar Provincial CTD"),)
    return [
        claim("VM-31", "name", "Zarghun Talband", "A1", relayed),
        claim("VM-31", "birthDate", "1986-03-12", "A1"),
        claim("VM-31", "alias", "Z. Talbandi", "A2"),
        claim("VM-58", "name", "Orband Khelzai", "A2"),
        claim("VM-58", "birthPlace", "Darvan", "A2"),
        claim("VM-64", "name", "Sperlay Gharvand", "A1", handling=Handling(TLP.AMBER_STRICT, PAP.AMBER)),
    ]


def hear(party: Elsewhere, name: str, claims: list[Claim], number: str) -> None:
    """Take in a release of a party elsewhere, through the real inbox."""
    from baham.measures.sharing.inbox import hear
    from baham.platform.release.models import Partner

    hear(Partner.objects.get(name=name), party.releases(*claims, name=number))


def _take_back() -> None:
    from baham.platform.release.recalls import recall

    father = said(find("kohsar-desk", "K-0418"), "fatherName")
    recall(
        _OFFICER,
        {father.sid_hex: father.entity_id},
        "identity",
        "The father’s name was taken from the file of another man; the desk is asking again.",
    )


def _answer(party: Elsewhere) -> None:
    from baham.measures.sharing.inbox import hear
    from baham.platform.release.models import Partner, Recall

    made = Recall.objects.filter(sender=None).latest("pk")
    payload = {"recall": str(made.uuid), "answer": "done", "kept": [], "reason": "", "onward": []}
    hear(Partner.objects.get(name="nilgar"), party.says("answer", payload))
