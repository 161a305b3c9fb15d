"""What happens at once, where a database lets it: PostgreSQL. SQLite has one writer."""

from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection

from baham.measures.sharing import sync
from baham.platform.ledger.models import Statement
from baham.platform.release import channel, recalls, releases
from baham.platform.release.models import Holding, Message
from tests.measures.sharing.conftest import claim
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign
from tests.support.people import actor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


def at_once(*acts):
    """Do these in threads of their own; what they raised."""
    raised = []

    def doing(act):
        try:
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=doing, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def test_two_syncs_at_once_hear_each_message_once(other, nilgar):
    said = [other.releases(claim(f"Alias {number}", "alias")) for number in range(8)]
    done = []
    assert at_once(*[lambda: done.append(sync.take(nilgar, said, 0))] * 3) == []
    assert sum(one.messages for one in done) == 8 and not any(one.refused for one in done)
    assert channel.head(nilgar, channel.IN).size == 8 == Message.objects.filter(direction="in").count()
    assert Statement.objects.filter(until=None, prop="alias").count() == 8


def test_a_recall_while_a_release_is_sent_finds_who_is_given_it(ledger, agency, officers, monkeypatch):
    made = propose(agency, ledger["k-1"])
    name = Statement.objects.get(entity=ledger["k-1"], prop="name")
    judged, sealing = Signal(), releases.seal

    def slowly(parts):
        judged.set()
        Signal().wait(1)
        return sealing(parts)

    def take_back():
        judged.wait(30)
        recalls.recall(actor(), {name.sid_hex: name.entity_id}, "error", WHY)

    monkeypatch.setattr(releases, "seal", slowly)
    assert at_once(lambda: sign(made, officers[0]), take_back) == []
    assert Holding.objects.get(sid=name.sid).state == "recalled"
    assert channel.messages(agency)[-1].kind == "recall"
    assert not any(
        name.sid_hex in message.envelope for message in channel.messages(agency) if message.kind == "release"
    )


def test_recalls_of_partners_and_of_ours_at_once_wait_for_each_other(other, nilgar, liaison, ledger, officers):
    """Each holds channels and the pen of the log: in one order."""
    sync.take(nilgar, [other.releases(*(claim(f"Alias {n}", "alias") for n in range(5)))], 0)
    theirs = {row.sid_hex: row.entity_id for row in Statement.objects.filter(entity__dataset__name__startswith="from-")}
    sign(propose(liaison, ledger["k-1"]), officers[1])
    name = Statement.objects.get(entity=ledger["k-1"], prop="name")
    raised = at_once(
        lambda: sync.take(nilgar, [other.recalls(*theirs)], 1),
        lambda: recalls.recall(actor(), {name.sid_hex: name.entity_id}, "error", WHY),
    )
    assert raised == [] and channel.head(nilgar, channel.IN).size == 2
