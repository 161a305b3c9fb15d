"""What leaves by itself: only under a standing agreement, only what is new, never what two people must sign."""

import pytest

from baham.kernel.clock import utc_text
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Statement
from baham.platform.release import channel
from baham.platform.release.feed import publish
from baham.platform.release.models import Holding
from baham.platform.release.partners import CannotChange
from tests.platform.release.conftest import WHY
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(partner, agree):
    made = partner("post")
    agree(made, standing=True)
    return made


def feed(partner):
    return publish(actor(), partner, "screening")


def test_a_standing_agreement_lets_out_what_needs_no_second_signature(ledger, post):
    strict = Statement.objects.filter(entity=ledger["k-1"], prop="alias").get()
    annotate.handle(strict, Handling(TLP.AMBER_STRICT, PAP.GREEN), actor(), WHY)
    said, ended = feed(post)
    everything = Statement.objects.filter(until=None).count()
    assert (said, ended) == (everything - 1, 0)
    assert strict.sid_hex not in {holding.sid_hex for holding in Holding.objects.all()}


def test_again_says_nothing_and_changes_say_what_changed(ledger, post, tmp_path):
    feed(post)
    assert feed(post) == (0, 0) and channel.head(post).size == 1
    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985"}, *PEOPLE[1:3]])
    said, ended = feed(post)
    gone = Statement.objects.exclude(until=None).count()
    assert said == 1 and ended == gone > 1
    told = [channel.payload_of(message) for message in channel.messages(post)][-1]
    assert len(told["statements"]) == gone
    assert feed(post) == (0, 0)


def test_without_a_standing_agreement_nothing_leaves_by_itself(ledger, agency, liaison):
    for partner in (agency, liaison):
        with pytest.raises(CannotChange, match="standing"):
            feed(partner)
    assert not Holding.objects.exists()


def test_a_liaison_partner_is_given_no_standing_agreement(partner, agree):
    with pytest.raises(CannotChange, match="not trusted"):
        agree(partner("varand", "liaison"), standing=True)


def test_what_a_partner_is_told_has_ended_is_closed_there_and_may_come_back(
    other_side, ledger, post, tmp_path, monkeypatch
):
    """Both ends in one process: what one says the other hears. They share a ledger here, which two ends never do."""
    from baham.measures.sharing import intake

    monkeypatch.setattr(intake, "said_by_others", lambda partner, entities: set())
    from baham.measures.sharing.models import Received

    hear = other_side(post)
    feed(post)
    hear()
    said = Received.objects.filter(state="accepted").count()
    load_rows(tmp_path, PEOPLE[1:])
    feed(post)
    hear()
    assert (
        Received.objects.filter(state="ended").count() == said - Received.objects.filter(state="accepted").count() > 0
    )
    load_rows(tmp_path, PEOPLE)
    feed(post)
    hear()
    assert Received.objects.filter(state="accepted").count() == said


@pytest.fixture
def other_side(partner):
    """Lets this installation hear what it said to a partner, as if a twin had said it."""
    import json

    from baham.measures.sharing import inbox
    from baham.platform.release.identity import ours
    from baham.platform.release.partners import add_key

    def make(said_to):
        twin = partner("twin")
        add_key(actor(), twin, "sign", ours().card()["sign"])
        type(twin).objects.filter(pk=twin.pk).update(party=ours().party)
        twin.refresh_from_db()
        type(said_to).objects.filter(pk=said_to.pk).update(party="00000000-0000-4000-8000-000000000001")
        said_to.refresh_from_db()
        heard = [0]

        def hear():
            for message in channel.messages(said_to, channel.OUT, heard[0]):
                wire = {"kind": message.kind, **json.loads(message.envelope)}
                payload = channel.payload_of(message)
                from baham.formats import dsse

                addressed = dsse.sign(
                    channel.payload_type(message.kind), {**payload, "to": ours().party}, [ours().signing_key]
                )
                inbox.hear(twin, {**wire, "envelope": addressed})
                heard[0] += 1

        return hear

    return make


def _withdrawn(how, entity, post):
    """What somebody does while the feed is being judged."""
    from baham.platform.ledger import standing
    from baham.platform.release import recalls

    name = Statement.objects.get(entity=entity, prop="name")
    if how == "recalled":
        recalls.recall(actor(), {name.sid_hex: entity.pk}, "error", WHY)
    elif how == "restricted":
        standing.restrict(entity, actor(), WHY)
    else:
        annotate.handle(name, Handling(TLP.RED, PAP.RED), actor(), WHY)
    return name.sid_hex


@pytest.mark.parametrize("how", ["recalled", "restricted", "marked"])
def test_what_is_withdrawn_while_the_feed_is_judged_does_not_leave(ledger, post, monkeypatch, how):
    from baham.platform.release import feed as feeds

    portions, withdrawn = feeds._portions, []

    def slowly(gate):
        for portion in portions(gate):
            withdrawn.append(_withdrawn(how, ledger["k-1"], post))
            yield portion

    monkeypatch.setattr(feeds, "_portions", slowly)
    said, _ended = feed(post)
    (sid,) = withdrawn
    assert said and sid not in {holding.sid_hex for holding in Holding.objects.filter(partner=post)}
    assert not any(sid in message.envelope for message in channel.messages(post))
    monkeypatch.setattr(feeds, "_portions", portions)
    feed(post)  # what was only touched with it leaves the next time
    assert not any(sid in message.envelope for message in channel.messages(post))
    others = Statement.objects.filter(entity=ledger["k-1"], until=None, prop="fatherName").get().sid_hex
    assert any(others in message.envelope for message in channel.messages(post)) is (how != "restricted")


def test_nothing_leaves_where_the_partnership_ended_while_the_feed_was_judged(ledger, post, monkeypatch):
    from baham.platform.release import feed as feeds
    from baham.platform.release.partners import end_partner

    portions = feeds._portions

    def slowly(gate):
        for portion in portions(gate):
            end_partner(actor(), type(post).objects.get(pk=post.pk), WHY)
            yield portion

    monkeypatch.setattr(feeds, "_portions", slowly)
    with pytest.raises(CannotChange, match="in the meantime"):
        feed(post)
    assert not Holding.objects.exists() and channel.head(post).size == 0


def test_what_waited_until_its_agreement_was_over_is_said_again_under_the_next(ledger, post, agree, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    said, _ended = feed(post)
    assert said and feed(post) == (0, 0)
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr(timezone, "now", lambda: later)
    agree(post, standing=True, ends=later + timedelta(days=90))
    assert feed(post) == (said, 0), "nobody has heard it, and whoever hears it now refuses it"
    assert feed(post) == (0, 0), "it waits, and is good"


def test_what_was_heard_before_its_agreement_was_over_is_not_said_again(ledger, post, agree, monkeypatch):
    import base64
    import json
    from datetime import timedelta

    from django.utils import timezone

    from baham.platform.release.models import Channel

    feed(post)
    seen = {"payload": base64.b64encode(json.dumps({"size": 1}).encode()).decode()}
    Channel.objects.filter(partner=post).update(witnessed=seen)
    later = timezone.now() + timedelta(days=91)
    monkeypatch.setattr(timezone, "now", lambda: later)
    agree(post, standing=True, ends=later + timedelta(days=90))
    assert feed(post) == (0, 0)


def test_what_leaves_by_itself_may_be_heard_until_its_agreement_ends(ledger, post):
    feed(post)
    told = channel.payload_of(channel.messages(post)[0])
    assert told["valid_until"] == utc_text(post.agreements.get().ends)
