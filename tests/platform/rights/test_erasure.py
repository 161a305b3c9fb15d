"""Erasure: asked for by one, decided by two more, everywhere, and it does not come back."""

import json

import pytest
from django.apps import apps
from django.db import connection, transaction

from baham.engines.names import Query
from baham.platform.accounts.roles import Role
from baham.platform.audit import anchor
from baham.platform.audit.models import Entry, Event
from baham.platform.audit.services import Actor, consulted, record
from baham.platform.audit.verify import verify
from baham.platform.ledger import fulltext
from baham.platform.ledger.models import Change, Dataset, Entity, Judgement, Restriction, Statement
from baham.platform.ledger.resolve import judge
from baham.platform.ledger.standing import restrict
from baham.platform.places import PLACES, Concerned
from baham.platform.protection import STAFF
from baham.platform.review.models import Item
from baham.platform.review.services import CannotDecide, decide, propose
from baham.platform.rights import erasure, erasure_work
from baham.platform.rights.erasure import CannotErase
from baham.platform.rights.models import Erasure
from baham.platform.screening.services import screen
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "The court of Kohsar ordered it; the order is on file."


def ask(entity, **more) -> Erasure:
    return erasure.put_forward(actor(), entity, more.pop("ground", "unlawful"), more.pop("reason", WHY), **more)


def sign(made, signers, choice="erase") -> Erasure:
    for one in signers:
        decide(made.matter, one, Actor(one.username), choice, WHY)
        made.refresh_from_db()
        if made.state != "proposed":
            break
    return made


def everything() -> str:
    """Every text of every table."""
    found = []
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            found += [bytes(v).decode("utf-8", "replace") if isinstance(v, bytes | memoryview) else str(v) for v in row]
    return "\n".join(found)


def test_every_model_with_personal_records_has_a_place():
    covered = {label for place in PLACES for label in place.models}
    for model in apps.get_models():
        said = getattr(model, "personal_data", {}).values()
        if any(one.category != STAFF.category for one in said):
            assert model._meta.label in covered, f"say in the erasing.py of its room how {model._meta.label} is erased"
    for label in covered:
        apps.get_model(label)


def test_one_asks_two_decide_and_it_is_gone(ledger, signers):
    entity = ledger["k-1"]
    consulted(actor(), f"entity:{entity.pk}", str(entity))
    made = ask(entity)
    decide(made.matter, signers[0], Actor("hamida"), "erase", WHY)
    assert Statement.objects.filter(entity=entity).exists(), "one signature does nothing"
    with pytest.raises(CannotDecide):
        decide(made.matter, signers[0], Actor("hamida"), "erase", WHY)
    sign(made, signers[1:])
    assert made.state == "emptied" and made.note["entities"] == [entity.pk]
    Erasure.objects.update(note={})  # what is left to do in files names it until it is done
    left = everything()
    for value in ("Zarghun", "زرغون", "61-0447-2215", "Tor Baz", "k-1"):
        assert value not in left, value
    assert "Mirwais Khorvash" in left
    assert not screen([Query("Zarghun Talband")])[0] and screen([Query("Mirwais Khorvash")])[0]
    assert fulltext.find("zarghun", 10) == [] and fulltext.find("mirwais", 10)
    entry = Entry.objects.get(act="erased")
    assert (entry.event, entry.justification, entry.detail["entities"]) == (Event.ERASURE, WHY, [entity.pk])
    assert Entry.objects.filter(subject=f"entity:{entity.pk}", act="read", title="").exists(), "the reading stays"
    anchor.catch_up()
    assert verify().intact, verify().message


def test_what_is_asked_for_wrongly_is_refused_in_one_line(ledger, signers):
    entity = ledger["k-1"]
    for more, told in (
        ({"ground": "dislike"}, "The ground is one of"),
        ({"reason": "too short"}, "at least 20"),
        ({"reason": "Zarghun Talband asked for it in person."}, "names the person"),
        ({"reference": "61-0447-2215 of 2026"}, "names the person"),
        ({"statements": ["00" * 20]}, "not said of"),
        ({"statements": [row.sid_hex for row in entity.statements.all()]}, "Nothing would be left"),
    ):
        with pytest.raises(CannotErase, match=told):
            ask(entity, **more)
    assert not Erasure.objects.exists()
    ask(entity)
    with pytest.raises(CannotErase, match="already"):
        ask(entity)


