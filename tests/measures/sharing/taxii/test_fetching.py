"""What a partner's own TAXII server has comes into the inbox: from another Baham, and from medallion."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from baham.measures.sharing import quarantine, taking_back
from baham.measures.sharing.models import Received
from baham.measures.sharing.taxii import fetching
from baham.measures.sharing.taxii.client import PageRead, Taxii, TaxiiError
from baham.measures.sharing.taxii.models import Feed
from baham.platform.audit.models import Entry
from baham.platform.ledger.models import Entity, HandlingGiven, Statement
from baham.platform.release.models import Recall, Tombstone
from tests.journeys.house import serving
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import GREEN, RED, stix
from tests.support import commands
from tests.support.people import actor

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."

THERE = """
from pathlib import Path
from baham.platform.boot import boot
boot()
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate, standing
from baham.platform.ledger.models import Entity, Statement
from baham.platform.release import recalls
from tests.measures.sharing.taxii import made_ledger, world
WHY = "An invented reason that is long enough."
def entity(key): return Entity.objects.get(key=key)
def said(key): return {one.sid_hex: one.entity_id for one in entity(key).statements.all()}
"""


def there(home: Path, code: str) -> str:
    """Do something in the partner's installation."""
    done = commands.run(home, "tests.support.code", given=THERE + code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def ours(partner: str, key: str) -> Entity:
    return Entity.objects.get(dataset__name=f"from-{partner}", key=key)


def test_another_bahams_ledger_comes_in_and_follows_what_changes_there(begin, tmp_path_factory, tmp_path, kohsar):
    home = begin(tmp_path_factory.mktemp("there"))
    made = there(
        home,
        f"""
made_ledger.filled(Path({str(tmp_path)!r}))
us = world.partner("rudabar")
print(us.secret, made_ledger.shelf_of(us).pk)
""",
    )
    secret, number = made.split()
    with serving(home, {}) as house:
        feed = fetching.link(actor(), kohsar.partner, f"{house.address}/taxii2/", number, "rudabar", secret)
        shown: list[int] = []
        first = fetching.fetch(feed, actor(), shown.append)
        assert (first.objects, first.quarantined, first.refused) == (21, 0, {})
        assert first.accepted == Received.objects.count() == Statement.objects.count() == 29
        assert shown == [21]
        received = Received.objects.filter(entity_key="p-1").first()
        assert json.loads(received.claim)["chain"][-1]["party"] == str(kohsar.partner.party)
        assert set(HandlingGiven.objects.values_list("tlp", flat=True)) == {2}
        assert fetching.fetch(feed, actor()).objects == 0, "it goes on from where it was"
        there(
            home,
            """
recalls.recall(Actor("noor"), said("v-1"), "identity", WHY)
standing.restrict(entity("e-1"), Actor("noor"), WHY)
annotate.handle(Statement.objects.get(entity=entity("p-2"), prop="nationality"), Handling(TLP.GREEN, PAP.GREEN), Actor("noor"), WHY)
annotate.handle(Statement.objects.get(entity=entity("p-1"), prop="idNumber"), Handling(TLP.RED, PAP.RED), Actor("noor"), WHY)
""",
        )
        second = fetching.fetch(feed, actor())
    assert second.objects == 4
    assert not ours("kohsar", "v-1").current and not ours("kohsar", "e-1").current
    states = dict(Received.objects.values_list("entity_key", "state"))
    assert (states["v-1"], states["e-1"]) == ("recalled", "ended")
    assert Recall.objects.get().ground == "identity" and Tombstone.objects.count() == 2
    open_ = Statement.objects.filter(entity=ours("kohsar", "p-1"), until=None)
    assert set(open_.values_list("prop", flat=True)) == {"name", "birthDate"}, "what is closed there is closed here"
    nationality = Statement.objects.get(entity=ours("kohsar", "p-2"), prop="nationality")
    assert HandlingGiven.objects.filter(sid=nationality.sid_hex).last().tlp == 1
    assert second.closed == 1 + 2 + 1, "the vessel, the event with its day, the number"
    assert Entry.objects.filter(act="fetched a collection").count() == 3


COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"


@contextmanager
def medallion(folder: Path, objects: list[dict]) -> Iterator[str]:
    """OASIS's reference server with its memory backend, in a process of its own; the address of its API root."""
    manifest = [
        {
            "id": one["id"],
            "date_added": f"2026-06-01T00:00:{number:02}.000000Z",
            "version": one["modified"],
            "media_type": "application/stix+json;version=2.1",
        }
        for number, one in enumerate(objects)
    ]
    root = {
        "information": {"title": "Theirs", "versions": [world.MEDIA], "max_content_length": 10_000_000},
        "status": [],
        "collections": [
            {
                "id": COLLECTION,
                "title": "Networks",
                "can_read": True,
                "can_write": True,
                "media_types": ["application/stix+json;version=2.1"],
                "objects": objects,
                "manifest": manifest,
            }
        ],
    }
    data, config = folder / "data.json", folder / "config.json"
    data.write_text(json.dumps({"/discovery": {"title": "x", "api_roots": []}, "theirs": root}))
    backend = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend", "filename": str(data)}
    config.write_text(json.dumps({"backend": backend, "users": {"rudabar": "secret"}, "taxii": {"max_page_size": 100}}))
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "medallion.scripts.run", "--port", str(port), str(config)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _turn in range(200):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/theirs/"
    finally:
        process.terminate()
        process.wait()


def test_the_reference_server_of_others_is_read_as_well(tmp_path, kohsar):
    pytest.importorskip("medallion", reason="medallion is not installed")
    people = [stix("identity", n, RED if n == 3 else GREEN, identity_class="individual") for n in range(1, 8)]
    with medallion(tmp_path, people) as address:
        feed = fetching.link(actor(), kohsar.partner, address, "Networks", "rudabar", "secret")
        done = fetching.fetch(feed, actor())
        assert done.objects == 7 and done.accepted == Received.objects.count() > 7
        assert Entity.objects.filter(dataset__name="from-kohsar", schema="Person").count() == 7
        assert fetching.fetch(feed, actor()).objects == 0
        wrong = fetching.link(actor(), kohsar.partner, address, "Elsewhere", "rudabar", "secret")
        with pytest.raises(fetching.CannotFetch, match="no collection 'Elsewhere'"):
            fetching.fetch(wrong, actor())
        fetching.link(actor(), kohsar.partner, address, "Networks", "rudabar", "another")
        with pytest.raises(fetching.CannotFetch, match="401"):
            fetching.fetch(feed, actor())
    with pytest.raises(fetching.CannotFetch, match="refused"):
        fetching.fetch(feed, actor())


@pytest.fixture
def feed(kohsar, monkeypatch) -> Feed:
    monkeypatch.setattr(fetching, "_remote", lambda there, feed: feed)
    return fetching.link(actor(), kohsar.partner, "https://taxii.example.org/taxii2/", "x", "rudabar", "secret")


def pages(monkeypatch, *several: list[dict] | Exception) -> None:
    def answers(self, remote, added_after=""):
        for number, one in enumerate(several, 1):
            if isinstance(one, Exception):
                raise one
            yield PageRead(one, f"2026-01-0{number}T00:00:00.000000Z")

    monkeypatch.setattr(Taxii, "pages", answers)


def test_of_a_partner_who_is_not_trusted_all_waits_and_its_revocation_takes_it_out_of_the_waiting(db, monkeypatch):
    reader = world.partner("varand", trusted=False, standing=False)
    monkeypatch.setattr(fetching, "_remote", lambda there, feed: feed)
    feed = fetching.link(actor(), reader.partner, "https://taxii.example.org/", "x", "rudabar", "secret")
    pages(monkeypatch, [stix(number=1), stix("identity", 2, RED)])
    done = fetching.fetch(feed, actor())
    assert done.accepted == 0 and done.quarantined == Received.objects.filter(state="quarantine").count() > 3
    assert not Statement.objects.exists()
    rows = list(Received.objects.filter(entity_key=stix(number=1)["id"]))
    quarantine.accept(actor(), rows, "C3", WHY)
    again = stix("identity", 1, RED, modified="2026-05-02T00:00:00.000Z")
    pages(monkeypatch, [again])
    fetching.fetch(feed, actor())
    assert not Statement.objects.filter(until=None).exists(), "marked otherwise, it waits anew"
    gone = {**again, "modified": "2026-05-03T00:00:00.000Z", "revoked": True}
    pages(monkeypatch, [gone])
    assert fetching.fetch(feed, actor()).closed == len(rows)
    states = set(Received.objects.filter(entity_key=gone["id"]).values_list("state", flat=True))
    assert states == {"ended"}
    assert Received.objects.filter(state="quarantine").exists(), "what it gave of others waits still"


def test_a_page_comes_in_whole_or_not_at_all_and_the_next_fetch_goes_on_after_it(feed, monkeypatch):
    broken = [stix(number=2), {**stix(number=3), "type": 7}]
    pages(monkeypatch, [stix(number=1)], broken)
    with pytest.raises(fetching.CannotFetch, match=r"page 2.*1 pages were taken"):
        fetching.fetch(feed, actor())
    feed.refresh_from_db()
    assert feed.last == "2026-01-01T00:00:00.000000Z"
    assert set(Received.objects.values_list("entity_key", flat=True)) == {stix(number=1)["id"]}
    pages(monkeypatch, TaxiiError("https://taxii.example.org: 503 busy"))
    with pytest.raises(fetching.CannotFetch, match="503 busy") as failed:
        fetching.fetch(feed, actor())
    assert "\n" not in str(failed.value)


def test_an_id_of_which_a_page_says_two_things_is_told_and_what_stood_stands(feed, monkeypatch):
    pages(monkeypatch, [stix(number=1)])
    fetching.fetch(feed, actor())
    later = stix("identity", 1, modified="2026-05-09T00:00:00.000Z")
    pages(monkeypatch, [later, {**later, "name": "Somebody Else"}, stix(number=2)])
    done = fetching.fetch(feed, actor())
    (why,) = done.refused
    assert done.refused[why] == 1 and later["id"] in why and "two unlike contents" in why
    assert done.closed == 0 and Received.objects.filter(entity_key=stix(number=2)["id"]).exists()
    assert not Received.objects.filter(state="ended").exists()


def test_a_definition_that_came_once_counts_for_what_comes_later(feed, monkeypatch):
    own = {
        "type": "marking-definition",
        "spec_version": "2.1",
        "created": "2026-05-01T00:00:00.000Z",
        "id": "marking-definition--00000000-0000-4000-8000-00000000000a",
        "definition_type": "tlp",
        "definition": {"tlp": "green"},
    }
    pages(monkeypatch, [own], [stix("identity", 1, own["id"])])
    fetching.fetch(feed, actor())
    pages(monkeypatch, [stix("identity", 2, own["id"]), stix("identity", 3, "marking-definition--nobody")])
    fetching.fetch(feed, actor())
    tlp = {json.loads(row.claim)["handling"]["tlp"] for row in Received.objects.filter(entity_key=stix(number=2)["id"])}
    assert tlp == {"TLP:GREEN"}
    tlp = {json.loads(row.claim)["handling"]["tlp"] for row in Received.objects.filter(entity_key=stix(number=3)["id"])}
    assert tlp == {"TLP:AMBER+STRICT"}


def test_what_was_recalled_does_not_come_back_and_the_secret_is_nobody_elses(feed, kohsar, monkeypatch, settings):
    pages(monkeypatch, [stix("identity", 1, GREEN)])
    fetching.fetch(feed, actor())
    sids = [row.sid_hex for row in Received.objects.all()]
    from django.utils import timezone

    taking_back.recalled(kohsar.partner, "x", sids, "error", WHY, timezone.now(), None)
    again = fetching.fetch(feed, actor())
    assert again.accepted == 0 and again.refused == {"recalled before": len(sids)}
    (path,) = (settings.HOME / "keys").glob("taxii-*.key")
    assert path.stat().st_mode & 0o077 == 0 and path.read_text() == "secret"
    with pytest.raises(fetching.CannotFetch, match="only https"):
        fetching.link(actor(), kohsar.partner, "http://taxii.example.org/", "x", "rudabar", "secret")
    path.unlink()
    with pytest.raises(fetching.CannotFetch, match="taxii link"):
        fetching.fetch(feed, actor())


def test_the_word_of_a_partner_that_was_ended_is_not_fetched_but_what_it_takes_back_is(feed, kohsar, monkeypatch):
    from baham.platform.release.partners import end_partner

    pages(monkeypatch, [stix("identity", 1, GREEN), stix("identity", 2, GREEN)])
    fetching.fetch(feed, actor())
    before = Statement.objects.filter(until=None).count()
    end_partner(actor(), kohsar.partner, WHY)
    feed = Feed.objects.get()
    gone = stix("identity", 2, GREEN, modified="2026-05-03T00:00:00.000Z", revoked=True)
    more = stix("identity", 1, RED, modified="2026-05-03T00:00:00.000Z", name="Another")
    pages(monkeypatch, [more, stix("identity", 3, GREEN), gone])
    done = fetching.fetch(feed, actor())
    assert done.accepted == 0 and done.closed and Statement.objects.filter(until=None).count() == before - done.closed
    assert not Entity.objects.filter(key=stix(number=3)["id"]).exists()


def test_a_new_version_leaves_what_it_says_as_before_where_it_stands(db, monkeypatch):
    """An object of somebody else's carries its author with the moment of its version."""
    reader = world.partner("varand", trusted=False, standing=False)
    monkeypatch.setattr(fetching, "_remote", lambda there, feed: feed)
    feed = fetching.link(actor(), reader.partner, "https://taxii.example.org/", "x", "rudabar", "secret")
    author = {
        "type": "identity",
        "spec_version": "2.1",
        "id": "identity--00000000-0000-4000-8000-0000000000aa",
        "created": "2026-05-01T00:00:00.000Z",
        "modified": "2026-05-01T00:00:00.000Z",
        "name": "Kohsar Desk",
        "identity_class": "organization",
        "object_marking_refs": [GREEN],
    }
    first = stix("identity", 1, GREEN, identity_class="individual", created_by_ref=author["id"])
    pages(monkeypatch, [author, first])
    fetching.fetch(feed, actor())
    quarantine.accept(actor(), list(Received.objects.filter(entity_key=first["id"])), "C3", WHY)
    stands = Statement.objects.filter(until=None).exclude(prop="modifiedAt")  # which is another in each version
    before = set(stands.values_list("pk", flat=True))
    pages(monkeypatch, [author, {**first, "modified": "2026-05-02T00:00:00.000Z"}])
    done = fetching.fetch(feed, actor())
    assert before and set(stands.values_list("pk", flat=True)) == before
    assert (done.quarantined, done.closed) == (1, 1)


def test_two_collections_of_a_partner_do_not_close_each_others_values(kohsar, monkeypatch):
    monkeypatch.setattr(fetching, "_remote", lambda there, feed: feed)
    one, two = (fetching.link(actor(), kohsar.partner, "https://taxii.example.org/", x, "rudabar", "s") for x in "ab")
    whole = stix("identity", 1, GREEN, identity_class="individual", description="Of the ferry.")
    part = {key: value for key, value in whole.items() if key != "description"}

    def said():
        return set(Statement.objects.filter(until=None).values_list("prop", flat=True))

    pages(monkeypatch, [whole])
    fetching.fetch(one, actor())
    before = said()
    pages(monkeypatch, [part])
    assert fetching.fetch(two, actor()).closed == 0 and said() == before, "the first collection says it still"
    assert fetching.fetch(one, actor()).closed == 1 and len(said()) == len(before) - 1
    pages(monkeypatch, [{**part, "revoked": True}])
    assert fetching.fetch(two, actor()).closed == 0 and said(), "the other one says the rest"
    assert fetching.fetch(one, actor()).closed == len(before) - 1 and not said()
