"""Erasure reaches what partners gave and were given, and leaves every tree of messages whole."""

import json

import pytest

from baham.measures.sharing import inbox
from baham.measures.sharing.models import Outcome, Received
from baham.measures.sharing.overlap import folder
from baham.measures.sharing.taxii import arrange
from baham.measures.sharing.taxii.models import Collection, Marking, Root, State, Stored
from baham.platform.ledger.models import Entity, Statement
from baham.platform.places import Concerned
from baham.platform.release import channel
from baham.platform.release.models import Holding, RecallNotice
from baham.platform.rights.models import Erasure
from tests.measures.sharing.conftest import claim, known
from tests.platform.release.test_releases import propose, sign
from tests.platform.rights.conftest import signers  # noqa: F401
from tests.platform.rights.test_erasure import ask, everything
from tests.platform.rights.test_erasure import sign as sign_erasure
from tests.support.people import actor

pytestmark = pytest.mark.django_db


def erased(entity, people) -> None:
    assert sign_erasure(ask(entity), people).state == "emptied"
    Erasure.objects.update(note={})


def test_what_a_partner_gave_is_gone_and_refused_from_then_on(other, nilgar, signers):  # noqa: F811
    said = (claim(), claim("1951-11-23", "birthDate"))
    inbox.hear(nilgar, other.releases(*said))
    Outcome.objects.create(received=Received.objects.first(), kind="proved", by="noor", reason="Orband Khelzai, seen.")
    heard = channel.head(nilgar, channel.IN)
    erased(Entity.objects.get(), signers)
    left = everything()
    assert "Orband" not in left and "1951-11-23" not in left and "v-7" not in left
    assert channel.head(nilgar, channel.IN) == heard
    assert [bytes(one.leaf) for one in channel.messages(nilgar, channel.IN)] == [
        channel.message_leaf(json.loads(one.envelope)["envelope"]) for one in channel.messages(nilgar, channel.IN)
    ]
    assert Outcome.objects.get().kind == "proved", "its record is made of that"
    again = inbox.hear(nilgar, other.releases(*said))
    assert again.refused == {"recalled before": 2}
    inbox.hear(nilgar, other.releases(claim("Orbandi", "alias")))
    assert not Statement.objects.exists(), "nor anything new on the same entity"


def test_who_was_given_it_is_told_and_a_note_that_names_it_leaves_its_leaf(ledger, agency, officers, signers):  # noqa: F811
    entity = ledger["k-1"]
    made = propose(agency, entity)
    type(made).objects.filter(pk=made.pk).update(note="On Zarghun Talband, as you asked.")
    made.refresh_from_db()
    sign(made, officers[0])
    before = channel.messages(agency)[0]
    assert "Zarghun" in channel.payload_of(before)["note"]
    erased(entity, signers)
    message = channel.messages(agency)[0]
    wire = json.loads(message.envelope)
    assert wire == {"envelope": {"erased": bytes(before.leaf).hex()}, "parts": []}
    assert channel.message_leaf(wire["envelope"]) == bytes(before.leaf)
    recall = channel.payload_of(channel.messages(agency)[-1])
    assert recall["ground"] == "legal" and "Zarghun" not in json.dumps(recall)
    assert RecallNotice.objects.get().count == Holding.objects.filter(state="recalled").count() > 0
    made.refresh_from_db()
    assert (made.claims, made.note) == ([], "")


def test_a_place_that_was_emptied_is_kept_by_the_other_side(other, nilgar):
    wire = {"kind": "release", "envelope": {"erased": "ab" * 32}, "parts": []}
    with pytest.raises(inbox.Refused):
        inbox.hear(nilgar, wire)
    channel.heard(nilgar, "refused", wire["envelope"])
    assert channel.leaves(nilgar, channel.IN) == [bytes.fromhex("ab" * 32)]
    with pytest.raises(ValueError, match="32 bytes"):
        channel.message_leaf({"erased": "ab"})


def test_objects_in_collections_about_the_person_and_not_about_a_namesake(ledger, agency, signers):  # noqa: F811
    shelf = Collection.objects.create(root=Root.objects.create(slug="kohsar", title="Kohsar"), title="Shared")
    marking = Marking.objects.create(digest="0" * 64, handling={})
    for number, said in enumerate(({"name": "Zarghun Talband", "x_id": "61-0447-2215"}, {"name": "Zarghun Talband"})):
        Stored.objects.create(
            collection=shelf,
            stix_id=f"identity--{number}",
            type="identity",
            spec=21,
            version=1,
            added=number,
            marking=marking,
            owner=agency,
            digest=b"0" * 32,
            raw=json.dumps(said).encode(),
        )
    erased(ledger["k-1"], signers)
    gone, kept = Stored.objects.order_by("seq")
    assert (gone.state, bytes(gone.raw)) == (State.ERASED, b"{}")
    assert kept.state == State.ACCEPTED and b"Zarghun" in bytes(kept.raw)