def test_sent_back_changes_nothing_and_may_be_asked_for_again(ledger, signers):
    made = sign(ask(ledger["k-1"]), signers, "back")
    assert made.state == "sent back" and ledger["k-1"].statements.exists()
    assert screen([Query("Zarghun Talband")])[0]
    assert sign(ask(ledger["k-1"]), signers).state == "emptied"
    with pytest.raises(CannotErase, match="erased already"):
        ask(Entity.objects.get(pk=ledger["k-1"].pk))
    with pytest.raises(CannotErase, match="carried out already"):
        erasure.empty(Erasure.objects.get(state="emptied"), actor())


def test_who_named_the_person_as_their_case_is_signed_out(ledger, signers):
    from django.contrib.sessions.models import Session

    browser, other = signed_in(signers[0]), signed_in(signers[1])
    session = browser.session
    session["purpose"] = {"code": "redress", "case": "Request of Z. Talband, 61-0447-2215"}
    session.save()
    sign(ask(ledger["k-1"]), signers)
    assert [one.session_key for one in Session.objects.all()] == [other.session.session_key]


def test_files_wait_for_a_file_that_is_being_screened(ledger, signers):
    from baham.platform.jobs.models import Job

    made = sign(ask(ledger["k-1"]), signers)
    Job.objects.create(kind="screen", title="names.csv", owner="lashvar", state="running")
    with pytest.raises(erasure_work.Busy, match="being screened"):
        erasure_work.finish(made)
    made.refresh_from_db()
    assert made.state == "emptied" and made.note
    assert erasure_work.resume() == 0


def test_restricted_instead(ledger, signers):
    made = sign(ask(ledger["k-1"]), signers, "restrict")
    assert made.state == "restricted" and ledger["k-1"].statements.exists()
    assert screen([Query("Zarghun Talband")]) == [[]]


def test_restricted_instead_where_it_is_restricted_already(ledger, signers):
    before = restrict(ledger["k-1"], actor(), "The court asked to wait with this one.")
    made = sign(ask(ledger["k-1"]), signers, "restrict")
    assert made.state == "restricted"
    assert list(Restriction.objects.filter(entity=ledger["k-1"], lifted_at=None)) == [before]


def test_each_of_several_is_restricted_instead_and_stays_so_when_they_are_told_apart(ledger, signers, tmp_path):
    load_rows(tmp_path, [{"id": "z-9", "name": "Zerghon Talbandi", "birth_date": "1984"}], "another")
    twin = Entity.objects.get(key="z-9")
    judge(ledger["k-1"], twin, "same", actor(), "One father and one number in both lists.")
    sign(ask(Entity.objects.get(pk=ledger["k-1"].pk), cluster=True), signers, "restrict")
    standing = Restriction.objects.filter(lifted_at=None).values_list("entity", flat=True)
    assert set(standing) == {ledger["k-1"].pk, twin.pk}


def test_chosen_statements_alone(ledger, signers, tmp_path):
    entity = ledger["k-1"]
    number = entity.statements.get(prop="idNumber")
    propose(
        "match",
        "",
        proposed_by=actor(),
        proposal={"name": "Zarghun", "verdict": "possible"},
        entity=entity,
        evidence=[{"direction": "for", "query": "1", "listed": number.value}],
    )
    sign(ask(entity, statements=[number.sid_hex]), signers)
    Erasure.objects.update(note={})
    left = everything()
    assert "61-0447-2215" not in left and "Zarghun Talband" in left
    assert screen([Query("Zarghun Talband")])[0]
    assert load_rows(tmp_path).version.kept_out == 1
    assert "61-0447-2215" not in everything()


def test_it_does_not_come_back(ledger, signers, tmp_path):
    sign(ask(ledger["k-1"]), signers)
    loaded = load_rows(tmp_path)
    assert (loaded.version.kept_out, loaded.version.entities) == (1, 3)
    only = load_rows(tmp_path, PEOPLE[:1])
    assert (only.version.kept_out, only.version.entities, only.version.removed) == (1, 0, 3)
    assert "Zarghun" not in everything().replace(json.dumps(Erasure.objects.get().note), "").replace(
        str(Erasure.objects.get().note), ""
    )
    other = load_rows(tmp_path, PEOPLE[:1], "another")
    assert (other.version.kept_out, other.version.entities) == (0, 1), "another list's entry is another record"


def test_a_cluster_goes_whole_or_falls_apart(ledger, signers, tmp_path):
    load_rows(tmp_path, [{"id": "z-9", "name": "Zerghon Talbandi", "birth_date": "1984"}], "another")
    twin = Entity.objects.get(key="z-9")
    judge(ledger["k-1"], twin, "same", actor(), "Zarghun Talband has one father and one number in both lists.")
    sign(ask(ledger["k-1"]), signers)
    twin.refresh_from_db()
    assert twin.canonical_id == twin.pk and twin.statements.exists() and not Judgement.objects.exists()
    assert Change.objects.filter(entity=ledger["k-1"], kind="removed").exists()


