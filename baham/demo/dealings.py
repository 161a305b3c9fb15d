"""What people made of two partners' word: what Nilgar gave and whether it held, a circle, and what it posted.

Also what noor answered when a recall brought up a judgement that had rested on what was taken back.
"""

import json

from baham.demo.elsewhere import Elsewhere
from baham.demo.history import Calendar, Event
from baham.demo.partners import TITLES, claim, hear, sign
from baham.kernel.claim import Claim
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor, consulted
from baham.platform.review.models import Item

_OFFICER = Actor("ulvand", Purpose("review", "agreements"))
CIRCLE = "Provincial departments under the protocol of Markaz City"
_GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
_AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"


def events(calendar: Calendar) -> list[Event]:
    """In their order; `partners.py` tells how the two became partners."""
    nilgar = Elsewhere(TITLES["nilgar"])
    return [
        (calendar.at(128, "12:10"), lambda: hear(nilgar, "nilgar", _first_word(), "N-4")),
        (
            calendar.at(119, "16:00"),
            lambda: _found(
                "NC-52",
                "address",
                "contradicted",
                "The landlord and the post office both say that nobody of this name has lived there.",
            ),
        ),
        (calendar.at(30, "10:00"), _propose_circle),
        (calendar.at(29, "14:30"), _sign_circle),
        (
            calendar.at(18, "11:45"),
            lambda: _found(
                "NC-77",
                "birthDate",
                "corroborated",
                "The school register of Torsang, which Nilgar does not have, says the same year.",
            ),
        ),
        (calendar.at(3, "09:20"), _stands),
        (calendar.now, _post),
    ]


def _first_word() -> list[Claim]:
    return [claim("NC-52", "name", "Sohrab Regvand", "B3"), claim("NC-52", "address", "House 3, Sang Pul", "C3")]


def _found(key: str, prop: str, kind: str, reason: str) -> None:
    """Tirvash looked into one claim of Nilgar and writes down what became of it."""
    from baham.measures.sharing.models import Received
    from baham.measures.sharing.verification import found

    rows = Received.objects.filter(partner__name="nilgar", entity_key=key)
    row = next(row for row in rows if json.loads(row.claim)["statement"]["prop"] == prop)
    found(Actor("tirvash", Purpose("analysis", "what Nilgar gave")), row, kind, reason)


def _propose_circle() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from baham.platform.release.models import Partner
    from baham.platform.release.scopes import put_forward

    put_forward(_OFFICER, CIRCLE, [Partner.objects.get(name="nilgar")], timezone.now() + timedelta(days=400))


def _sign_circle() -> None:
    sign(Item.objects.get(kind="scope"), "noor", "sign", "Nilgar has signed the protocol; its annex names the members.")


def _stands() -> None:
    """A recall takes a father's name back; the judgement that it supported is read again, before the day is over."""
    user = User.objects.get(username="noor")
    for item in Item.objects.filter(kind="reassess-plain", outcome=""):
        from baham.platform.review.services import decide, seen

        actor = Actor("noor", Purpose("review", f"matter {item.pk}"))
        consulted(actor, f"matter:{item.pk}", str(item))
        seen(item, user)
        decide(
            item,
            user,
            actor,
            "stands",
            "The listing rests on this very file of the desk, and the town of birth "
            "agrees. Neither hangs on the father’s name that was taken back.",
        )


def _post() -> None:
    """A moderated collection, and what Nilgar posted to it: it waits for somebody here to read it."""
    from baham.measures.sharing.taxii.arrange import add_collection, add_root, give_access
    from baham.measures.sharing.taxii.posting import post
    from baham.platform.release.models import Partner

    root = add_root(_OFFICER, "exchange", "Exchange of the provincial departments")
    made = add_collection(
        _OFFICER,
        root,
        "Transfer networks",
        alias="transfers",
        description="Firms and accounts of which several departments have heard.",
    )
    partner = Partner.objects.get(name="nilgar")
    give_access(_OFFICER, made, partner, can_read=True, can_write=True)
    post(partner, made, json.dumps({"objects": _posted()}).encode())


def _posted() -> list[dict[str, object]]:
    """Objects of STIX 2.1 on a firm, an address of mail and what ties the two; about nobody's person."""
    at = "2026-05-04T09:00:00.000Z"
    firm, other = (f"identity--5b0c1e0a-0000-4000-8000-{n:012}" for n in (1, 2))
    mail = "email-addr--5b0c1e0a-0000-4000-8000-000000000003"
    versions = {"created": at, "modified": at, "spec_version": "2.1"}
    return [
        {
            "type": "identity",
            "id": firm,
            "name": "Sang Pul Exchange",
            "identity_class": "organization",
            "object_marking_refs": [_AMBER],
            **versions,
            "description": "Opened in the rooms of Khorvash Exchange; its licence is being asked about.",
        },
        {
            "type": "identity",
            "id": other,
            "name": "تبادلہ گھر سنگ پل",
            "identity_class": "organization",
            "object_marking_refs": [_GREEN],
            **versions,
        },
        {
            "type": "email-addr",
            "id": mail,
            "spec_version": "2.1",
            "value": "office@sangpul.example",
            "object_marking_refs": [_AMBER],
        },
        {
            "type": "relationship",
            "id": "relationship--5b0c1e0a-0000-4000-8000-000000000004",
            **versions,
            "relationship_type": "related-to",
            "source_ref": firm,
            "target_ref": mail,
            "object_marking_refs": [_AMBER],
        },
    ]
