"""The order of a channel: each message is heard once, at its place, and none keeps those behind it waiting."""

import base64
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from baham.formats import dsse, pack
from baham.kernel.log import Frontier, consistency_proof
from baham.measures.sharing import heads, inbox, packs, sync
from baham.measures.sharing.models import Received
from baham.platform.audit.models import Entry
from baham.platform.release import channel
from baham.platform.release.identity import ours
from baham.platform.release.models import Channel, Message
from tests.measures.sharing.conftest import claim
from tests.platform.release.conftest import WHY
from tests.platform.release.test_releases import propose, sign
from tests.support.people import actor

pytestmark = pytest.mark.django_db


def size(partner):
    return channel.head(partner, channel.IN).size


def two(other):
    return [other.releases(claim()), other.releases(claim("1984", "birthDate"))]


def test_what_two_processes_fetched_is_heard_once(other, nilgar):
    messages = two(other)
    assert sync.take(nilgar, messages, 0).messages == 2
    again = sync.take(nilgar, messages, 0)
    assert (again.messages, again.refused) == (0, [])
    assert size(nilgar) == Message.objects.filter(direction="in").count() == 2
    assert not Entry.objects.filter(act="message refused").exists()


def test_a_sync_during_another_is_no_altered_past(other, nilgar, monkeypatch):
    """While one fetches, another process hears the same messages."""
    messages = two(other)
    frontier = Frontier()
    frontier.extend(channel.message_leaf(one["envelope"]) for one in messages)
    head = signed(other, size=2, root=frontier.root.hex(), direction="out")

    def answer(place, address, body):
        if address.startswith("exchange/head"):
            return {"out": head}
        if address.startswith("exchange/messages"):
            sync.take(nilgar, messages, 0)
            return {"messages": messages}
        return {}

    monkeypatch.setattr(sync._Place, "_ask", answer)
    sync.link(nilgar, "https://nilgar.example", "us", "secret")
    assert sync.sync(nilgar, actor()).messages == 0
    assert size(nilgar) == 2 and not Entry.objects.filter(act="tree heads disagree").exists()
    assert sync.sync(nilgar, actor()).nothing_new


def grown(messages):
    frontier = Frontier()
    frontier.extend(channel.message_leaf(one["envelope"]) for one in messages)
    return frontier


@pytest.mark.parametrize("proof", ["true", "of another past", [], ["zz"], "00", None])
def test_a_past_that_was_altered_is_found_before_anything_is_fetched(other, nilgar, monkeypatch, proof):
    """RFC 9162, section 2.1.4: the partner proves that it only added to what it said."""
    messages = [*two(other), other.releases(claim("Tashgar", "name", "v-8"))]
    sync.take(nilgar, messages[:1], 0)
    leaves = [channel.message_leaf(one["envelope"]) for one in messages]
    made = [one.hex() for one in consistency_proof(leaves, 1)]
    if proof != "true":
        made = [one.hex() for one in consistency_proof(leaves[::-1], 1)] if proof == "of another past" else proof
    asked = []

    def answer(place, address, body):
        asked.append(address)
        if address.startswith("exchange/head"):
            head = signed(other, size=3, root=grown(messages).root.hex(), direction="out")
            return {"out": head, "proof": made}
        return {"messages": messages[1:]} if address.startswith("exchange/messages") else {}

    monkeypatch.setattr(sync._Place, "_ask", answer)
    sync.link(nilgar, "https://nilgar.example", "us", "secret")
    if proof == "true":
        assert sync.sync(nilgar, actor()).messages == 2 and asked[0] == "exchange/head?from=1"
        return
    with pytest.raises(sync.CannotSync, match="has altered it"):
        sync.sync(nilgar, actor())
    assert asked == ["exchange/head?from=1"] and size(nilgar) == 1
    assert Entry.objects.filter(act="tree heads disagree").exists()


def test_a_message_that_is_not_the_next_is_not_heard(other, nilgar):
    first, second = two(other)
    with pytest.raises(channel.NotNext, match="number 0"):
        inbox.hear(nilgar, second, 1)
    inbox.hear(nilgar, first, 0)
    with pytest.raises(channel.NotNext, match="number 1"):
        inbox.hear(nilgar, second, 0)
    assert size(nilgar) == 1 and not Entry.objects.filter(act="message refused").exists()


HALF = "\ud800"
POISON = {
    "an answer to no recall": ("answer", {"recall": "not-a-uuid", "answer": "done"}),
    "an answer to a number": ("answer", {"recall": 7, "answer": "done"}),
    "half a character": ("recall", {"why": f"Because {HALF} of this."}),
    "a NUL": ("recall", {"why": "Because\0of this."}),
    "a day before the first": ("recall", {"deadline": "0001-01-01T00:00:00+14:00"}),
    "a recall without a name": ("recall", {"recall": "x"}),
    "a root that is none": ("recall", {"root": [HALF]}),
    "a circle that is a number": ("scope", {"list": 7}),
    "a stance in half a character": ("stance", {"statement": HALF, "stance": "supports", "reason": HALF}),
    "a grade of a list": ("grade", {"statement": ["00" * 20], "code": ["A1"]}),
    "what ended is a dictionary": ("ended", {"statements": {"a": 1}}),
    "a moment that is a list": ("release", {"valid_until": []}),
}


