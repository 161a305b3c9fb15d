"""A release from proposal to holding: what leaves, what stays and why, who signs, and what the log and the channel say."""

import json

import pytest

from baham.formats import dsse
from baham.formats.sealed import unseal
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.release import Why
from baham.kernel.standing import Protected, Standing
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.ledger.models import SourceShown, Statement
from baham.platform.ledger.standing import give_standing, restrict
from baham.platform.release import channel, partners
from baham.platform.release.identity import ours
from baham.platform.release.models import Holding, Release
from baham.platform.release.partners import CannotChange
from baham.platform.release.releases import preview, put_forward
from baham.platform.review.services import CannotDecide, decide
from tests.platform.release.conftest import WHY
from tests.support.people import actor
from tests.support.words import plain

pytestmark = pytest.mark.django_db


def statement(entity, prop):
    return Statement.objects.filter(entity=entity, prop=prop).order_by("pk").first()


def propose(partner, *entities, by="ulvand", purpose="analysis"):
    return put_forward(Actor(by), partner, entities, purpose=purpose, case="question of 4 November")


def sign(release, user, choice="send"):
    decide(release.matter, user, Actor(user.username), choice, WHY)
    release.refresh_from_db()
    return release


def said(release):
    """What was sent: the signed payload, and the claims that are shown."""
    message = channel.messages(release.partner)[-1]
    held = json.loads(message.envelope)
    opened = dsse.verify(channel.payload_type("release"), held["envelope"], {ours().key_id: ours().public})
    return opened.json(), unseal(held["parts"], opened.json()["root"])


def test_a_release_leaves_signed_logged_and_held(ledger, agency, officers):
    release = sign(propose(agency, ledger["k-1"]), officers[0])
    payload, claims = said(release)
    assert release.state == "sent" and payload["to"] == str(agency.party) and payload["purpose"] == "analysis"
    assert {claim.statement.value for claim in claims} >= {"Zarghun Talband", "1984", "61-0447-2215"}
    assert all(claim.chain[-1].party == ours().party and claim.chain[-1].signature for claim in claims)
    assert claims[0].chain[0].party == "publisher:Home Department, Kohsar"
    assert {h.sid_hex for h in Holding.objects.filter(partner=agency)} == {claim.id for claim in claims}
    entry = Entry.objects.get(act="released")
    assert (
        entry.recipient == "Daryab" and entry.detail["statements"] == len(claims) and entry.detail["exit"] == "release"
    )
    assert channel.head(agency).size == 1


def test_what_goes_to_a_liaison_partner_is_what_the_agreement_names_and_takes_two_people(ledger, liaison, officers):
    release = propose(liaison, ledger["k-1"])
    with pytest.raises(CannotDecide, match="proposed this"):
        sign(release, officers[0])
    _payload, claims = said(sign(release, officers[1]))
    assert {claim.statement.prop for claim in claims} == {"name", "birthDate"}
    assert release.stays["FIELD"] >= 4


def test_a_field_that_the_list_has_since_the_agreement_does_not_leave(ledger, liaison, tmp_path):
    """S-47: a new field is on nobody's list."""
    from tests.support.lists import PEOPLE, load_rows

    load_rows(tmp_path, [{**PEOPLE[0], "phone": "0300-0000000"}, *PEOPLE[1:]])
    _gate, outgoing = preview(liaison, [ledger["k-1"]], "analysis")
    assert {judged.claim.statement.prop for judged in outgoing.leaves} == {"name", "birthDate"}


@pytest.mark.parametrize(
    ("handling", "why"),
    [
        (Handling(TLP.RED, PAP.GREEN), Why.MARKING),
        (Handling(TLP.AMBER, PAP.RED), Why.ACTION),
        (Handling(TLP.AMBER, PAP.GREEN, releasable_to=frozenset({"2b4f7a34-0000-4000-8000-000000000000"})), Why.SCOPE),
        (Handling(TLP.AMBER, PAP.GREEN, originators=frozenset({"Kohsar CTD"})), Why.ORIGINATOR),
        (Handling(TLP.AMBER, PAP.GREEN, purposes=frozenset({"review"})), Why.PURPOSE),
    ],
)
def test_a_marking_decides_when_it_is_read(ledger, agency, handling, why):
    target = statement(ledger["k-1"], "fatherName")
    annotate.handle(target, handling, actor(), WHY)
    _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
    assert {j.claim.id: j.ruling.why for j in outgoing.stays} == {target.sid_hex: why}


def test_what_would_show_the_source_stays(ledger, agency):
    target = statement(ledger["k-1"], "fatherName")
    SourceShown.objects.create(sid=target.sid_hex, by="noor", at="2026-01-01T00:00:00Z", reason=WHY)
    _gate, outgoing = preview(agency, [ledger["k-1"]], "analysis")
    assert [j.ruling.why for j in outgoing.stays] == [Why.SOURCE]


