"""Two partners: Nilgar, an agency that is trusted, and Varand, a neighbouring ministry that is not.

Their secrets are public, as the passwords are: they open nothing but a world that is invented. What they say comes with
the measure that hears it (sharing), signed by keys made from their names (`platform/world/elsewhere.py`).
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from baham.demo.desk import find, said
from baham.demo.staff import SECRETS
from baham.kernel.handling import PAP, TLP
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.review.models import Item
from baham.platform.world.elsewhere import TITLES, Elsewhere, sign
from baham.platform.world.history import Calendar, Event

if TYPE_CHECKING:
    from baham.platform.release.models import Release

CIRCLE = "Provincial departments under the protocol of Markaz City"
_LAW = "Public Safety Act 2009, s. 40; protocol of Markaz City, Article 6"
_OFFICER = Actor("ulvand", Purpose("review", "agreements"))
_ASKED = "question of Varand about a traveller"


def events(calendar: Calendar) -> list[Event]:
    """Agreements, two releases, a recall, and a circle."""
    nilgar, varand = (Elsewhere(TITLES[name]) for name in ("nilgar", "varand"))
    return [
        (calendar.at(150, "09:00"), lambda: _engage(nilgar, varand)),
        (calendar.at(149, "15:30"), lambda: _sign_agreements("noor")),
        (calendar.at(40, "11:00"), lambda: _release("nilgar", "request of Nilgar of the same week", "ulvand")),
        (calendar.at(31, "11:20"), lambda: _release("varand", _ASKED, "halim")),
        (calendar.at(30, "10:00"), _propose_circle),
        (calendar.at(29, "14:30"), _sign_circle),
        (calendar.at(4, "10:15"), _take_back),
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


def _propose(name: str, case: str, key: str = "K-0440") -> "Release":
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
    sign(made.matter, by, "send", "Answers the question that was asked, and nothing beyond the agreement.")


def _take_back() -> None:
    from baham.platform.release.recalls import recall

    father = said(find("kohsar-desk", "K-0418"), "fatherName")
    recall(
        _OFFICER,
        {father.sid_hex: father.entity_id},
        "identity",
        "The father’s name was taken from the file of another man; the desk is asking again.",
    )


def _propose_circle() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from baham.platform.release.models import Partner
    from baham.platform.release.scopes import put_forward

    put_forward(_OFFICER, CIRCLE, [Partner.objects.get(name="nilgar")], timezone.now() + timedelta(days=400))


def _sign_circle() -> None:
    sign(Item.objects.get(kind="scope"), "noor", "sign", "Nilgar has signed the protocol; its annex names the members.")
