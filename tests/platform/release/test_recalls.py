"""Recall: here at once, everybody told of exactly what they hold, and it does not come back."""

import json

import pytest

from baham.kernel.release import Why
from baham.platform.audit.models import Entry
from baham.platform.ledger.models import Statement
from baham.platform.release import channel, recalls
from baham.platform.release.models import Holding, RecallNotice, Tombstone
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import preview
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign, statement
from tests.support.people import actor
from tests.support.words import plain

pytestmark = pytest.mark.django_db


def take_back(*statements, **more):
    more = {"ground": "error", "why": WHY, **more}
    return recalls.recall(actor(), {one.sid_hex: one.entity_id for one in statements}, **more)


def test_a_recall_reaches_everybody_who_holds_it_and_nobody_else(ledger, agency, liaison, officers):
    sign(propose(agency, ledger["k-1"]), officers[0])
    sign(propose(liaison, ledger["k-1"]), officers[1])
    father, name = statement(ledger["k-1"], "fatherName"), statement(ledger["k-1"], "name")
    assert [n.partner.name for n in take_back(father).told] == ["daryab"]  # the liaison partner never had it
    done = take_back(name, ground="identity")
    assert [n.partner.name for n in done.told] == ["daryab", "varand"]
    told = channel.payload_of(channel.messages(liaison)[-1])
    assert told["statements"] == [name.sid_hex] and told["ground"] == "identity" and told["why"] == WHY
    assert Holding.objects.filter(state="recalled").count() == 3
    assert Entry.objects.filter(act="recalled").count() == 2


def test_what_was_recalled_leaves_no_more(ledger, agency):
    name = statement(ledger["k-1"], "name")
    take_back(name)
    _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
    assert {j.claim.id: j.ruling.why for j in outgoing.stays} == {name.sid_hex: Why.RECALLED}
    assert Tombstone.objects.count() == 2, "its id, and what it says"
    assert not any(name.sid_hex in bytes(one.hash).hex() for one in Tombstone.objects.all())


def test_it_is_gone_from_the_message_that_carried_it_and_the_signature_still_holds(ledger, agency, officers):
    from tests.platform.release.test_releases import said

    release = sign(propose(agency, ledger["k-1"]), officers[0])
    before = channel.head(agency)
    name = statement(ledger["k-1"], "name")
    take_back(name)
    message = channel.messages(agency)[0]
    assert name.value not in plain(message.envelope) and channel.head(agency).size == before.size + 1
    channel_now = json.loads(message.envelope)
    assert sum("leaf" in part for part in channel_now["parts"]) == 1
    Message = type(message)
    Message.objects.exclude(pk=message.pk).delete()
    _payload, claims = said(release)
    assert name.sid_hex not in {claim.id for claim in claims} and claims


@pytest.mark.parametrize(
    ("answer", "kept", "states"),
    [("done", 0, {"removed": 2}), ("partial", 1, {"removed": 1, "refused": 1}), ("refused", 0, {"refused": 2})],
)
def test_an_answer_says_who_still_holds_what(ledger, agency, officers, answer, kept, states):
    sign(propose(agency, ledger["k-1"]), officers[0])
    two = [statement(ledger["k-1"], "name"), statement(ledger["k-1"], "fatherName")]
    made = take_back(*two).recall
    recalls.answered(
        agency,
        str(made.uuid),
        answer,
        kept=[one.sid_hex for one in two[:kept]],
        reason="" if answer == "done" else "Before the court.",
        onward=["nilgar"],
        actor=actor(),
    )
    found = {}
    for holding in Holding.objects.filter(recall=made):
        found[holding.state] = found.get(holding.state, 0) + 1
    assert found == states
    notice = RecallNotice.objects.get()
    assert (notice.answer, notice.onward) == (answer, ["nilgar"]) and notice.answered_at


def test_refusing_without_a_reason_or_answering_what_was_not_asked_is_no_answer(ledger, agency, liaison, officers):
    sign(propose(agency, ledger["k-1"]), officers[0])
    made = take_back(statement(ledger["k-1"], "name")).recall
    for who, answer in ((agency, "refused"), (agency, "perhaps"), (liaison, "done")):
        with pytest.raises(CannotChange):
            recalls.answered(who, str(made.uuid), answer, actor=actor())


