"""What ends by the clock: on the day, with nobody doing anything, whoever holds it is told, once, and others are not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.audit.models import Entry
from baham.platform.jobs import running
from baham.platform.ledger import annotate, touches
from baham.platform.release import channel, originators
from baham.platform.release.lapsing import tell_what_lapsed
from baham.platform.release.models import Holding
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign, statement
from tests.platform.release.test_what_waits import BY, list_of
from tests.support.people import actor

pytestmark = pytest.mark.django_db
MARKED = {"tlp": TLP.AMBER, "pap": PAP.GREEN}


def releasable_to_a_circle(ledger, agency, officers) -> str:
    circle = list_of([agency], officers)
    annotate.handle(
        statement(ledger["k-1"], "birthDate"),
        Handling(**MARKED, releasable_to=frozenset({str(circle.uuid)})),
        actor(),
        WHY,
    )
    return "birthDate"


def until_a_day(ledger, agency, officers) -> str:
    annotate.handle(
        statement(ledger["k-1"], "birthDate"),
        Handling(**MARKED, expires=timezone.now() + timedelta(days=9)),
        actor(),
        WHY,
    )
    return "birthDate"


def by_consent(ledger, agency, officers) -> str:
    annotate.handle(
        statement(ledger["k-1"], "name"), Handling(**MARKED, originators=frozenset({"Nilgar desk"})), actor(), WHY
    )
    word = originators.ask(BY, ledger["k-1"], agency, "analysis", "Nilgar desk")
    originators.answered(BY, word, True, WHY, timezone.now() + timedelta(days=9))
    return "name"


@pytest.fixture
def days_pass(monkeypatch):
    """Makes it so many days later."""
    here = timezone.now

    def pass_by(days: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: here() + timedelta(days=days))

    return pass_by


def told(partner) -> list[list[str]]:
    return [channel.payload_of(one)["statements"] for one in channel.messages(partner) if one.kind == "ended"]


@pytest.mark.parametrize("lapses", [releasable_to_a_circle, until_a_day, by_consent])
def test_the_day_passes_and_the_holder_is_told_once(ledger, agency, officers, days_pass, lapses):
    prop = lapses(ledger, agency, officers)
    said = statement(ledger["k-1"], prop)
    sign(propose(agency, ledger["k-1"]), officers[0])
    held = Holding.objects.filter(partner=agency, state=Holding.State.HELD)
    assert held.filter(sid=said.sid).exists()
    days_pass(8)
    assert tell_what_lapsed() == 0 and told(agency) == []
    days_pass(10)
    before, entries = touches.last(), Entry.objects.count()
    assert tell_what_lapsed() == 1 and told(agency) == [[said.sid_hex]]
    assert not held.filter(sid=said.sid).exists() and held.exists(), "what did not lapse is held still"
    assert ledger["k-1"].pk not in touches.untouched({ledger["k-1"].pk}, before), "it comes anew in the order"
    assert tell_what_lapsed() == 0 and len(told(agency)) == 1
    assert Entry.objects.count() == entries + 1 and Entry.objects.last().act == "told what ended by its day"


def test_who_is_named_beside_the_circle_keeps_it(ledger, agency, officers, days_pass):
    circle = list_of([agency], officers)
    both = Handling(**MARKED, releasable_to=frozenset({str(circle.uuid), str(agency.party)}))
    annotate.handle(statement(ledger["k-1"], "birthDate"), both, actor(), WHY)
    sign(propose(agency, ledger["k-1"]), officers[0])
    days_pass(10)
    assert tell_what_lapsed() == 0 and told(agency) == []


def test_the_worker_does_it_every_hour():
    assert tell_what_lapsed in running.HOURLY
