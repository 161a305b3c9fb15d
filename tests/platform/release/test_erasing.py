"""An erasure takes out of the messages what is about the person, and no message about somebody else."""

import json
from collections.abc import Iterator

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity
from baham.platform.places import Concerned
from baham.platform.release import channel, erasing
from baham.platform.release.models import Release
from baham.platform.release.releases import put_forward
from baham.platform.review.services import decide
from baham.platform.rights import erasure
from tests.platform.release.test_releases import sign
from tests.support.people import actor, person

pytestmark = pytest.mark.django_db
WHY = "The court of Kohsar ordered it; the order is on file."


def erase(entity: Entity) -> None:
    made = erasure.put_forward(actor(), entity, "order", WHY)
    for one in (person(Role.REVIEWER, "hamida"), person(Role.LIST_OFFICER, "baraan")):
        decide(made.matter, one, Actor(one.username), "erase", WHY)


def propose(partner, entity: Entity, note: str = "") -> Release:
    return put_forward(Actor("ulvand"), partner, [entity], purpose="analysis", case="question of 4 November", note=note)


def erased(agency) -> Iterator[bool]:
    return ("erased" in json.loads(one.envelope)["envelope"] for one in channel.messages(agency))


def test_a_message_about_somebody_else_stays_whole(ledger, agency, officers):
    sign(propose(agency, ledger["k-2"], note="Ask Mirwais Khorvash, not Zarghun Gul Talband"), officers[0])
    sign(propose(agency, ledger["k-1"], note="On Zarghun Talband, as you asked"), officers[0])
    before = channel.messages(agency)[0].envelope
    erase(ledger["k-1"])
    assert list(erased(agency)) == [False, True, False]  # the third is the recall
    assert channel.messages(agency)[0].envelope == before
    left = [json.dumps(json.loads(one.envelope)) for one in channel.messages(agency)[1:]]
    assert not any("61-0447-2215" in text for text in left)


def test_moments_and_ids_of_a_message_are_nobodys_numbers(ledger, agency, officers):
    sign(propose(agency, ledger["k-2"]), officers[0])
    message = channel.messages(agency)[0]
    payload = channel.payload_of(message)
    digits = [payload["at"][:10].replace("-", ""), payload["at"][1:10].replace("-", ""), payload["root"][:9]]
    erasing.erase(Concerned(names=frozenset({"Somebody Else"}), numbers=frozenset(digits)))
    message.refresh_from_db()
    assert "payload" in json.loads(message.envelope)["envelope"]
