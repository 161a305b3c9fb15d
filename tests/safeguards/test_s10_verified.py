"""S-10: what is unverified or expired is not shared; a correction notifies every recipient at once."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from baham.formats.sealed import unseal
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.release import Why
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Dataset
from baham.platform.release import channel, recalls
from baham.platform.release.models import Holding, Release
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import preview
from baham.platform.review.services import CannotDecide
from tests.platform.release.conftest import *  # noqa: F403
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign, statement
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, signed_in

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


@pytest.fixture
def corrected(ledger, agency, liaison, officers, tmp_path):
    """A birth date that two partners were given, and what is true instead."""
    sign(propose(agency, ledger["k-1"]), officers[0])
    sign(propose(liaison, ledger["k-1"]), officers[1])
    wrong = statement(ledger["k-1"], "birthDate")
    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985", "address": "Torsang"}, *PEOPLE[1:]])
    right = {one.prop: one.sid_hex for one in ledger["k-1"].statements.filter(until=None)}
    return wrong, right


def carried(partner):
    """What the last message to a partner says, and the claims beside it."""
    message = channel.messages(partner)[-1]
    told = channel.payload_of(message)
    return message.kind, told, unseal(json.loads(message.envelope)["parts"], told["root"])


def test_a_correction_goes_to_every_recipient_in_the_transaction_of_the_recall(corrected, agency, liaison, officers):
    wrong, right = corrected
    new = [right["birthDate"], right["address"]]
    done = recalls.recall(Actor("ulvand"), {wrong.sid_hex: wrong.entity_id}, "error", WHY, correction=new)
    kind, told, given = carried(agency)
    assert (kind, told["statements"]) == ("recall", [wrong.sid_hex])
    assert {one.statement.prop for one in given} == {"birthDate", "address"}
    assert all(one.chain[-1].signature for one in given)
    held = Holding.objects.filter(partner=agency, state="held")
    assert right["birthDate"] in {one.sid_hex for one in held}
    # The counterpart that is not trusted hears at once that it is wrong; what is right takes the second signature.
    kind, told, given = carried(liaison)
    assert (kind, told["statements"], given) == ("recall", [wrong.sid_hex], [])
    (waits,) = done.proposed
    assert waits.partner == liaison and waits.claims == [right["birthDate"]] and waits.proposed_by == "ulvand"
    with pytest.raises(CannotDecide):
        sign(waits, officers[0])
    sign(waits, officers[1])
    kind, _told, given = carried(liaison)
    assert kind == "release" and [one.statement.value for one in given] == ["1985"]


def test_who_takes_back_names_what_is_true_instead_on_the_page_and_by_command(corrected, agency, liaison, officers):
    wrong, right = corrected
    name = statement(wrong.entity, "name")
    officer = signed_in(officers[0])
    page = f"/entity/{wrong.entity_id}/recall/"
    assert 'name="instead"' in officer.get(page).content.decode()
    answer = officer.post(
        page, {"statement": name.sid_hex, "instead": right["birthDate"], "ground": "error", "why": WHY}
    )
    assert answer.status_code == 302
    assert [one.statement.value for one in carried(agency)[2]] == ["1985"]
    shown = officer.get(answer.url).content.decode()
    assert "second person" in shown and f"/sharing/releases/{Release.objects.get(state='proposed').pk}/" in shown


def test_a_correction_is_said_of_the_record_that_is_corrected(corrected, ledger):
    wrong, _right = corrected
    for strange in (statement(ledger["k-2"], "name").sid_hex, "00" * 20, "none"):
        with pytest.raises(CannotChange, match="same record"):
            recalls.recall(actor(), {wrong.sid_hex: wrong.entity_id}, "error", WHY, correction=[strange])
    assert not Holding.objects.exclude(state="held").exists()


def test_a_new_grade_is_told_to_whoever_holds_the_statement(ledger, agency, liaison, officers):
    sign(propose(agency, ledger["k-1"]), officers[0])
    annotate.grade(statement(ledger["k-1"], "fatherName"), "D4", actor(), WHY)
    told = channel.payload_of(channel.messages(agency)[-1])
    assert told["code"] == "D4" and told["reason"] == "" and channel.head(liaison).size == 0