def test_all_judged_the_same(ledger, signers, tmp_path):
    load_rows(tmp_path, [{"id": "z-9", "name": "Zerghon Talbandi", "birth_date": "1984"}], "another")
    judge(ledger["k-1"], Entity.objects.get(key="z-9"), "same", actor(), "One father and one number in both lists.")
    made = sign(ask(ledger["k-1"], cluster=True), signers)
    assert len(made.note["entities"]) == 2 and not Statement.objects.filter(value__startswith="Zerghon").exists()


def test_papers_and_ties_go_with_it_and_others_stay(db, signers, tmp_path):
    from tests.support.ftm import load_ftm

    said = [
        {"id": "p-1", "schema": "Person", "properties": {"name": ["Zarghun Talband"]}},
        {"id": "p-2", "schema": "Person", "properties": {"name": ["Mirwais Khorvash"]}},
        {"id": "pass-1", "schema": "Passport", "properties": {"holder": ["p-1"], "passportNumber": ["TX990011"]}},
        {
            "id": "fam-1",
            "schema": "Family",
            "properties": {"person": ["p-1"], "relative": ["p-2"], "relationship": ["cousin"]},
        },
        {"id": "v-1", "schema": "Vessel", "properties": {"name": ["Nilgar Star"], "owner": ["p-1", "p-2"]}},
    ]
    load_ftm(tmp_path, said)
    entities = {one.key: one for one in Entity.objects.all()}
    made = sign(ask(entities["p-1"]), signers)
    assert set(made.note["entities"]) == {entities[key].pk for key in ("p-1", "pass-1", "fam-1")}
    owners = Statement.objects.filter(entity=entities["v-1"], prop="owner")
    assert [one.value for one in owners] == ["p-2"]
    assert not Statement.objects.filter(value="TX990011").exists()


def test_a_hold_comes_first(ledger, signers):
    held = propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        entity=ledger["k-1"],
        evidence=[],
        asker="A post",
        proposal={"name": "Zarghun Talband", "verdict": "probable"},
    )
    for one in signers:
        decide(held, one, Actor(one.username), "same", WHY)
    made = sign(ask(ledger["k-1"]), signers)
    assert made.state == "waiting" and ledger["k-1"].statements.exists()
    assert screen([Query("Zarghun Talband")]) == [[]], "it has no effect any more"
    with pytest.raises(CannotErase, match="still held"):
        erasure.empty(made, actor())
    assert erasure_work.resume() == 0
    release = Item.objects.get(kind="release")
    assert release.subject_name == "Zarghun Talband", "whoever holds must know whom to let go"
    decide(release, signers[0], Actor("hamida"), "lifted", WHY)
    erasure.empty(made, actor())
    assert "Zarghun" not in str([Item.objects.values_list("title", "proposal", "evidence")])
    held.refresh_from_db()
    assert held.outcome == "same" and held.signatures.count() == 2 and not held.evidence


def test_who_was_found_to_be_somebody_else_keeps_the_letter(ledger, signers):
    from baham.platform.screening.models import Clearing

    item = propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        entity=ledger["k-1"],
        asker="A post",
        evidence=[{"direction": "against", "listed": "Tor Baz", "query": "Gul Baz"}],
        proposal={"name": "Zarghon Telband", "father_name": "Gul Baz", "verdict": "possible"},
    )
    decide(item, signers[0], Actor("hamida"), "different", "His father is another; I saw his papers.")
    sign(ask(ledger["k-1"]), signers)
    item.refresh_from_db()
    assert (item.outcome, item.proposal["name"], item.evidence) == ("different", "Zarghon Telband", [])
    assert Clearing.objects.get().subject["name"] == "Zarghon Telband" and not Clearing.objects.get().entry


def test_a_namesake_is_left_alone(ledger, signers):
    other = propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        entity=ledger["k-2"],
        evidence=[],
        asker="A post",
        proposal={"name": "Zarghun Talband", "verdict": "possible"},
    )
    sign(ask(ledger["k-1"]), signers)
    other.refresh_from_db()
    assert other.proposal["name"] == "Zarghun Talband" and not other.outcome


