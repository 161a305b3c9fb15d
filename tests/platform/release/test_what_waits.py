"""What was said and waits is judged anew when it is handed over, also by what touches no record: the list of a circle,
its day, an originator's later word. And TLP:RED leaves by two people's signatures to whom they name, and never else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.formats.sealed import unseal
from baham.kernel.handling import PAP, TLP, Audience, Handling
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate, expiry, touches
from baham.platform.ledger.models import Dataset
from baham.platform.release import channel, feed, handing, originators, scopes
from baham.platform.release.models import Holding, Message, Partner, Scope
from baham.platform.release.partners import CannotChange
from baham.platform.review.services import CannotDecide, decide
from tests.platform.release.conftest import WHY
from tests.platform.release.test_handing import handed
from tests.platform.release.test_releases import propose, said, sign, statement
from tests.support.people import actor

pytestmark = pytest.mark.django_db
BY = Actor("ulvand")


def list_of(members, officers, circle=None):
    item = scopes.put_forward(BY, "Northern circle", members, timezone.now() + timedelta(days=9), circle)
    decide(item, officers[1], Actor("noor"), "sign", WHY)
    return Scope.objects.get(uuid=item.proposal["scope"])


@pytest.fixture
def circle(agency, officers):
    return list_of([agency], officers)


@pytest.fixture
def in_circle(ledger, agency, officers, circle):
    """A birth date that is releasable to the circle, in a message that waits."""
    only = Handling(
        TLP.AMBER, PAP.GREEN, releasable_to=frozenset({str(circle.uuid), "5f0e4f6e-0000-4000-8000-000000000000"})
    )
    annotate.handle(statement(ledger["k-1"], "birthDate"), only, actor(), WHY)
    sign(propose(agency, ledger["k-1"]), officers[0])
    Message.objects.update(at=timezone.now() - timedelta(seconds=1))
    message = channel.messages(agency)[-1]
    assert "birthDate" in handed(agency, message)
    return message


def test_another_list_of_the_circle_holds_for_what_waits(ledger, agency, liaison, officers, circle, in_circle):
    before, birth = touches.last(), statement(ledger["k-1"], "birthDate")
    list_of([liaison], officers, circle)
    assert "birthDate" not in handed(agency, in_circle) >= {"name"}
    assert ledger["k-1"].pk not in touches.untouched({ledger["k-1"].pk}, before), "it comes anew in the order"
    (told,) = [channel.payload_of(one) for one in channel.messages(agency) if one.kind == "ended"]
    assert told["statements"] == [birth.sid_hex], "whoever holds it and is out is told that it has ended"
    assert Holding.objects.get(sid=birth.sid, partner=agency).state == Holding.State.REMOVED


def test_the_day_of_a_circle_holds_for_what_waits(agency, in_circle, monkeypatch):
    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "birthDate" not in handed(agency, in_circle) >= {"name"}


def test_a_partner_is_told_of_the_circles_that_it_is_in_and_of_no_other(agency, circle, in_circle):
    """A circle that somebody is not in is known to it by nothing."""
    wire = handing.wire(agency, in_circle)
    claims = unseal(wire["parts"], channel.payload_of(in_circle)["root"])
    (birth,) = [one for one in claims if one.statement.prop == "birthDate"]
    assert birth.handling.releasable_to == {str(circle.uuid)}
    assert "5f0e4f6e" not in str(wire) + in_circle.envelope


@pytest.mark.parametrize("by_day", [False, True])
def test_an_originators_later_no_holds_for_what_waits(ledger, agency, officers, by_day, monkeypatch):
    name = statement(ledger["k-1"], "name")
    annotate.handle(name, Handling(TLP.AMBER, PAP.GREEN, originators=frozenset({"Nilgar desk"})), actor(), WHY)
    word = originators.ask(BY, ledger["k-1"], agency, "analysis", "Nilgar desk")
    originators.answered(BY, word, True, WHY, timezone.now() + timedelta(days=2))
    sign(propose(agency, ledger["k-1"]), officers[0])
    Message.objects.update(at=timezone.now() - timedelta(seconds=1))
    message = channel.messages(agency)[-1]
    assert "name" in handed(agency, message)
    if by_day:
        later = timezone.now() + timedelta(days=3)
        monkeypatch.setattr(timezone, "now", lambda: later)
    else:
        before = touches.last()
        originators.answered(BY, originators.ask(BY, ledger["k-1"], agency, "analysis", "Nilgar desk"), False, WHY)
        assert ledger["k-1"].pk not in touches.untouched({ledger["k-1"].pk}, before)
        assert channel.payload_of(channel.messages(agency)[-1])["statements"] == [name.sid_hex]
    assert "name" not in handed(agency, message) >= {"birthDate"}


def test_a_list_that_is_past_its_review_date_is_handed_over_no_more(ledger, agency, officers):
    sign(propose(agency, ledger["k-1"]), officers[0])
    Message.objects.update(at=timezone.now() - timedelta(seconds=1))
    message = channel.messages(agency)[-1]
    Dataset.objects.update(review_by=timezone.localdate() - timedelta(days=1))
    assert not expiry.lapsed_datasets(timezone.localdate()).filter(screened=False).exists()
    assert handed(agency, message) == set()


# ---- TLP:RED and AMBER+STRICT


@pytest.fixture
def to_red(ledger, agency, agree):
    agree(agency, tlp=TLP.RED, pap=PAP.RED, standing=True)
    return agency


@pytest.mark.parametrize("tlp", [TLP.AMBER_STRICT, TLP.RED])
def test_what_is_strict_leaves_to_whom_two_people_name(ledger, to_red, officers, tlp):
    annotate.handle(statement(ledger["k-1"], "birthDate"), Handling(tlp, PAP.GREEN), actor(), WHY)
    release = propose(to_red, ledger["k-1"])
    with pytest.raises(CannotDecide):
        sign(release, officers[0])  # who proposed it is one person
    sign(release, officers[1])
    _payload, claims = said(release)
    assert {one.statement.prop: one.handling.tlp for one in claims}["birthDate"] is tlp
    assert "birthDate" in handed(to_red, channel.messages(to_red)[-1])


def test_it_never_leaves_by_itself_nor_beyond_the_agreement_nor_to_a_liaison_partner(
    ledger, to_red, agree, partner, officers
):
    annotate.handle(statement(ledger["k-1"], "birthDate"), Handling(TLP.RED, PAP.GREEN), actor(), WHY)
    feed.publish(BY, to_red, "analysis")
    said_by_itself = channel.messages(to_red)[-1].envelope
    assert "Zarghun Talband" in said_by_itself and '"1984"' not in said_by_itself
    other = partner("kohsar")
    agree(other)  # as far as TLP:AMBER
    liaison = partner("varand", "liaison")
    agree(liaison, tlp=TLP.RED, pap=PAP.RED)
    for one in (other, liaison):
        _payload, claims = said(sign(propose(one, ledger["k-1"]), officers[1]))
        assert "birthDate" not in {claim.statement.prop for claim in claims}


def test_what_is_marked_strict_once_one_person_signs_stays(ledger, to_red, officers):
    """Proposed for one signature, marked RED, signed by whoever proposed it."""
    release = propose(to_red, ledger["k-1"])
    assert release.matter.kind == "outgoing-plain"
    annotate.handle(statement(ledger["k-1"], "birthDate"), Handling(TLP.RED, PAP.GREEN), actor(), WHY)
    _payload, claims = said(sign(release, officers[0]))
    assert "birthDate" not in {claim.statement.prop for claim in claims}
    annotate.handle(statement(ledger["k-2"], "name"), Handling(TLP.AMBER, PAP.GREEN), actor(), WHY)
    waits = propose(to_red, ledger["k-2"])
    for one in ("name", "birthDate", "nationality"):
        annotate.handle(statement(ledger["k-2"], one), Handling(TLP.RED, PAP.GREEN), actor(), WHY)
    with pytest.raises((CannotChange, CannotDecide)):
        sign(waits, officers[0])


@pytest.mark.parametrize("audience", [Audience.CLIENT, Audience.NAMED])
def test_what_one_person_signed_and_is_marked_red_since_is_not_handed_over(ledger, to_red, officers, audience):
    Partner.objects.update(audience=audience)
    to_red.refresh_from_db()
    sign(propose(to_red, ledger["k-1"]), officers[0])
    Message.objects.update(at=timezone.now() - timedelta(seconds=1))
    message = channel.messages(to_red)[-1]
    annotate.handle(statement(ledger["k-1"], "birthDate"), Handling(TLP.RED, PAP.GREEN), actor(), WHY)
    assert "birthDate" not in handed(to_red, message) >= {"name"}