def test_a_marking_made_strict_between_proposal_and_signature_holds_it_back(ledger, agency, officers):
    release = propose(agency, ledger["k-1"])
    annotate.handle(statement(ledger["k-1"], "fatherName"), Handling(TLP.RED, PAP.RED), actor(), WHY)
    _payload, claims = said(sign(release, officers[0]))
    assert "fatherName" not in {claim.statement.prop for claim in claims}


def test_what_was_not_in_the_preview_does_not_leave_with_it(ledger, agency, officers, tmp_path):
    from tests.support.lists import PEOPLE, load_rows

    release = propose(agency, ledger["k-1"])
    load_rows(tmp_path, [{**PEOPLE[0], "alias": "Zarghun of Torsang"}, *PEOPLE[1:]])
    _payload, claims = said(sign(release, officers[0]))
    assert "Zarghun of Torsang" not in {claim.statement.value for claim in claims}


def test_restricted_since_the_proposal_nothing_leaves_and_the_matter_stays_open(ledger, agency, officers):
    release = propose(agency, ledger["k-1"])
    restrict(ledger["k-1"], actor(), WHY)
    with pytest.raises(CannotChange, match="no longer leave"):
        sign(release, officers[0])
    release.refresh_from_db()
    release.matter.refresh_from_db()
    assert release.state == "proposed" and release.matter.outcome == ""
    assert not Holding.objects.exists() and channel.head(agency).size == 0


def test_a_protected_person_is_not_made_known_to_a_liaison_partner(ledger, liaison, agency, officers):
    give_standing(ledger["k-1"], Standing.SUSPECT, actor(), WHY, [Protected.ASYLUM])
    with pytest.raises(CannotChange, match="protected"):
        propose(liaison, ledger["k-1"])
    release = propose(agency, ledger["k-1"])
    assert release.matter.kind == "outgoing"  # a trusted partner may have it, by two people


def test_that_something_of_a_protected_person_is_withheld_is_not_told(ledger, liaison, officers):
    give_standing(ledger["k-2"], Standing.VICTIM, actor(), WHY)
    payload, claims = said(sign(propose(liaison, ledger["k-1"], ledger["k-2"]), officers[1]))
    of_k1 = Statement.objects.filter(entity=ledger["k-1"], until=None).count()
    assert payload["size"] == of_k1 and {claim.statement.entity_id for claim in claims} == {"k-1"}


def test_sent_back_nothing_leaves(ledger, agency, officers):
    release = sign(propose(agency, ledger["k-1"]), officers[0], "back")
    assert release.state == "sent back" and not Holding.objects.exists()


def test_without_an_agreement_in_force_nothing_may_even_be_proposed(ledger, partner, agree):
    made = partner()
    with pytest.raises(CannotChange, match="no agreement"):
        propose(made, ledger["k-1"])
    agree(made, sign=False)
    with pytest.raises(CannotChange, match="no agreement"):
        propose(made, ledger["k-1"])


def test_a_partner_that_was_ended_receives_nothing(ledger, agency):
    release = propose(agency, ledger["k-1"])
    partners.end_partner(actor(), agency, WHY)
    with pytest.raises(CannotChange):
        from baham.platform.release.releases import send

        send(Release.objects.get(pk=release.pk), actor())


def test_an_analyst_may_not_sign(ledger, agency):
    from baham.platform.accounts.roles import Role
    from tests.support.people import person

    release = propose(agency, ledger["k-1"])
    clerk = person(Role.LIST_OFFICER, "barvand")
    with pytest.raises(CannotDecide, match="role"):
        sign(release, clerk)


def test_a_release_in_steps_lets_out_what_was_chosen_and_seals_the_rest(ledger, liaison, officers):
    name, born = (statement(ledger["k-1"], prop) for prop in ("name", "birthDate"))
    first = put_forward(actor("tirvash"), liaison, [ledger["k-1"]], purpose="analysis", case="C-9", only=[name.sid_hex])
    assert first.claims == [name.sid_hex] and first.stays["STEP"] == 1
    sign(first, officers[0])
    _payload, claims = said(first)
    assert [claim.id for claim in claims] == [name.sid_hex]
    envelope = channel.messages(liaison)[0].envelope
    parts = json.loads(envelope)["parts"]
    assert sum("leaf" in part for part in parts) >= 1
    assert born.value not in plain(envelope)
    second = put_forward(
        actor("tirvash"), liaison, [ledger["k-1"]], purpose="analysis", case="C-9", only=[born.sid_hex]
    )
    sign(second, officers[0])
    assert {h.sid_hex for h in Holding.objects.filter(partner=liaison)} == {name.sid_hex, born.sid_hex}


def test_a_step_with_nothing_in_it_or_with_what_may_not_leave_is_no_release(ledger, liaison):
    for only in ([], [statement(ledger["k-1"], "idNumber").sid_hex], ["not an id"]):
        with pytest.raises(CannotChange):
            put_forward(actor("tirvash"), liaison, [ledger["k-1"]], purpose="analysis", case="C-9", only=only)