def test_leads_and_what_readers_were_told_are_emptied_and_a_namesakes_lead_stays(ledger, liaison, signers):  # noqa: F811
    from baham.measures.sharing.models import Lead
    from baham.measures.sharing.taxii.models import Told

    given = {
        "partner": liaison,
        "agreed_on": "document",
        "purpose": "screening",
        "case": "C-7",
        "commitment": "",
        "by": "x",
    }
    about = {"name": "Zarghun Talband", "birth_date": "1984", "id_number": "61-0447-2215"}
    Lead.objects.create(reference="1", subject=about, **given)
    namesake = Lead.objects.create(reference="2", subject={"name": "Zarghun Talband", "birth_date": "1999"}, **given)
    shelf = Collection.objects.create(root=Root.objects.create(slug="l", title="L"), title="All", shelf="ledger")
    shell = {"type": "identity", "id": "identity--1", "name": "Zarghun Talband"}
    told = Told.objects.create(
        collection=shelf,
        partner=liaison,
        entity=ledger["k-1"],
        stix_id="identity--1",
        digest=b"",
        shell=json.dumps(shell),
    )
    erased(ledger["k-1"], signers)
    assert list(Lead.objects.all()) == [namesake]
    told.refresh_from_db()
    assert json.loads(told.shell) == {**shell, "name": ""}


def test_no_later_version_of_an_erased_object_is_taken_in(ledger, signers):  # noqa: F811
    from tests.measures.sharing.taxii import world as taxii

    knocker = taxii.partner("kabran")
    shelf = taxii.collection(knocker)
    about = taxii.stix("identity", 7, name="Zarghun Talband", description="61-0447-2215")
    assert knocker.post(shelf, about).status_code == 202
    erased(ledger["k-1"], signers)
    later = knocker.post(shelf, {**about, "modified": "2026-06-01T00:00:00.000Z"}).json()
    assert later["failure_count"] == 1 and "removed" in later["failures"][0]["message"]
    other = taxii.partner("nilkot")
    arrange.give_access(actor(), shelf, other.partner, can_read=True, can_write=True)
    removed = taxii.stix("identity", 8, name="Somebody Else")
    assert knocker.post(shelf, removed).status_code == 202
    assert knocker.delete(f"{taxii.objects_of(shelf)}{removed['id']}/").status_code == 200
    for modified in (about["modified"], "2026-06-01T00:00:00.000Z"):
        said = [
            other.post(shelf, {**one, "modified": modified}).json()["failures"][0]["message"]
            for one in (about, removed)
        ]
        assert said[0] == said[1], "nobody learns from a post that somebody was erased"


def test_what_waits_or_was_refused_about_the_person_goes_too(ledger, other, liaison, signers):  # noqa: F811
    """Under whatever key of the partner; its words on others who bear the name, or a number as key, stay."""
    known(other, liaison)
    said = [
        claim("Zarghun Talband", "name", "v-9"),
        claim("61-0447-2215", "idNumber", "v-9"),
        claim("Lane 4", "address", "v-9"),
        claim("TX9900112", "passportNumber", "k-1"),
        claim("Zarghun Talband", "name", "v-10"),
        claim("1999", "birthDate", "v-10"),
        claim("Mirwais Khorvash", "name", "v-11"),
    ]
    inbox.hear(liaison, other.releases(*said))
    Received.objects.filter(claim__contains="Lane 4").update(
        state="refused", reason="Zarghun Talband never lived there."
    )
    assert Received.objects.filter(state="quarantine").count() == 6
    erased(ledger["k-1"], signers)
    left = set(Received.objects.exclude(claim="").values_list("entity_key", flat=True))
    assert left == {"v-10", "v-11"} and Received.objects.filter(claim="", entity_key="erased", reason="").count() == 4


