"""A collection of the ledger: what an agreement lets out by itself, rendered for one reader at the moment of reading."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from baham.formats import stix
from baham.formats.stix.ids import entity_id
from baham.kernel.handling import PAP, TLP, Handling
from baham.kernel.standing import Standing
from baham.measures.sharing.taxii import arrange
from baham.measures.sharing.taxii.ledger_shelf import LedgerShelf
from baham.measures.sharing.taxii.models import Collection, Told
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate, resolve, standing
from baham.platform.ledger.models import Dataset, Entity, Judgement, Statement, Touch
from baham.platform.ledger.outside import id_of, public_id
from baham.platform.release import recalls
from baham.platform.release.models import Agreement, Holding
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import objects_of
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor
from tests.support.words import plain

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."
BESIDE = {"marking-definition", "extension-definition"}


@pytest.fixture
def ledger(tmp_path) -> dict[str, Entity]:
    load_rows(tmp_path)
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN), grade="B2", scheme="admiralty-6x6")
    return {entity.key: entity for entity in Entity.objects.all()}


@pytest.fixture
def shelf(kohsar, nilgar, ledger) -> Collection:
    return ours(kohsar, nilgar)


def ours(*readers: world.Knocker, **more) -> Collection:
    made = arrange.add_collection(actor(), world.collection(root="ours").root, "Ledger", shelf="ledger", **more)
    for reader in readers:
        arrange.give_access(actor(), made, reader.partner, can_read=True)
    return made


def read(reader: world.Knocker, shelf: Collection, **query) -> dict[str, dict]:
    """The objects of entities that it is served over all pages, by their ids; each once."""
    found: dict[str, dict] = {}
    while True:
        answer = reader.get(objects_of(shelf), **query)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        assert len(page.get("objects", [])) <= int(query.get("limit", 2000))
        for one in page.get("objects", []):
            assert one["id"] not in found
            found[one["id"]] = one
        if not page.get("more"):
            return {key: one for key, one in found.items() if "canonical_id" in extension(one)}
        query["next"] = page["next"]


def extension(one: dict) -> dict:
    return one.get("extensions", {}).get(stix.EXTENSION, {})


def key_of(one: dict) -> str:
    """The key of the entity, from its id outside, which says neither list nor key."""
    outside = extension(one)["canonical_id"]
    return next(entity.key for entity in Entity.objects.select_related("dataset") if public_id(entity) == outside)


def keys(found: dict[str, dict]) -> dict[str, dict]:
    return {key_of(one): one for one in found.values()}


def said(entity: Entity, prop: str = "name") -> Statement:
    return Statement.objects.get(entity=entity, prop=prop)


def test_what_the_agreement_lets_out_and_what_it_refers_to_before_it(kohsar, shelf, ledger):
    page = kohsar.get(objects_of(shelf)).json()
    people = [one for one in page["objects"] if "canonical_id" in extension(one)]
    assert [key_of(one) for one in people] == ["k-1", "k-2", "k-3", "k-4"]
    assert [one["id"] for one in people] == [entity_id("identity", public_id(ledger[f"k-{n}"])) for n in range(1, 5)], (
        "the ids are those of every other export"
    )
    seen: set[str] = set()
    for one in page["objects"]:
        refs = {*one.get("object_marking_refs", []), one.get("created_by_ref", one["id"])}
        assert refs <= seen | {one["id"]}
        seen.add(one["id"])
    claims = list(stix.claims(page["objects"], dataset="x"))
    assert {claim.statement.value for claim in claims} == set(Statement.objects.values_list("value", flat=True))
    assert all(claim.handling.tlp is TLP.AMBER and claim.grade.code == "B2" for claim in claims)


def test_every_page_is_noted_with_the_log_and_what_the_partner_holds(kohsar, shelf, ledger):
    kohsar.get(objects_of(shelf), limit=200)
    assert Holding.objects.filter(partner=kohsar.partner, exit="taxii").count() == Statement.objects.count()
    released, served = Entry.objects.order_by("-number")[:2][::-1]
    assert (released.act, released.detail["exit"], released.purpose) == ("released", "taxii", "screening")
    assert released.detail["statements"] == Statement.objects.count()
    assert released.detail["collection"] == str(shelf.pk)
    assert (served.act, served.subject, served.recipient) == (
        "served objects",
        f"collection:{shelf.pk}",
        kohsar.partner.title,
    )
    Holding.objects.all().delete()
    kohsar.get(objects_of(shelf).replace("objects/", "manifest/"))
    assert not Holding.objects.exists(), "a manifest hands over no statement"


def test_if_it_cannot_be_noted_nothing_goes_out_and_nothing_was_told(kohsar, shelf, ledger, monkeypatch):
    monkeypatch.setattr("baham.measures.sharing.taxii.views.record", lambda *a, **k: 1 / 0)
    assert kohsar.get(objects_of(shelf)).status_code == 500
    assert not Told.objects.exists() and not Holding.objects.exists()


def test_what_is_closed_while_a_page_is_made_is_not_on_it(kohsar, shelf, ledger, monkeypatch):
    made, closed = LedgerShelf.objects, []

    def meanwhile(self, after, filters):
        found = made(self, after, filters)
        if not closed:
            closed.append(standing.restrict(ledger["k-1"], actor(), WHY))
        return found

    monkeypatch.setattr(LedgerShelf, "objects", meanwhile)
    assert set(keys(read(kohsar, shelf))) == {"k-2", "k-3", "k-4"}
    assert not Holding.objects.filter(entity=ledger["k-1"]).exists()

    def always(self, after, filters):
        found = made(self, after, filters)
        annotate.grade(said(ledger["k-2"]), "C3", actor(), WHY)
        return found

    monkeypatch.setattr(LedgerShelf, "objects", always)
    answer = kohsar.get(objects_of(shelf))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")


def no_agreement(reader):
    Agreement.objects.filter(partner=reader.partner).delete()


def ended(reader):
    Agreement.objects.filter(partner=reader.partner).update(ends=timezone.now() - timedelta(seconds=1))


def signed_only(reader):
    Agreement.objects.filter(partner=reader.partner).update(standing=False)


def not_trusted(reader):
    reader.partner.trusted = False
    reader.partner.save()


@pytest.mark.parametrize("without", [no_agreement, ended, signed_only, not_trusted])
def test_without_a_standing_agreement_of_a_trusted_partner_there_is_nothing(kohsar, shelf, without):
    without(kohsar)
    assert kohsar.get(objects_of(shelf)).json() == {}
    assert kohsar.get(f"{objects_of(shelf)}{entity_id('identity', id_of('home-dept', 'k-1'))}/").status_code == 404


def test_the_agreement_and_the_collection_name_lists_and_fields(tmp_path, kohsar, nilgar, shelf, ledger):
    load_rows(tmp_path, [{"id": "z", "name": "Nazo Sahrani"}], name="other")
    Dataset.objects.update(grade="B2", scheme="admiralty-6x6")
    narrow = ours(kohsar, datasets=["other"])
    assert set(keys(read(kohsar, narrow))) == {"z"}
    Agreement.objects.filter(partner=kohsar.partner).update(datasets=["home-dept"], fields=["name"])
    assert read(kohsar, ours(kohsar, datasets=["other"])) == {}
    some = keys(read(kohsar, shelf))
    assert set(some) == {"k-1", "k-2", "k-3", "k-4"}
    assert all(set(extension(one)["properties"]) == {"name"} for one in some.values())
    assert set(keys(read(nilgar, shelf))) == {"k-1", "k-2", "k-3", "k-4", "z"}


def test_a_page_has_no_more_than_its_limit_and_pages_meet(kohsar, nilgar, shelf):
    whole = read(nilgar, shelf)
    for limit in (1, 2, 3, 7):
        assert read(kohsar, shelf, limit=limit).keys() == whole.keys()


def test_what_is_touched_between_pages_comes_again_and_nothing_is_missed(kohsar, shelf, ledger):
    first = kohsar.get(objects_of(shelf), limit=12).json()
    assert [key_of(one) for one in first["objects"] if "canonical_id" in extension(one)] == ["k-1", "k-2", "k-3"]
    annotate.grade(said(ledger["k-1"]), "C3", actor(), WHY)
    rest = kohsar.get(objects_of(shelf), limit=12, next=first["next"]).json()["objects"]
    assert [key_of(one) for one in rest] == ["k-4", "k-1"]
    again = rest[1]
    old = next(one for one in first["objects"] if one["id"] == again["id"])
    assert again["modified"] > old["modified"] and again["created"] == old["created"]


def test_whoever_goes_on_from_a_moment_hears_of_what_changed_and_of_nothing_else(tmp_path, kohsar, shelf, ledger):
    answer = kohsar.get(objects_of(shelf))
    last = answer["X-TAXII-Date-Added-Last"]
    assert kohsar.get(objects_of(shelf), added_after=last).json() == {}
    load_rows(tmp_path, [*PEOPLE[:3], {**PEOPLE[3], "notes": "another note"}])
    changed = kohsar.get(objects_of(shelf), added_after=last).json()["objects"]
    assert [key_of(one) for one in changed] == ["k-4"]
    assert len(read(kohsar, shelf)) == 4
    versions = {one["id"]: one["modified"] for one in answer.json()["objects"] if "canonical_id" in extension(one)}
    now = {one["id"]: one["modified"] for one in read(kohsar, shelf).values()}
    assert {number for number in now if now[number] != versions[number]} == {changed[0]["id"]}


def test_what_was_served_and_may_be_had_no_longer_is_revoked_and_says_nothing(kohsar, nilgar, shelf, ledger):
    before = keys(read(kohsar, shelf))
    standing.restrict(ledger["k-1"], actor(), WHY)
    found = keys(read(kohsar, shelf))["k-1"]
    assert found["revoked"] is True and found["modified"] > before["k-1"]["modified"]
    assert found["created"] == before["k-1"]["created"]
    text = plain(json.dumps(found))
    for value in Statement.objects.filter(entity=ledger["k-1"]).values_list("value", flat=True):
        assert len(value) < 4 or value not in text
    assert set(extension(found)["recalled"]) == {one.sid_hex for one in ledger["k-1"].statements.all()}
    assert "k-1" not in keys(read(nilgar, shelf)), "who never had it never learns of it"
    assert read(kohsar, shelf)[found["id"]] == found, "asked again it is the same version"
    address = f"{objects_of(shelf)}{found['id']}/"
    assert kohsar.get(address).json()["objects"] == [found]
    assert nilgar.get(address).status_code == 404


def test_a_recall_takes_the_values_out_and_the_object_back_when_none_is_left(kohsar, shelf, ledger):
    answer = kohsar.get(objects_of(shelf))
    last = answer["X-TAXII-Date-Added-Last"]
    gone = said(ledger["k-2"], "birthDate")
    recalls.recall(Actor("noor"), {gone.sid_hex: ledger["k-2"].pk}, "error", WHY)
    (one,) = kohsar.get(objects_of(shelf), added_after=last).json()["objects"]
    assert key_of(one) == "k-2" and "revoked" not in one
    assert gone.value not in plain(json.dumps(one))
    recalls.recall(Actor("noor"), {row.sid_hex: row.entity_id for row in ledger["k-2"].statements.all()}, "error", WHY)
    (two,) = kohsar.get(objects_of(shelf), added_after=last).json()["objects"]
    assert two["revoked"] is True and two["modified"] > one["modified"]
    recalled = list(stix.recalls([two]))
    assert recalled[0].statements == {row.sid_hex for row in ledger["k-2"].statements.all()} - {gone.sid_hex}


def test_a_recall_reaches_a_reader_whose_agreement_has_ended(kohsar, shelf, ledger):
    read(kohsar, shelf)
    ended(kohsar)
    assert kohsar.get(objects_of(shelf)).json() == {}
    recalls.recall(Actor("noor"), {row.sid_hex: row.entity_id for row in ledger["k-2"].statements.all()}, "error", WHY)
    assert {key: one.get("revoked") for key, one in keys(read(kohsar, shelf)).items()} == {"k-2": True}


def test_a_permission_that_ends_by_the_clock_is_right_at_read(kohsar, shelf, ledger, monkeypatch):
    for row in ledger["k-3"].statements.all():
        annotate.handle(
            row, Handling(tlp=TLP.GREEN, pap=PAP.GREEN, expires=timezone.now() + timedelta(hours=1)), actor(), WHY
        )
    before = keys(read(kohsar, shelf))["k-3"]
    assert "revoked" not in before
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    after = keys(read(kohsar, shelf))["k-3"]
    assert after["revoked"] is True and after["modified"] > before["modified"]


def test_a_narrower_agreement_takes_back_and_a_wider_one_gives_whatever_moment_the_reader_goes_on_from(kohsar, shelf):
    answer = kohsar.get(objects_of(shelf))
    Agreement.objects.filter(partner=kohsar.partner).update(fields=["name"])
    answer = kohsar.get(objects_of(shelf), added_after=answer["X-TAXII-Date-Added-Last"])
    assert {tuple(extension(one)["properties"]) for one in answer.json()["objects"]} == {("name",)}
    assert len(answer.json()["objects"]) == 4
    Agreement.objects.filter(partner=kohsar.partner).update(tlp=int(TLP.GREEN))
    answer = kohsar.get(objects_of(shelf), added_after=answer["X-TAXII-Date-Added-Last"])
    assert [one.get("revoked") for one in answer.json()["objects"]] == [True] * 4
    Agreement.objects.filter(partner=kohsar.partner).update(tlp=int(TLP.AMBER), fields=None)
    answer = kohsar.get(objects_of(shelf), added_after=answer["X-TAXII-Date-Added-Last"])
    assert len(answer.json()["objects"]) == 4 and "revoked" not in answer.content.decode()


def test_anothers_new_agreement_moves_nothing_for_a_reader(kohsar, nilgar, shelf, ledger):
    for reader in (kohsar, nilgar):
        last = reader.get(objects_of(shelf))["X-TAXII-Date-Added-Last"]
    places = nilgar.get(objects_of(shelf).replace("/objects/", "/manifest/")).json()
    before = dict(Touch.objects.values_list("entity", "at"))
    Agreement.objects.filter(partner=kohsar.partner).update(fields=["name"])
    first = kohsar.get(objects_of(shelf), added_after=last, limit=2)
    assert len(first.json()["objects"]) == 2 and first.json()["more"]
    assert dict(Touch.objects.values_list("entity", "at")) == before, "a reading touches nothing"
    assert nilgar.get(objects_of(shelf), added_after=last).json() == {}
    assert nilgar.get(objects_of(shelf).replace("/objects/", "/manifest/")).json() == places
    # What is touched while kohsar reads comes after all that stands anew, once, and to both.
    standing.give_standing(ledger["k-2"], Standing.SUSPECT, actor(), WHY)
    rest = kohsar.get(objects_of(shelf), added_after=first["X-TAXII-Date-Added-Last"]).json()["objects"]
    known = {key_of(one) for one in first.json()["objects"]} | {key_of(one) for one in rest}
    assert known == {"k-1", "k-2", "k-3", "k-4"} and key_of(rest[-1]) == "k-2"
    assert [key_of(one) for one in nilgar.get(objects_of(shelf), added_after=last).json()["objects"]] == ["k-2"]
    one = kohsar.get(f"{objects_of(shelf)}{rest[0]['id']}/")
    assert [item["id"] for item in one.json()["objects"]] == [rest[0]["id"]]
    everything = read(kohsar, shelf)
    assert set(keys(everything)) == {"k-1", "k-2", "k-3", "k-4"}


def test_what_is_judged_one_is_one_object_and_two_again_when_it_is_taken_back(kohsar, shelf, ledger):
    read(kohsar, shelf)
    resolve.judge(ledger["k-1"], ledger["k-3"], "same", actor(), WHY)
    found = keys(read(kohsar, shelf))
    assert found["k-3"]["revoked"] is True
    assert {"Zarghun Talband", "Spogmai Nilgari"} <= set(extension(found["k-1"])["properties"]["name"])
    assert "k-3" in found and len(found) == 4
    resolve.retract(Judgement.objects.get(), actor(), WHY)
    found = keys(read(kohsar, shelf))
    assert extension(found["k-1"])["properties"]["name"] == ["Zarghun Talband"]
    assert "revoked" not in found["k-3"]


def test_one_object_its_versions_and_the_manifest_say_the_same(kohsar, shelf):
    found = read(kohsar, shelf)
    lines = kohsar.get(objects_of(shelf).replace("objects/", "manifest/")).json()["objects"]
    assert {line["id"]: line["version"] for line in lines if line["id"] in found} == {
        one["id"]: one["modified"] for one in found.values()
    }
    number, one = next(iter(found.items()))
    assert kohsar.get(f"{objects_of(shelf)}{number}/versions/").json()["versions"] == [one["modified"]]
    assert kohsar.get(objects_of(shelf), **{"match[version]": one["modified"]}).json()["objects"] == [one]
    assert kohsar.get(objects_of(shelf), **{"match[id]": number}).json()["objects"] == [one]
    assert kohsar.get(objects_of(shelf), **{"match[type]": "location"}).json() == {}
    assert kohsar.get(objects_of(shelf), **{"match[spec_version]": "2.0"}).json() == {}
    assert len(kohsar.get(objects_of(shelf), **{"match[type]": "marking-definition"}).json()["objects"]) == 4
    stranger = f"identity--{UUID(int=5)}"
    assert kohsar.get(f"{objects_of(shelf)}{stranger}/").status_code == 404
    assert kohsar.get(f"{objects_of(shelf)}no-id/").status_code == 404


def test_a_manifest_read_first_gives_the_versions_that_the_objects_then_have(kohsar, shelf):
    lines = kohsar.get(objects_of(shelf).replace("objects/", "manifest/")).json()["objects"]
    objects = kohsar.get(objects_of(shelf)).json()["objects"]
    assert [(line["id"], line["version"]) for line in lines] == [
        (one["id"], one.get("modified") or one["created"]) for one in objects
    ]


def test_nobody_posts_to_it_or_removes_from_it(kohsar, shelf):
    collection = kohsar.get(f"ours/collections/{shelf.pk}/").json()
    assert (collection["can_read"], collection["can_write"]) == (True, False)
    answers = [kohsar.post(shelf, world.stix()), kohsar.delete(f"{objects_of(shelf)}{entity_id('identity', 'a')}/")]
    for answer in answers:
        assert answer.status_code == 403
        assert "comes from our ledger" in answer.json()["description"]
    with pytest.raises(arrange.CannotArrange, match="Nobody posts"):
        arrange.give_access(actor(), shelf, kohsar.partner, can_write=True)
    for bad in ({"datasets": ["nowhere"]}, {"owner": kohsar.partner}, {"specs": (20,)}):
        with pytest.raises(arrange.CannotArrange):
            arrange.add_collection(actor(), shelf.root, "Another", shelf="ledger", **bad)
    with pytest.raises(arrange.CannotArrange):
        arrange.add_collection(actor(), shelf.root, "Another", datasets=["home-dept"])


def test_the_ground_of_a_recall_is_told_however_many_statements_it_took_back(partner):
    """More than fit into one question to the database."""
    import hashlib

    from django.utils import timezone

    from baham.measures.sharing.taxii.told import Memory
    from baham.platform.release.models import Holding, Recall

    reader = partner("daryab")
    made = Recall.objects.create(ground="identity", why="An invented reason.", made_by="noor", deadline=timezone.now())
    sids = [hashlib.sha1(str(number).encode()).hexdigest() for number in range(1_201)]
    Holding.objects.bulk_create(
        Holding(
            partner=reader,
            entity_id=1,
            sid=bytes.fromhex(sid),
            exit="taxii",
            at=timezone.now(),
            recall=made,
            state="recalled",
        )
        for sid in sids
    )
    memory = Memory.__new__(Memory)
    memory._partner = reader
    assert memory._ground(sids) == "identity"
    Holding.objects.filter(sid=bytes.fromhex(sids[-1])).update(recall=None)
    assert memory._ground(sids) == ""


def test_an_older_record_that_is_hidden_changes_nothing_that_is_shown(kohsar, ledger, tmp_path):
    """Judged the same, it gives neither another id nor another beginning, and its own id leads nowhere."""
    load_rows(tmp_path, [{**PEOPLE[0], "id": "young-1"}], name="young")
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN), grade="B2", scheme="admiralty-6x6")
    young, old = Entity.objects.get(dataset__name="young"), ledger["k-1"]
    for said in Statement.objects.filter(entity=old):
        annotate.handle(said, Handling(TLP.RED, PAP.RED), actor(), WHY)
    shelf = ours(kohsar)
    before = keys(read(kohsar, shelf))
    assert "k-1" not in before
    resolve.judge(old, young, "same", actor(), WHY)
    after = keys(read(kohsar, shelf))
    assert {one["id"] for one in after.values()} == {one["id"] for one in before.values()}
    assert after["young-1"]["created"] == before["young-1"]["created"]
    assert not any(one.get("revoked") for one in after.values())
    assert kohsar.get(f"{objects_of(shelf)}{entity_id('identity', public_id(old))}/").status_code == 404


def test_whatever_touches_one_of_those_that_are_one_is_heard_of_where_it_stands(kohsar, ledger, tmp_path):
    load_rows(tmp_path, [{**PEOPLE[0], "id": "young-1"}, {**PEOPLE[1], "id": "young-2"}], name="young")
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN), grade="B2", scheme="admiralty-6x6")
    young = {entity.key: entity for entity in Entity.objects.filter(dataset__name="young")}
    for said in Statement.objects.filter(entity=ledger["k-1"]):
        annotate.handle(said, Handling(TLP.RED, PAP.RED), actor(), WHY)
    resolve.judge(ledger["k-1"], young["young-1"], "same", actor(), WHY)
    resolve.judge(young["young-1"], young["young-2"], "same", actor(), WHY)
    shelf = ours(kohsar)
    answer = kohsar.get(objects_of(shelf))
    last = answer.headers["X-TAXII-Date-Added-Last"]
    birth = Statement.objects.get(entity=young["young-2"], prop="birthDate")
    annotate.handle(birth, Handling(TLP.RED, PAP.RED), actor(), WHY)
    (heard,) = keys(read(kohsar, shelf, added_after=last)).values()
    assert birth.value not in plain(json.dumps(heard))