def poisoned(other, kind, more):
    """A signed message with this in it, as plain JSON: not all of it can be written canonically."""
    whole = {
        "version": 1,
        "from": other.party,
        "to": ours().party,
        "at": datetime.now(UTC).isoformat(),
        "recall": str(uuid4()),
        "ground": "error",
        "why": "Because of this.",
        "statements": [claim().id],
        "deadline": "2099-01-01T00:00:00Z",
        "root": Frontier().root.hex(),
        **more,
    }
    payload = json.dumps(whole).encode()
    return {"kind": kind, "envelope": dsse.sign(channel.payload_type(kind), payload, [other.key]), "parts": []}


@pytest.mark.parametrize("name", POISON)
def test_what_nobody_foresaw_is_refused_and_the_recall_behind_it_is_heard(other, nilgar, name):
    said = [other.releases(claim()), poisoned(other, *POISON[name]), other.recalls(claim().id)]
    done = sync.take(nilgar, said, 0)
    assert done.messages == 3 and len(done.refused) == 1 and size(nilgar) == 3
    assert Received.objects.get().state == "recalled"
    assert Entry.objects.get(act="message refused").justification


def signed(other, **more):
    said = {"version": 1, "from": other.party, "to": ours().party, "at": "2026-01-01T00:00:00Z", **more}
    return dsse.sign(channel.payload_type(heads.HEAD), json.dumps(said).encode(), [other.key])


@pytest.mark.parametrize("size", [float("inf"), -1, "2", 2**80, None, True])
def test_a_head_that_is_no_number_cannot_be_trusted(other, nilgar, size):
    head = signed(other, size=size, root="00", direction="out")
    with pytest.raises(sync.CannotSync, match="cannot be trusted"):
        sync._head(nilgar, head)


@pytest.fixture
def bring(client, nilgar):
    """Brings a message to the door of the exchange."""
    from baham.platform.release.partners import renew_secret

    basic = base64.b64encode(f"{nilgar.name}:{renew_secret(actor(), nilgar, WHY)}".encode()).decode()

    def to(where, body):
        return client.post(
            f"/exchange/{where}",
            json.dumps(body),
            content_type="application/json",
            headers={"Authorization": f"Basic {basic}"},
        )

    return to


def test_what_is_brought_is_heard_in_its_order_alone(other, nilgar, bring):
    first, second = two(other)
    assert bring("deliver", first).status_code == 422, "it says no number"
    assert bring("deliver", {**second, "number": 1}).status_code == 409
    assert bring("deliver", {**first, "number": 0}).status_code == 202
    assert bring("deliver", {**first, "number": 0}).status_code == 409
    refused = bring("deliver", {**other.releases(claim(), version=2), "number": 1})
    assert (refused.status_code, len(refused.json()["refused"])) == (202, 1), "signed, it keeps its place"
    assert bring("deliver", {**second, "number": 2}).json()["accepted"] == 1
    assert bring("deliver", {"kind": "release", "envelope": {}, "parts": [], "number": 3}).status_code == 422
    assert size(nilgar) == 3


def heard(other, partner, upto, direction="in"):
    leaves = Frontier()
    leaves.extend(channel.leaves(partner)[:upto])
    return signed(other, size=upto, root=leaves.root.hex(), direction=direction)


def test_a_witness_is_of_what_it_heard_and_never_falls_back(other, nilgar, bring, ledger, officers):
    for key in ("k-1", "k-3"):
        sign(propose(nilgar, ledger[key]), officers[0])
    assert bring("witness", heard(other, nilgar, 2, direction="out")).status_code == 422
    assert bring("witness", heard(other, nilgar, 2)).status_code == 200
    assert bring("witness", heard(other, nilgar, 1)).status_code == 200
    assert channel.witnessed(nilgar) == 2
    assert packs.open_receipt(nilgar, json.dumps(heard(other, nilgar, 1))) == 1 and channel.witnessed(nilgar) == 2
    assert Channel.objects.get(direction="out").witnessed


def test_a_pack_does_not_begin_before_the_beginning(nilgar, ledger, officers, tmp_path):
    sign(propose(nilgar, ledger["k-1"]), officers[0])
    with pytest.raises(pack.BadPack, match="from 0"):
        packs.build(actor(), nilgar, tmp_path / "one.baham", since=-1)
    assert not list(tmp_path.glob("*.baham"))