def test_the_matter_of_an_erased_lead_is_over_and_says_nothing(ledger, liaison, officers, signers):  # noqa: F811
    from baham.measures.sharing.models import Lead
    from baham.measures.sharing.overlap import leads
    from baham.platform.audit.models import Entry
    from baham.platform.audit.services import Actor
    from baham.platform.review.models import Item
    from tests.support.people import signed_in

    about = {"name": "Zarghun Talband", "birth_date": "1984"}
    lead = Lead.objects.create(
        partner=liaison,
        reference="1",
        subject=about,
        agreed_on="name",
        purpose="screening",
        case="C",
        commitment="",
        by="x",
    )
    item = leads.put_forward(Actor("ulvand"), lead, "Zarghun Talband is whom the case is about, I think.")
    erased(ledger["k-1"], signers)
    item.refresh_from_db()
    assert (item.outcome, item.title, item.proposal) == ("erased", "", {"lead": lead.pk}) and item.closed_at
    assert "Zarghun" not in everything()
    assert Entry.objects.filter(subject=f"matter:{item.pk}", act="proposed", title="").exists()
    for page in ("/review/", "/review/?show=decided", f"/review/{item.pk}/"):
        assert signed_in(officers[1]).get(page, follow=True).status_code == 200, page
    assert not Item.objects.filter(outcome="", kind="lead").exists()


def test_the_persons_keys_in_requests_that_are_kept_go_and_a_namesakes_stay(settings, ledger, signers, monkeypatch):  # noqa: F811
    import os

    from baham.measures.sharing import erasing
    from baham.measures.sharing.overlap import audits, persons
    from tests.support import concerned as invented

    at = folder.folder(settings.HOME)
    for module in (erasing, folder):
        monkeypatch.setattr(module, "folder", lambda: at)
    invented._kept_for_an_auditor()
    path = next((at / "asked").glob("*.json"))
    os.utime(path, (1_000_000, 1_000_000))
    before = json.loads(path.read_bytes())["places"]
    about = Concerned(
        names=frozenset({"Zarghun Talband"}),
        numbers=frozenset({"61-0447-2215"}),
        values=frozenset({"Zarghun Talband", "1984", "Tor Baz"}),
    )
    assert erasing.asked_held(about) == 1 and erasing.asked_files(about) == 1 and erasing.asked_held(about) == 0
    assert path.stat().st_mtime == 1_000_000, "it is forgotten when it would have been"
    after = json.loads(path.read_bytes())["places"]
    left = {row[1] for row in after if len(row) > 1}
    assert {row[1] for row in before} - left == {
        "d|national-id|pk|6104472215",
        *(f"n|tlbnd+zrGn|{year}" for year in (1983, 1984, 1985)),
    }
    assert {f"n|tlbnd+zrGn|{year}" for year in (1998, 1999, 2000)} < left and len(left) == 6
    commitment = path.stem
    gone = next(n for n, row in enumerate(after) if len(row) == 1)
    with pytest.raises(audits.BadOpening, match="emptied"):
        audits.opening(at, commitment, gone)
    whole = audits.opening(at, commitment, len(after) - 1)
    from baham.engines.overlap.commitment import Opening, check
    from baham.kernel.log import root

    opened = Opening(
        len(after) - 1, len(after), audits.place_of(whole["place"]), tuple(map(bytes.fromhex, whole["way"]))
    )
    committed = root([audits.place_of(row).leaf for row in before])
    assert root([audits.place_of(row).leaf for row in after]) == committed
    assert check(opened, committed, b"").reason != check(opened, bytes(32), b"").reason, "it still belongs to the root"
    named = Concerned(names=frozenset({"C-9"}))
    assert erasing.asked_files(named) == 1 and not path.exists()
    assert list(persons.requests(at)) == []


def test_an_object_that_would_be_erased_is_told_on_request(ledger, agency):
    from baham.measures.sharing import held
    from baham.platform.rights.access import concerned

    shelf = Collection.objects.create(root=Root.objects.create(slug="kohsar", title="Kohsar"), title="Shared")
    marking = Marking.objects.create(digest="0" * 64, handling={})
    said = (
        {"name": "Z. T.", "description": "Carries the card ۶۱۰۴۴۷۲۲۱۵."},
        {"name": "ZARGHUN TALBAND", "birth": "1984"},
        {"name": "Zarghun Talband", "birth": "1999"},
        {"name": "Somebody Else", "description": "61-0447-2215-3"},
    )
    for number, one in enumerate(said):
        Stored.objects.create(
            collection=shelf,
            stix_id=f"identity--{number}",
            type="identity",
            spec=21,
            version=1,
            added=number,
            marking=marking,
            owner=agency,
            digest=b"0" * 32,
            raw=json.dumps(one, ensure_ascii=False).encode(),
        )
    found = [thing.ref for thing in held.posted(concerned([ledger["k-1"].pk]))]
    assert found == [f"stored:{row.seq}" for row in Stored.objects.order_by("seq")[:2]]
