"""What partners give: into quarantine or beside what others say, refused with a reason, recalled for good."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from baham.kernel.claim import Hand
from baham.kernel.clock import utc_text
from baham.kernel.handling import TLP
from baham.measures.sharing import inbox, quarantine
from baham.measures.sharing.models import Received
from baham.platform.audit.models import Entry
from baham.platform.ledger.models import Dataset, Entity, GradeGiven, Statement
from baham.platform.ledger.record import read
from baham.platform.release import channel, partners
from baham.platform.release.models import Holding, Message, Tombstone
from baham.platform.release.partners import CannotChange
from tests.measures.sharing.conftest import Other, claim
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign
from tests.support.people import actor, reader

pytestmark = pytest.mark.django_db


def values():
    """What the ledger says of what came from partners."""
    rows = Statement.objects.filter(entity__dataset__name__startswith="from-", until=None)
    return sorted(rows.values_list("value", flat=True))


def test_what_an_untrusted_partner_gives_has_no_effect_before_a_person_accepts_and_grades_it(other, varand):
    done = inbox.hear(varand, other.releases(claim(), claim("1984", "birthDate")))
    assert (done.quarantined, done.accepted) == (2, 0)
    assert not Entity.objects.exists() and not Statement.objects.exists()
    assert list(Received.objects.values_list("grade", flat=True)) == ["A1", "A1"]  # their word, in force nowhere
    quarantine.accept(actor("noor"), list(Received.objects.all()), "D4", WHY)
    assert values() == ["1984", "Orband Khelzai"]
    assert {str(one) for one in GradeGiven.objects.all()} == {"D4"}
    assert not Dataset.objects.get(name="from-varand").screened
    assert Entry.objects.get(act="accepted as D4").actor == "noor"


def test_what_a_trusted_partner_gives_stands_beside_with_its_grade_marking_and_chain(other, nilgar):
    wire = other.releases(claim(chain=(Hand("publisher:Nilgar Gazette", "Nilgar Gazette"),)))
    assert inbox.hear(nilgar, wire).accepted == 1
    value = read(Entity.objects.get(), reader()).values[0]
    assert value.grade.code == "A1" and value.handling.tlp.label == "TLP:AMBER"
    from baham.platform.ledger.models import CameThrough

    assert [hand["name"] for hand in CameThrough.objects.get().hands] == ["Nilgar Gazette", "Varand Ministry"]


def test_more_about_the_same_entity_is_added_and_nothing_is_closed(other, nilgar):
    inbox.hear(nilgar, other.releases(claim()))
    inbox.hear(nilgar, other.releases(claim("1984", "birthDate"), claim("1986", "birthDate")))
    assert values() == ["1984", "1986", "Orband Khelzai"]
    assert not Statement.objects.exclude(until=None).exists()


def test_refused_it_stays_on_record_and_has_no_effect(other, varand):
    inbox.hear(varand, other.releases(claim()))
    quarantine.refuse(actor("noor"), list(Received.objects.all()), WHY)
    assert Received.objects.get().state == "refused" and not Entity.objects.exists()
    with pytest.raises(CannotChange, match="in the meantime"):
        quarantine.accept(actor("noor"), list(Received.objects.all()), "B2", WHY)


def spoilt(other, what):
    wire = other.releases(claim())
    if what == "another key":
        return {**wire, "envelope": Other().releases(claim())["envelope"]}
    if what == "one value":
        wire["parts"][0]["claim"]["statement"]["value"] = "Somebody Else"
    if what == "a part dropped":
        wire["parts"] = []
    if what == "for others":
        return other.releases(claim(), to="11111111-1111-4111-8111-111111111111")
    if what == "from others":
        return other.releases(claim(), **{"from": "11111111-1111-4111-8111-111111111111"})
    if what == "a clock ahead":
        return other.releases(claim(), at=utc_text(datetime.now(UTC) + timedelta(days=1, minutes=5)))
    if what == "run out":
        return other.releases(claim(), valid_until="2026-01-01T00:00:00Z")
    if what == "another version":
        return other.releases(claim(), version=2)
    if what == "another kind":
        return {**wire, "kind": "recall"}
    if what == "an unknown kind":
        return {**wire, "kind": "order"}
    if what == "no parts":
        return {**wire, "parts": {"a": 1}}
    return wire


SPOILT = [
    "another key",
    "one value",
    "a part dropped",
    "for others",
    "from others",
    "a clock ahead",
    "run out",
    "another version",
    "another kind",
    "an unknown kind",
    "no parts",
]


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_not_as_it_was_signed_is_refused_whole(other, nilgar, what):
    with pytest.raises(inbox.Refused) as refused:
        inbox.hear(nilgar, spoilt(other, what))
    assert str(refused.value)
    assert not Received.objects.exists() and not Entity.objects.exists()
    assert not Message.objects.filter(direction="in").exists()
    assert Entry.objects.get(act="message refused").justification == str(refused.value)


@pytest.mark.parametrize("junk", [None, 7, "x", [], {}, {"kind": "release"}, {"kind": "release", "envelope": 3}])
def test_junk_is_refused(nilgar, junk):
    with pytest.raises(inbox.Refused):
        inbox.hear(nilgar, junk)


def test_a_message_heard_before_is_refused(other, nilgar):
    wire = other.releases(claim())
    inbox.hear(nilgar, wire)
    with pytest.raises(inbox.Refused, match="before"):
        inbox.hear(nilgar, wire)
    assert values() == ["Orband Khelzai"]


def test_a_key_that_was_revoked_or_has_run_out_signs_nothing(other, nilgar):
    key = nilgar.keys.get()
    partners.revoke_key(actor(), key, WHY)
    with pytest.raises(inbox.Refused, match="known here"):
        inbox.hear(nilgar, other.releases(claim()))


def test_claims_are_refused_one_by_one_where_the_sender_did_not_sign_them_or_they_are_never_stored(other, nilgar):
    unsigned, foreign = claim("A", "alias"), Other().hand_on(claim("B", "alias"))
    unheard = other.hand_on(claim("C", "religion"))
    done = inbox.hear(nilgar, other.releases(unsigned, foreign, unheard, other.hand_on(claim()), handed=False))
    assert done.accepted == 1 and values() == ["Orband Khelzai"]
    assert done.refused == {"does not bear the sender's signature": 2, "of a kind that is never stored": 1}


def test_a_recall_takes_it_out_here_and_it_does_not_come_back(other, nilgar):
    inbox.hear(nilgar, other.releases(claim(), claim("1984", "birthDate")))
    inbox.hear(nilgar, other.recalls(claim().id, ground="identity"))
    assert values() == ["1984"]
    again = inbox.hear(nilgar, other.releases(claim()))
    assert again.accepted == 0 and again.refused == {"recalled before": 1} and values() == ["1984"]
    answer = channel.payload_of(channel.messages(nilgar)[-1])
    assert (answer["answer"], answer["onward"]) == ("done", [])


def test_it_does_not_come_back_under_another_id_either(other, nilgar):
    inbox.hear(nilgar, other.releases(claim()))
    inbox.hear(nilgar, other.recalls(claim().id))
    relay = replace(claim(), statement=replace(claim().statement, dataset="another-desk", id=""))
    assert relay.id != claim().id
    assert inbox.hear(nilgar, other.releases(relay)).refused == {"recalled before": 1}


def test_a_recall_from_quarantine(other, varand):
    inbox.hear(varand, other.releases(claim()))
    inbox.hear(varand, other.recalls(claim().id))
    assert Received.objects.get().state == "recalled"
    with pytest.raises(CannotChange):
        quarantine.accept(actor("noor"), list(Received.objects.all()), "B2", WHY)


def test_a_partner_recalls_what_it_gave_and_nothing_that_others_said(ledger, other, nilgar):
    ours = Statement.objects.filter(entity=ledger["k-1"]).first()
    inbox.hear(nilgar, other.recalls(ours.sid_hex))
    assert not Tombstone.objects.exists() and Statement.objects.get(pk=ours.pk).until is None


def test_a_recall_goes_on_to_whom_it_was_passed_on(other, nilgar, liaison, officers):
    inbox.hear(nilgar, other.releases(claim()))
    sign(propose(liaison, Entity.objects.get()), officers[1])
    inbox.hear(nilgar, other.recalls(claim().id))
    assert Holding.objects.get(partner=liaison).state == "recalled"
    told = channel.payload_of(channel.messages(liaison)[-1])
    assert told["statements"] == [claim().id]
    assert channel.payload_of(channel.messages(nilgar)[-1])["onward"] == ["varand"]


def test_a_correction_comes_with_the_recall(other, nilgar):
    inbox.hear(nilgar, other.releases(claim("1984", "birthDate")))
    inbox.hear(nilgar, other.recalls(claim("1984", "birthDate").id, correction=[claim("1986", "birthDate")]))
    assert values() == ["1986"]


def test_a_recall_whose_correction_was_exchanged_is_refused_whole(other, nilgar):
    inbox.hear(nilgar, other.releases(claim("1984", "birthDate")))
    wire = other.recalls(claim("1984", "birthDate").id, correction=[claim("1986", "birthDate")])
    wire["parts"] = other.recalls("0" * 40, correction=[claim("1987", "birthDate")])["parts"]
    with pytest.raises(inbox.Refused):
        inbox.hear(nilgar, wire)
    assert values() == ["1984"]


def test_a_stance_stands_beside_and_changes_nothing(ledger, other, nilgar, officers):
    sign(propose(nilgar, ledger["k-1"]), officers[0])
    target = Statement.objects.filter(entity=ledger["k-1"], prop="birthDate").get()
    inbox.hear(nilgar, other.says("stance", {"statement": target.sid_hex, "stance": "contradicts", "reason": WHY}))
    value = next(v for v in read(ledger["k-1"], reader()).values if v.statement.pk == target.pk)
    assert value.contradicted and [s.by for s in value.stances] == ["partner:daryab"] and value.until is None


def test_a_stance_on_what_was_never_given_is_refused(ledger, other, nilgar):
    target = Statement.objects.filter(entity=ledger["k-1"]).first()
    for sid in (target.sid_hex, "zz" * 20, "short"):
        with pytest.raises(inbox.Refused):
            inbox.hear(nilgar, other.says("stance", {"statement": sid, "stance": "contradicts", "reason": WHY}))


@pytest.mark.parametrize(("who", "grades"), [("nilgar", ["A1", "C3"]), ("varand", ["B2"])])
def test_a_new_grade_is_in_force_from_a_trusted_partner_alone(other, request, who, grades):
    partner = request.getfixturevalue(who)
    inbox.hear(partner, other.releases(claim()))
    if who == "varand":
        quarantine.accept(actor("noor"), list(Received.objects.all()), "B2", WHY)
    inbox.hear(partner, other.says("grade", {"statement": claim().id, "code": "C3", "reason": WHY}))
    assert [str(one) for one in GradeGiven.objects.order_by("pk")] == grades
    assert Received.objects.get().grade == "C3"


def test_an_answer_closes_the_recall_on_our_side(ledger, other, nilgar, officers):
    from tests.platform.release.test_recalls import take_back
    from tests.platform.release.test_releases import statement

    sign(propose(nilgar, ledger["k-1"]), officers[0])
    made = take_back(statement(ledger["k-1"], "name")).recall
    inbox.hear(nilgar, other.says("answer", {"recall": str(made.uuid), "answer": "done", "onward": ["markaz"]}))
    assert made.notices.get().answer == "done" and Holding.objects.get(recall=made).state == "removed"


def test_what_was_received_is_kept_as_it_came(other, varand):
    inbox.hear(varand, other.releases(claim()))
    kept = json.loads(Received.objects.get().claim)
    assert kept["statement"]["value"] == "Orband Khelzai" and kept["chain"][-1]["party"] == other.party


def test_a_partner_neither_marks_grades_nor_recalls_what_our_own_list_says(ledger, other, nilgar, liaison, officers):
    """An attack: the very id of a statement of ours, marked open, and then taken back."""
    from baham.kernel.handling import OPEN
    from baham.kernel.statement import Statement as Said
    from baham.platform.ledger.models import HandlingGiven
    from baham.platform.release.releases import preview

    ours = Statement.objects.filter(entity=ledger["k-1"], prop="name").get()
    sign(propose(liaison, ledger["k-1"]), officers[1])
    twin = replace(claim(), statement=Said("k-1", "Person", "name", ours.value, "home-dept"), handling=OPEN)
    assert twin.id == ours.sid_hex
    done = inbox.hear(nilgar, other.releases(twin, claim("1984", "birthDate")))
    assert done.accepted == 1 and done.refused == {"said here already by its own source": 1}
    assert not HandlingGiven.objects.filter(sid=ours.sid_hex).exists()
    inbox.hear(nilgar, other.recalls(ours.sid_hex))
    assert not Tombstone.objects.exists() and not Holding.objects.exclude(state="held").exists()
    _gate, outgoing = preview(liaison, [ledger["k-1"]], "analysis")
    assert ours.sid_hex in {one.claim.id for one in outgoing.leaves}


def test_what_our_list_says_since_is_not_recalled_with_what_the_partner_said(other, nilgar, tmp_path):
    from baham.kernel.statement import Statement as Said
    from tests.support.lists import PEOPLE, load_rows

    load_rows(tmp_path, PEOPLE[1:])
    twin = replace(claim(), statement=Said("k-1", "Person", "name", "Zarghun Talband", "home-dept"))
    assert inbox.hear(nilgar, other.releases(twin)).accepted == 1
    load_rows(tmp_path, PEOPLE)
    from baham.platform.release.claims import dossiers

    Dataset.objects.filter(name="home-dept").update(tlp=int(TLP.RED))
    ours = Entity.objects.get(dataset__name="home-dept", key="k-1")
    assert {one.handling.tlp for one in next(dossiers([ours.pk])).claims} == {TLP.RED}  # theirs is AMBER
    assert {value.handling.tlp for value in read(ours, reader()).values if value.dataset.name == "home-dept"} == {
        TLP.RED
    }
    inbox.hear(nilgar, other.recalls(twin.id))
    assert not next(dossiers([ours.pk])).about.recalled and values() == []


def test_a_number_with_a_fraction_in_an_envelope_is_refused(other, nilgar):
    wire = other.releases(claim())
    wire["envelope"]["more"] = 1.5
    with pytest.raises(inbox.Refused, match="canonical"):
        inbox.hear(nilgar, wire)


def test_what_we_recalled_is_refused_from_others_under_whatever_id(ledger, other, nilgar):
    from baham.platform.release import recalls

    ours = Statement.objects.get(entity=ledger["k-1"], prop="fatherName")
    recalls.recall(actor(), {ours.sid_hex: ours.entity_id}, "error", WHY)
    heard = inbox.hear(nilgar, other.releases(claim(ours.value, "fatherName", "k-1"), claim("Orband", "name", "k-1")))
    assert heard.refused == {"recalled before": 1} and heard.accepted == 1


def test_what_a_partner_graded_and_who_handed_it_on_does_not_hang_on_a_list_of_ours(ledger, other, nilgar, tmp_path):
    """Both may load the same published list: its statements have the same ids here and there."""
    from baham.platform.release.claims import dossiers

    theirs = claim("Orband Khelzai", "name", "u-1")
    inbox.hear(nilgar, other.releases(theirs))
    row = Statement.objects.get(value="Orband Khelzai")
    ours = Entity.objects.create(
        id=10**9,
        dataset=Dataset.objects.get(name="home-dept"),
        key="u-1",
        schema="Person",
        caption="Orband Khelzai",
        canonical_id=10**9,
        digest=b"",
        text="",
    )
    Statement.objects.create(entity=ours, sid=row.sid, prop="name", value="Orband Khelzai", since=1)
    [value] = read(ours, reader()).values
    assert not value.grades and not value.hands and value.grade.code == "B2", "the list's own grade"
    [dossier] = list(dossiers([ours.pk]))
    assert dossier.claims[0].grade.code == "B2" and dossier.claims[0].chain[0].party.startswith("publisher:")
    [value] = read(row.entity, reader()).values
    assert [str(one) for one in value.grades] and value.hands


def test_the_word_of_a_partner_that_was_ended_is_heard_no_more_but_what_it_takes_back(other, nilgar):
    from baham.platform.release.partners import end_partner

    inbox.hear(nilgar, other.releases(claim(), claim("1984", "birthDate")))
    end_partner(actor(), nilgar, WHY)
    with pytest.raises(inbox.Refused, match="has ended"):
        inbox.hear(nilgar, other.releases(claim("A", "alias")))
    with pytest.raises(inbox.Refused, match="has ended"):
        inbox.hear(nilgar, other.says("stance", {"statement": claim().id, "stance": "supports", "reason": WHY}))
    inbox.hear(nilgar, other.recalls(claim("1984", "birthDate").id, correction=[claim("1985", "birthDate")]))
    assert values() == ["Orband Khelzai"]
