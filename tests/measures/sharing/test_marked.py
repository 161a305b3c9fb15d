"""How a statement is marked follows what was given: more strictly at once, never wider."""

from dataclasses import replace

import pytest

from baham.formats.claims import write_handling
from baham.kernel.handling import PAP, TLP, Handling
from baham.measures.sharing import inbox, quarantine
from baham.measures.sharing.models import Received
from baham.platform.ledger.models import Entity, Statement
from baham.platform.ledger.record import read
from baham.platform.release import channel
from baham.platform.release.models import Holding
from tests.measures.sharing.conftest import claim
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign
from tests.support.people import actor, reader

pytestmark = pytest.mark.django_db


def stricter(one):
    return replace(one, handling=Handling(TLP.RED, PAP.RED))


def in_force(value="Orband Khelzai"):
    """How a value that came from a partner is marked here."""
    entity = Statement.objects.get(value=value, entity__dataset__name__startswith="from-").entity
    return next(one.handling.tlp for one in read(entity, reader()).values if one.statement.value == value)


def test_a_stricter_marking_of_what_was_given_counts_and_a_wider_one_does_not(other, nilgar):
    inbox.hear(nilgar, other.releases(claim(), claim("1984", "birthDate")))
    inbox.hear(nilgar, other.releases(stricter(claim())))
    assert in_force() == TLP.RED and in_force("1984") == TLP.AMBER
    inbox.hear(nilgar, other.releases(claim()))
    assert in_force() == TLP.RED
    wider = {"statement": claim().id, "handling": write_handling(Handling(TLP.CLEAR, PAP.CLEAR))}
    inbox.hear(nilgar, other.says("marked", wider))
    assert in_force() == TLP.RED


def test_a_stricter_marking_counts_for_what_waits(other, varand):
    inbox.hear(varand, other.releases(claim()))
    inbox.hear(
        varand, other.says("marked", {"statement": claim().id, "handling": write_handling(stricter(claim()).handling)})
    )
    quarantine.accept(actor("noor"), list(Received.objects.all()), "D4", WHY)
    assert in_force() == TLP.RED


def test_what_we_marked_more_strictly_is_not_made_wider_by_a_marking_of_its_giver(other, nilgar):
    from baham.platform.ledger import annotate

    inbox.hear(nilgar, other.releases(claim()))
    annotate.handle(Statement.objects.get(), Handling(TLP.RED, PAP.GREEN), actor(), WHY)
    amber_strict = replace(claim(), handling=Handling(TLP.AMBER_STRICT, PAP.AMBER))
    inbox.hear(nilgar, other.releases(amber_strict))
    assert in_force() == TLP.RED
    assert read(Entity.objects.get(), reader()).values[0].handling.pap == PAP.AMBER


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_markings_in_one_message_the_meet_counts(other, nilgar, order):
    inbox.hear(nilgar, other.releases(*[stricter(claim()), claim()][::order]))
    assert in_force() == TLP.RED


def test_whoever_holds_a_statement_is_told_how_it_is_marked_now(ledger, nilgar, officers):
    from baham.platform.ledger import annotate

    sign(propose(nilgar, ledger["k-1"]), officers[0])
    name, birth = (Statement.objects.get(entity=ledger["k-1"], prop=prop) for prop in ("name", "birthDate"))
    annotate.handle(name, Handling(TLP.AMBER, PAP.AMBER), actor(), WHY)
    message = channel.messages(nilgar)[-1]
    told = channel.payload_of(message)
    assert message.kind == "ended" and told["statements"] == [name.sid_hex], "they act on what they have"
    annotate.handle(birth, Handling(TLP.AMBER, PAP.GREEN, purposes=frozenset({"analysis"})), actor(), WHY)
    message = channel.messages(nilgar)[-1]
    told = channel.payload_of(message)
    assert message.kind == "marked" and told["statement"] == birth.sid_hex
    assert told["handling"]["purposes"] == ["analysis"]
    held = dict(Holding.objects.filter(partner=nilgar, sid__in=[name.sid, birth.sid]).values_list("sid", "state"))
    assert {bytes(sid): state for sid, state in held.items()} == {bytes(name.sid): "removed", bytes(birth.sid): "held"}


def test_an_assessment_of_a_partner_is_nobodys_here(other, nilgar):
    """A partner names as the author of its assessment somebody who works here."""
    from datetime import date

    from baham.kernel.basis import Basis, BasisKind, Confidence
    from baham.platform.ledger.models import BasisGiven

    assessed = replace(claim(), basis=Basis(BasisKind.ASSESSMENT, "noor", date(2026, 1, 1), Confidence.LOW))
    inbox.hear(nilgar, other.releases(assessed))
    given = BasisGiven.objects.get()
    assert (given.by, given.reason) == ("partner:daryab", "noor")