@pytest.mark.django_db(transaction=True)
def test_words_taken_out_of_the_log_unseen_are_found(ledger):
    consulted(actor(), "entity:1", "Zarghun Talband")
    entry = Entry.objects.order_by("-number").first()
    entry.take_out(["title"])
    entry.save()
    assert not verify().intact
    assert f"row {entry.number} was emptied, and no erasure in the log names it" in verify().message
    record(actor(), Event.ERASURE, "emptied entries", "erasure:1", emptied={"title": [entry.number]}, rests={})
    assert verify().intact
    Entry.objects.filter(number=entry.number).update(title="somebody else")
    assert verify().row == entry.number
    sealed = {**entry.sealed, "title": {"seal": "00" * 32}}
    Entry.objects.filter(number=entry.number).update(title="", sealed=sealed)
    assert verify().row == entry.number
    Entry.objects.filter(number=entry.number).update(sealed={"title": {"seal": "nonsense"}})
    assert verify().row == entry.number


@pytest.mark.django_db(transaction=True)
def test_an_entry_from_before_there_were_seals(ledger, monkeypatch):
    from baham.kernel.log import Frontier
    from baham.platform.audit import erasing, services

    plain = Entry.__init__

    def old(self, *args, **kwargs):
        plain(self, *args, **{**kwargs, **({"form": 1, "salt": ""} if "form" in kwargs else {})})

    monkeypatch.setattr(Entry, "__init__", old)
    services.consulted(actor(), "entity:1", "Zarghun Talband")
    monkeypatch.setattr(Entry, "__init__", plain)
    entry = Entry.objects.order_by("-number").first()
    assert entry.form == 1 and verify().intact and Frontier()
    with transaction.atomic():
        erasing.erase(
            Concerned(entities=frozenset({1}), names=frozenset({"Zarghun Talband"}), on="erasure:1", by="hamida")
        )
    entry.refresh_from_db()
    assert entry.title == "" and verify().intact, verify().message
    Entry.objects.filter(number=entry.number).update(actor="somebody else")
    assert verify().row == entry.number, "what is left of it is held as well"


def test_what_speaks_of_somebody():
    one = Concerned(
        names=frozenset({"Zarghun Talband", "زرغون تلبند", "Zarghun"}),
        numbers=frozenset({"61-0447-2215"}),
        values=frozenset({"Zarghun Talband", "1984-02-11", "Torsang Road 4"}),
    )
    for text in (
        "ZARGHUN TALBAND",
        "Talband, Zarghun",
        "زرغون  تلبند",
        "no. 6104472215!",
        "Zarghun",
        "Mr Zarghun B. Talband",
    ):
        assert one.speaks_of(text), text
    for text in ("", "Zarghun Khorvash", "Talband", "61-04", "Zargh un"):
        assert not one.speaks_of(text), text
    long = "Zarghun spoke " + "and spoke " * 10 + "of Talband"
    assert not one.speaks_of(long), "two words far apart in a long text are no name"
    assert one.is_about(["Talband Zarghun", "1984-02-11"]) and one.is_about(["61 0447 2215"])
    assert not one.is_about(["Zarghun Talband", "1990-01-01"]), "a namesake"
    assert one.without({"a": ["Zarghun Talband", "kept"], "b": 3}) == {"a": ["", "kept"], "b": 3}
    assert Concerned.from_json(json.loads(json.dumps(one.as_json()))) == one


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer; there the signature waits")
@pytest.mark.parametrize("loading", ["the same list", "another list"])
@pytest.mark.django_db(transaction=True)
def test_while_a_list_is_loaded_nothing_is_signed(ledger, signers, loading):
    from threading import Event as Signal
    from threading import Thread

    from django.db import connection as own

    from baham.platform.ledger.rows import lock_for_writing

    held, over = Signal(), Signal()

    def load() -> None:
        with transaction.atomic():
            if loading == "the same list":
                list(Dataset.objects.select_for_update())
            else:
                lock_for_writing("ledger_entity")
            held.set()
            over.wait(20)
        own.close()

    made = ask(ledger["k-1"])
    decide(made.matter, signers[0], Actor("hamida"), "erase", WHY)
    other = Thread(target=load)
    other.start()
    held.wait(20)
    try:
        with pytest.raises(CannotErase, match="being loaded"):
            decide(made.matter, signers[1], Actor("baraan"), "erase", WHY)
    finally:
        over.set()
        other.join()
    assert made.matter.signatures.count() == 1 and ledger["k-1"].statements.exists()
    decide(made.matter, signers[1], Actor("baraan"), "erase", WHY)
    assert Erasure.objects.get().state in ("emptied", "done")


