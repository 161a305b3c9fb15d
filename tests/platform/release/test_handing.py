"""What was said waits to be fetched; what was closed meanwhile is not handed over any more."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from baham.formats.sealed import unseal
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.ledger import annotate, standing
from baham.platform.release import channel, handing
from baham.platform.release.models import Message
from baham.platform.release.partners import end_partner
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign, statement
from tests.support.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(ledger, agency, officers):
    """A message that was said a week ago and waits."""
    sign(propose(agency, ledger["k-1"]), officers[0])
    Message.objects.update(at=timezone.now() - timedelta(seconds=1))
    return channel.messages(agency)[0]


def handed(partner, message):
    """What a partner that fetches it now can read, its signature and root being good."""
    wire = handing.wire(type(partner).objects.get(pk=partner.pk), message)
    return {one.statement.prop for one in unseal(wire["parts"], channel.payload_of(message)["root"])}


def test_what_is_as_it_was_is_handed_over_as_it_was_said(said, agency):
    assert handing.wire(agency, said) == {"kind": "release", **json.loads(said.envelope)}
    assert {"name", "birthDate"} <= handed(agency, said)


def test_a_record_that_is_restricted_is_handed_to_nobody_and_again_once_that_is_lifted(said, agency, ledger):
    whole = handed(agency, said)
    restriction = standing.restrict(ledger["k-1"], actor(), WHY)
    assert handed(agency, said) == set()
    standing.lift(restriction, actor(), WHY)
    assert handed(agency, said) == whole


def test_a_value_that_is_marked_more_strictly_is_not_handed_over(said, agency, ledger):
    whole = handed(agency, said)
    annotate.handle(statement(ledger["k-1"], "birthDate"), Handling(TLP.RED, PAP.RED), actor(), WHY)
    assert handed(agency, said) == whole - {"birthDate"}


def test_a_permission_that_has_ended_is_over_for_what_waits(ledger, agency, officers, monkeypatch):
    short = Handling(TLP.AMBER, PAP.GREEN, expires=timezone.now() + timedelta(hours=1))
    annotate.handle(statement(ledger["k-1"], "birthDate"), short, actor(), WHY)
    sign(propose(agency, ledger["k-1"]), officers[0])
    (message,) = channel.messages(agency)
    assert "birthDate" in handed(agency, message)
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "birthDate" not in handed(agency, message) >= {"name"}


def test_another_agreement_and_the_end_of_one_hold_for_what_waits(said, agency, agree):
    agree(agency, fields=["name"])
    assert handed(agency, said) == {"name"}
    end_partner(actor(), agency, WHY)
    assert handed(agency, said) == set()
