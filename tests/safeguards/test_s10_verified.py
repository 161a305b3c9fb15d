"""S-10: what is unverified or expired is not shared; a correction notifies every recipient at once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from baham.formats.sealed import unseal
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.release import Why
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Dataset
from baham.platform.release import channel, recalls
from baham.platform.release.models import Holding
from baham.platform.release.releases import preview
from tests.platform.release.conftest import *  # noqa: F403
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign, statement
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db


def test_what_nobody_graded_stays_until_somebody_does(ledger, agency):
    Dataset.objects.update(grade="", scheme="")
    _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
    assert not outgoing.leaves and set(outgoing.reasons) == {Why.UNVERIFIED}
    name = statement(ledger["k-1"], "name")
    annotate.grade(name, "B2", actor(), WHY)
    _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
    assert [one.claim.id for one in outgoing.leaves] == [name.sid_hex]


def test_what_has_expired_stays(ledger, agency):
    name = statement(ledger["k-1"], "name")
    past = Handling(TLP.AMBER, PAP.GREEN, expires=timezone.now() - timedelta(seconds=1))
    annotate.handle(name, past, actor(), WHY)
    _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
    assert {one.claim.id: one.ruling.why for one in outgoing.stays} == {name.sid_hex: Why.EXPIRED}


def test_a_list_past_its_review_date_gives_nothing(ledger, agency):
    Dataset.objects.update(review_by=timezone.localdate() - timedelta(days=1))
    _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
    assert not outgoing.leaves


def test_a_correction_goes_to_every_recipient_in_the_transaction_of_the_recall(
    ledger, agency, liaison, officers, tmp_path
):
    sign(propose(agency, ledger["k-1"]), officers[0])
    sign(propose(liaison, ledger["k-1"]), officers[1])
    wrong = statement(ledger["k-1"], "birthDate")
    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985", "address": "Torsang"}, *PEOPLE[1:]])
    right = {one.prop: one.sid_hex for one in ledger["k-1"].statements.filter(until=None)}
    new = [right["birthDate"], right["address"]]
    recalls.recall(actor(), {wrong.sid_hex: wrong.entity_id}, "error", WHY, correction=new)
    for partner, props in ((agency, {"birthDate", "address"}), (liaison, {"birthDate"})):
        message = channel.messages(partner)[-1]
        told = channel.payload_of(message)
        assert told["statements"] == [wrong.sid_hex]
        given = unseal(json.loads(message.envelope)["parts"], told["root"])
        assert {one.statement.prop for one in given} == props and all(one.chain[-1].signature for one in given)
        held = Holding.objects.filter(partner=partner, state="held")
        assert right["birthDate"] in {one.sid_hex for one in held}


def test_a_new_grade_is_told_to_whoever_holds_the_statement(ledger, agency, liaison, officers):
    sign(propose(agency, ledger["k-1"]), officers[0])
    annotate.grade(statement(ledger["k-1"], "fatherName"), "D4", actor(), WHY)
    told = channel.payload_of(channel.messages(agency)[-1])
    assert told["code"] == "D4" and told["reason"] == "" and channel.head(liaison).size == 0