def test_the_page_says_what_is_wrong_and_keeps_what_was_written(ledger, signers):
    client = signed_in(signers[0])
    entity = ledger["k-1"]
    answer = client.post(f"/entity/{entity.pk}/erase/", {"ground": "order", "scope": "statements", "reason": WHY})
    assert answer.status_code == 400 and "Mark the values that are to be erased." in answer.content.decode()
    answer = client.post(f"/entity/{entity.pk}/erase/", {"ground": "order", "scope": "record", "reason": "short"})
    assert answer.status_code == 400 and not Erasure.objects.exists()
    assert (
        client.post(f"/entity/{entity.pk}/erase/", {"ground": "order", "scope": "record", "reason": WHY}).status_code
        == 302
    )
    made = Erasure.objects.get()
    page = client.get(f"/rights/erasures/{made.pk}/").content.decode()
    assert "It waits for other people." in page, "who asked does not sign"
    other = signed_in(signers[1])
    refused = other.post(f"/rights/erasures/{made.pk}/", {"choice": "erase", "reason": "short"})
    assert refused.status_code == 400 and "at least 20 characters" in refused.content.decode()
    for language in ("ur", "ps"):
        other.cookies["baham_language"] = language
        assert other.get(f"/rights/erasures/{made.pk}/").status_code == 200


def test_a_restriction_is_set_and_lifted_on_its_page_and_read_for_redress_alone(ledger, signers):
    entity = ledger["k-1"]
    page = f"/entity/{entity.pk}/restrict/"
    officer = signed_in(signers[0])
    assert officer.post(page, {"reason": "too short"}).status_code == 400
    assert officer.post(page, {"reason": WHY}).status_code == 302
    assert screen([Query("Zarghun Talband")]) == [[]]
    analyst = signed_in(person(Role.ANALYST, "lashvar"))
    assert analyst.get(f"/entity/{entity.pk}/").status_code == 403
    assert "Zarghun" not in [one.caption for one in analyst.get("/search/?q=Talband").context["results"]]
    session = officer.session
    session["purpose"] = {"code": "redress", "case": "R 7"}
    session.save()
    assert "Zarghun Talband" in officer.get(f"/entity/{entity.pk}/").content.decode()
    assert officer.post(page, {"reason": WHY}).status_code == 302
    assert screen([Query("Zarghun Talband")])[0] and analyst.get(f"/entity/{entity.pk}/").status_code == 200
    acts = list(Entry.objects.filter(subject=f"entity:{entity.pk}", event="alteration").values_list("act", flat=True))
    assert acts == ["restricted", "lifted the restriction"]


def test_what_a_person_was_told_of_it_goes_too_and_that_they_asked_stays(ledger, signers):
    from baham.platform.rights import requests

    asked = {"name": "Zarghun Talband", "birth_date": "1984"}
    one, waits = (
        requests.ask(
            actor("barvand"),
            entities=[ledger["k-1"].pk, ledger["k-2"].pk],
            verified="passport seen",
            reference="R 7",
            asked=asked,
        )
        for _n in range(2)
    )
    requests.decide_on(one, one.matter, signers[0], Actor("hamida"), "give", WHY)
    one.refresh_from_db()
    assert "Tor Baz" in json.dumps(one.content)
    made = sign(ask(ledger["k-1"]), signers)
    for row in (one, waits):
        row.refresh_from_db()
        assert [entity.key for entity in row.entities.all()] == ["k-2"]
    assert made.state == "emptied" and one.received_on and one.answer == "give"
    assert not one.asked and not one.content and not one.verified and not one.reference
    assert (waits.asked, waits.verified, waits.reference) == (asked, "passport seen", "R 7"), "nobody could answer it"
    waits.delete()
    Erasure.objects.update(note={})  # what the files' step needs, and empties
    assert "Zarghun" not in everything()


def test_what_oversight_recommends_is_asked_for_and_signed_by_others(ledger, signers):
    from baham.platform.rights import oversight, requests

    one = requests.ask(
        actor("barvand"),
        entities=[ledger["k-1"].pk],
        verified="passport seen",
        asked={"name": "Zarghun Talband", "birth_date": "1984"},
    )
    oversight.ADVICE["erase"](one, one.matter, actor("barvand"), WHY)
    made = Erasure.objects.get()
    assert (made.entity, made.ground, made.state) == (ledger["k-1"], "order", "proposed")
    oversight.ADVICE["erase"](one, one.matter, actor("barvand"), WHY)
    assert Erasure.objects.count() == 1, "asked for once"