def test_silence_after_the_deadline_is_seen(ledger, agency, officers, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    sign(propose(agency, ledger["k-1"]), officers[0])
    made = take_back(statement(ledger["k-1"], "name"), ground="source risk").recall
    assert not recalls.overdue()
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert [n.recall for n in recalls.overdue()] == [made]


@pytest.mark.parametrize("more", [{"ground": "whim"}, {"why": "short"}])
def test_a_recall_needs_a_ground_and_a_reason(ledger, more):
    with pytest.raises(CannotChange):
        take_back(statement(ledger["k-1"], "name"), **more)
    assert not Tombstone.objects.exists()


def test_recalled_twice_or_not_held_is_said(ledger):
    name = statement(ledger["k-1"], "name")
    take_back(name)
    with pytest.raises(CannotChange, match="recalled before"):
        take_back(name)
    with pytest.raises(CannotChange, match="held here"):
        recalls.recall(actor(), {"00" * 20: name.entity_id}, "error", WHY)


def test_a_fault_in_the_middle_leaves_nothing_half_done(ledger, agency, officers, monkeypatch):
    sign(propose(agency, ledger["k-1"]), officers[0])
    monkeypatch.setattr(recalls, "recall_payload", lambda *a, **k: {"a": 1.5})  # cannot be signed
    with pytest.raises(ValueError):
        take_back(statement(ledger["k-1"], "name"))
    assert not Tombstone.objects.exists() and not Holding.objects.exclude(state="held").exists()
    assert channel.head(agency).size == 1 and Statement.objects.filter(until=None).exists()


def test_it_is_gone_from_every_message_that_carried_it_from_the_feed_too(ledger, partner, agree, officers):
    from baham.platform.release.feed import publish

    post = partner("post")
    agree(post, standing=True)
    name = statement(ledger["k-1"], "name")
    publish(actor(), post, "screening")
    sign(propose(post, ledger["k-1"]), officers[0])
    assert sum(name.sid_hex in message.envelope for message in channel.messages(post)) == 2
    take_back(name)
    assert not any(name.sid_hex in message.envelope for message in channel.messages(post))


def test_a_correction_that_is_recalled_in_its_turn_is_gone_from_the_recall_that_carried_it(ledger, agency, officers):
    sign(propose(agency, ledger["k-1"]), officers[0])
    wrong, right = statement(ledger["k-1"], "fatherName"), statement(ledger["k-1"], "birthDate")
    Holding.objects.filter(sid=right.sid).delete()  # as if it had been added since
    take_back(wrong, correction=[right.sid_hex])
    carried = channel.messages(agency)[-1]
    assert carried.kind == "recall" and right.sid_hex in carried.envelope and right.value in plain(carried.envelope)
    take_back(right)
    carried.refresh_from_db()
    assert right.sid_hex not in carried.envelope and right.value not in plain(carried.envelope)


def test_a_recall_by_law_reaches_who_closed_it_before(ledger, partner, agree, tmp_path):
    from baham.platform.release.feed import publish
    from tests.support.lists import PEOPLE, load_rows

    post = partner("post")
    agree(post, standing=True)
    publish(actor(), post, "screening")
    name, birth = statement(ledger["k-1"], "name"), statement(ledger["k-1"], "birthDate")
    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985"}, *PEOPLE[1:]])
    publish(actor(), post, "screening")  # says that the old birth date has ended
    made = take_back(name).recall
    recalls.answered(post, str(made.uuid), "done", actor=actor())
    with pytest.raises(CannotChange, match="recalled before"):
        take_back(name)
    done = take_back(name, birth, ground="legal")
    assert done.statements == 2
    told = channel.payload_of(channel.messages(post)[-1])
    assert told["statements"] == sorted([name.sid_hex, birth.sid_hex]) and told["ground"] == "legal"
    with pytest.raises(CannotChange, match="recalled before"):
        take_back(name, ground="legal")
