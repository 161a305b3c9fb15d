"""Sharing's part of the demonstration world: what two partners said, whether it held, and what one of them posted.

Also what noor answered when a recall brought up a judgement that had rested on what was taken back.
"""

import json

from baham.kernel.claim import Claim, Hand
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor, consulted
from baham.platform.review.models import Item
from baham.platform.world.elsewhere import TITLES, Elsewhere, claim
from baham.platform.world.history import Calendar, Event

_OFFICER = Actor("ulvand", Purpose("review", "agreements"))
_GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
_AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"


def events(calendar: Calendar) -> list[Event]:
    """In their order; the demonstration itself tells how the two became partners."""
    nilgar, varand = (Elsewhere(TITLES[name]) for name in ("nilgar", "varand"))
    return [
        (calendar.at(24, "16:45"), lambda: hear(nilgar, "nilgar", _from_nilgar(), "N-2026-31")),
        (calendar.at(9, "13:10"), lambda: hear(varand, "varand", _from_varand(), "V-114")),
        (calendar.at(3, "08:40"), lambda: _answer(nilgar)),
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


def _answer(party: Elsewhere) -> None:
    from baham.measures.sharing.inbox import hear
    from baham.platform.release.models import Partner, Recall

    made = Recall.objects.filter(sender=None).latest("pk")
    payload = {"recall": str(made.uuid), "answer": "done", "kept": [], "reason": "", "onward": []}
    hear(Partner.objects.get(name="nilgar"), party.says("answer", payload))
