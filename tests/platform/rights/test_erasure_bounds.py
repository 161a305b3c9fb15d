"""What an erasure may do, and by whose word; and that it destroys nothing that is about somebody else."""

import json

import pytest
from django.utils import timezone

from baham.platform.audit import anchor
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor, consulted, record
from baham.platform.audit.verify import verify
from baham.platform.ledger.models import Dataset, Entity, HandlingGiven, SourceShown, Statement, Version
from baham.platform.ledger.resolve import judge, retract
from baham.platform.places import Concerned
from baham.platform.review.models import Item
from baham.platform.review.services import CannotDecide, decide, propose
from baham.platform.rights import erasure, erasure_work
from baham.platform.rights.erasure import CannotErase
from baham.platform.rights.models import Erasure, Stone
from tests.platform.rights.test_erasure import WHY, ask, sign
from tests.support.ftm import load_ftm
from tests.support.lists import load_rows
from tests.support.people import actor, signed_in

pytestmark = pytest.mark.django_db


# Who -----------------------------------------------------------------------------------------------------------------


def test_nobody_erases_alone(ledger, signers):
    made = erasure.put_forward(Actor("baraan"), ledger["k-1"], "order", WHY)
    answer = signed_in(signers[1]).post(f"/rights/erasures/{made.pk}/", {"choice": "go-on"})
    made.refresh_from_db()
    assert answer.status_code == 400 and "Two people sign it first" in answer.content.decode()
    assert made.state == "proposed" and Statement.objects.filter(entity=ledger["k-1"]).exists()
    decide(made.matter, signers[0], Actor("hamida"), "erase", WHY)
    with pytest.raises(CannotErase, match="Two people"):
        erasure.empty(Erasure.objects.get(), Actor("hamida"))


def test_the_log_names_whoever_let_it_go_on(ledger, signers):
    held = _held(ledger["k-1"], signers)
    made = sign(ask(ledger["k-1"]), signers)
    decide(Item.objects.get(kind="release", follows=held), signers[0], Actor("hamida"), "lifted", WHY)
    assert made.decided_by == "baraan"
    answer = signed_in(signers[0]).post(f"/rights/erasures/{made.pk}/", {"choice": "go-on"})
    assert answer.status_code == 302
    assert Entry.objects.get(act="erased").actor == "hamida"


def _held(entity: Entity, signers) -> Item:
    held = propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        entity=entity,
        evidence=[],
        asker="A post",
        proposal={"name": "Zarghun Talband", "verdict": "probable"},
    )
    for one in signers:
        decide(held, one, Actor(one.username), "same", WHY)
    return held


def test_a_hold_comes_up_whatever_else_waits_to_come_up(ledger, signers, tmp_path):
    load_rows(tmp_path, [{"id": "y-1", "name": "Delisted Somebody"}], "another")
    other = Entity.objects.get(key="y-1")
    Item.objects.bulk_create(
        [
            Item(kind="match", outcome="same", entity=other, proposal={"name": f"P{n}"}, proposed_by="x", title="")
            for n in range(450)
        ]
    )
    Entity.objects.filter(pk=other.pk).update(current=False)
    held = _held(ledger["k-1"], signers)
    made = sign(ask(ledger["k-1"]), signers)
    assert made.state == "waiting" and Statement.objects.filter(entity=ledger["k-1"]).exists()
    release = Item.objects.get(kind="release", follows=held)
    assert release.subject_name == "Zarghun Talband", "whoever holds must know whom to let go"
    decide(release, signers[0], Actor("hamida"), "lifted", WHY)
    erasure.empty(made, Actor("hamida"))
    assert not Statement.objects.filter(entity=ledger["k-1"]).exists()


# What ----------------------------------------------------------------------------------------------------------------


def test_records_that_are_not_judged_the_same_any_more_are_not_erased_together(ledger, signers, tmp_path):
    load_rows(tmp_path, [{"id": "z-9", "name": "Zerghon Talbandi", "birth_date": "1991"}], "another")
    twin = Entity.objects.get(key="z-9")
    judged = judge(ledger["k-1"], twin, "same", actor(), "One father and one number in both lists, I think.")
    made = ask(Entity.objects.get(pk=ledger["k-1"].pk), cluster=True)
    page = signed_in(signers[0]).get(f"/rights/erasures/{made.pk}/").content.decode()
    assert "Zerghon Talbandi" in page and "61-0447-2215" in page
    retract(judged, actor(), "They are two different people, the judgement was a mistake.")
    decide(made.matter, signers[0], Actor("hamida"), "erase", WHY)
    with pytest.raises(CannotErase, match="not judged to be the same any more"):
        decide(made.matter, signers[1], Actor("baraan"), "erase", WHY)
    assert Statement.objects.filter(entity=twin).exists() and made.matter.signatures.count() == 1
    page = signed_in(signers[1]).get(f"/rights/erasures/{made.pk}/").content.decode()
    assert "Zerghon Talbandi" in page, "what was asked for is shown, whatever is judged today"


def test_the_page_shows_papers_and_ties_by_record(db, signers, tmp_path):
    load_ftm(
        tmp_path,
        [
            {"id": "p-1", "schema": "Person", "properties": {"name": ["Zarghun Talband"]}},
            {"id": "pass-1", "schema": "Passport", "properties": {"holder": ["p-1"], "passportNumber": ["TX990011"]}},
            {"id": "v-1", "schema": "Vessel", "properties": {"name": ["Nilgar Star"], "owner": ["p-1"]}},
        ],
    )
    made = ask(Entity.objects.get(key="p-1"))
    answer = signed_in(signers[0]).get(f"/rights/erasures/{made.pk}/")
    shown = {one.entity.key: (one.whole, [row.value for row in one.rows]) for one in answer.context["records"]}
    assert shown == {"p-1": (True, ["Zarghun Talband"]), "pass-1": (True, ["p-1", "TX990011"]), "v-1": (False, ["p-1"])}
    assert "TX990011" in answer.content.decode() and "Nilgar Star" in answer.content.decode()


NUMBERED = Concerned(
    names=frozenset({"Zarghun Talband"}),
    keys=frozenset({("eu", "eu-1234"), ("ofac", "36216"), ("home", "k-1")}),
    numbers=frozenset({"61-0447-2215", "02611", "202611", "TX990011", "۷۷-۱۱۱۱-۲۲۲۲"}),
    values=frozenset({"61-0447-2215", "02611", "1984-02-11"}),
)


@pytest.mark.parametrize(
    "text",
    [
        "61-0447-2215",
        "6104472215",
        "61 0447 2215",
        "61/0447.2215",
        "no. 610-4472-215, seen",
        "CNIC 6104472215!",
        "CNIC6104472215",
        "CNIC-61-0447-2215",
        "شناختی نمبر ۶۱-۰۴۴۷-۲۲۱۵",
        "٦١٠٤٤٧٢٢١٥",
        "on 3 61-0447-2215 was shown",
        "61\u20110447\u20112215",
        "scan_6104472215.pdf",
        "passport tx 990011",
        "TX-990011",
        "7711112222",
        "02611",
        "born 1984-02-11, 61-0447-2215, seen 2026-11-23",
        "eu-1234",
        "eu/eu-1234",
        "the entry eu:eu-1234.",
        "ofac/36216",
        "home-dept, home/k-1",
    ],
)
def test_a_number_is_found_however_it_is_written(text):
    assert NUMBERED.speaks_of(text), text


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T07:00:00Z",
        "20261123t070000",
        "2026-11-23",
        "at 2026-11-23 07:00",
        "350261144771",
        "35202-6112345-1",
        "61-0447-2215-3",
        "9-61-0447-2215",
        "161 04472215",
        "eu-12345",
        "xeu-1234",
        "eu-1234-5",
        "36216",
        "k-1",
        "case R 02611-7",
        "02611-1234567-1",
        "lot 02611",
        "3f61044722150c1e" * 4,
        "6104472215" + "ab" * 15,
        "123e4567-e89b-12d3-a456-026112026110",
    ],
)
def test_a_number_inside_something_else_is_not(text):
    assert not NUMBERED.speaks_of(text), text
    assert NUMBERED.without({"a": [text]}) == {"a": [text]}


def test_a_short_number_says_whom_a_text_is_about_only_beside_the_name():
    assert not NUMBERED.is_about(["Somebody Else", "02611"])
    assert NUMBERED.is_about(["Zarghun Talband", "02611"])
    assert NUMBERED.is_about(["Somebody Else", "61 0447 2215"])
    assert NUMBERED.is_about(["eu-1234"]) and not NUMBERED.is_about(["36216"]) and not NUMBERED.is_about(["k-1"])


def test_a_file_that_ends_in_the_middle_of_a_line_stops_no_erasure(ledger, signers, monkeypatch):
    from baham.platform.screening import work

    cut = work.results_folder() / "cut.jsonl"
    cut.write_text(
        '{"id": "1", "name": "Mirwais Khorvash", "hits": []}\n[]\n{"id": "2", "name": "Zarghun Talband", "hi'
    )
    sign(ask(ledger["k-1"]), signers)
    monkeypatch.setattr(erasure_work, "compact", lambda: None)
    assert erasure_work.resume() == 1
    assert Erasure.objects.get().state == "done"
    assert "Mirwais" in cut.read_text() and "Zarghun" not in cut.read_text()


def test_an_erasure_that_fails_leaves_the_others_to_go_on(ledger, signers, monkeypatch):
    first, second = sign(ask(ledger["k-1"]), signers), sign(ask(ledger["k-2"]), signers)
    real = erasure_work.finish

    def finish(one, *more):
        if one.pk == first.pk:
            raise OSError("the disk is full")
        return real(one, *more)

    monkeypatch.setattr(erasure_work, "finish", finish)
    monkeypatch.setattr(erasure_work, "compact", lambda: None)
    assert erasure_work.resume() == 1
    second.refresh_from_db()
    assert second.state == "done"
    entry = Entry.objects.get(act="an erasure was cut off")
    assert entry.subject == f"erasure:{first.pk}" and entry.detail == {"problem": "OSError"}


def test_a_second_erasure_leaves_the_naming_entry_of_the_first(ledger, monkeypatch):
    from baham.platform.audit import erasing

    plain = Entry.__init__
    monkeypatch.setattr(
        Entry,
        "__init__",
        lambda self, *a, **k: plain(self, *a, **{**k, **({"form": 1, "salt": ""} if "form" in k else {})}),
    )
    consulted(actor(), "entity:1", "Zarghun Talband")
    monkeypatch.setattr(Entry, "__init__", plain)
    named = frozenset({"Zarghun Talband"})
    erasing.erase(Concerned(entities=frozenset({1}), names=named, on="erasure:1", by="x"))
    rest = next(iter(Entry.objects.get(act=erasing.ACT).detail["rests"].values()))
    consulted(actor(), "entity:2", "Nobody Here")
    erasing.erase(
        Concerned(
            entities=frozenset({2}),
            names=frozenset({"Nobody Here"}),
            numbers=frozenset({rest}),
            values=frozenset({rest}),
            on="erasure:2",
            by="x",
        )
    )
    anchor.catch_up()
    assert verify().intact, verify().message


def test_what_was_written_while_the_signature_worked_goes_with_the_files(ledger, signers, monkeypatch):
    sign(ask(ledger["k-1"]), signers)
    consulted(actor(), f"entity:{ledger['k-1'].pk}", "Zarghun Talband")  # waited for the log until the erasure was in
    record(actor(), "consultation", "read", "search", title="Talband, Zarghun")
    monkeypatch.setattr(erasure_work, "compact", lambda: None)
    assert erasure_work.resume() == 1
    late = Entry.objects.order_by("number").filter(act="read")
    assert late.count() == 2 and {one.title for one in late} == {""}
    anchor.catch_up()
    assert verify().intact, verify().message


def test_the_erased_number_leaves_what_is_about_others(ledger, signers, tmp_path):
    """A number of five digits of this month, a number inside another's, and a key that begins another's."""
    month = timezone.now().strftime("%Y%m%d")[1:6]
    load_rows(tmp_path, [{"id": "z-1000", "name": "Somebody Else", "id_number": month}], "another")
    other = propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        entity=ledger["k-3"],
        evidence=[],
        proposal={"name": "Spogmai N", "birth_date": "1968", "id_number": f"35{month}4477-1", "verdict": "possible"},
    )
    consulted(actor(), "entity:3", "Spogmai of z-10001", at=f"{timezone.now():%Y-%m-%dT%H:%M}")
    sign(ask(Entity.objects.get(key="z-1000")), signers)
    other.refresh_from_db()
    assert other.proposal["id_number"] == f"35{month}4477-1" and not other.outcome
    entry = Entry.objects.get(title="Spogmai of z-10001")
    assert entry.detail["at"] and not Stone.objects.filter(single=True).exists()
    assert json.dumps(entry.detail)


def test_the_log_keeps_the_title_of_a_record_whose_name_has_the_same_words(ledger, signers, tmp_path):
    load_rows(
        tmp_path, [{"id": "m-1", "name": "Mirwais Talband"}, {"id": "m-2", "name": "Mirwais Gul Talband"}], "another"
    )
    entities = {one.key: one for one in Entity.objects.all()}
    consulted(actor(), f"entity:{entities['m-2'].pk}", "Mirwais Gul Talband")
    consulted(actor(), f"entity:{entities['m-1'].pk}", "Mirwais Talband")
    consulted(actor(), "search", "talband mirwais")
    sign(ask(entities["m-1"]), signers)
    titles = set(Entry.objects.filter(act="read").values_list("title", flat=True))
    assert titles == {"Mirwais Gul Talband", ""}


def test_what_is_shared_keeps_the_others_and_an_address_of_nobody_else_goes(db, signers, tmp_path):
    load_ftm(
        tmp_path,
        [
            {
                "id": "p-1",
                "schema": "Person",
                "properties": {"name": ["Zarghun Talband"], "addressEntity": ["a-1", "a-2"]},
            },
            {"id": "p-2", "schema": "Person", "properties": {"name": ["Mirwais Khorvash"], "addressEntity": ["a-2"]}},
            {"id": "a-1", "schema": "Address", "properties": {"full": ["House 9, Lane 4, Rudabar"]}},
            {"id": "a-2", "schema": "Address", "properties": {"full": ["Market of Nilgar"]}},
            {"id": "s-1", "schema": "Sanction", "properties": {"entity": ["p-1", "p-2"], "program": ["Lantern"]}},
            {"id": "s-2", "schema": "Sanction", "properties": {"entity": ["p-1"], "program": ["Candle"]}},
            {
                "id": "f-1",
                "schema": "Family",
                "properties": {"person": ["p-1"], "relative": ["p-2"], "relationship": ["cousin"]},
            },
        ],
    )
    sign(ask(Entity.objects.get(key="p-1")), signers)
    left = {
        (one.entity.key, one.prop, one.value) for one in Statement.objects.filter(until=None).select_related("entity")
    }
    assert left == {
        ("p-2", "name", "Mirwais Khorvash"),
        ("p-2", "addressEntity", "a-2"),
        ("a-2", "full", "Market of Nilgar"),
        ("s-1", "entity", "p-2"),
        ("s-1", "program", "Lantern"),
    }
    assert not Statement.objects.filter(value__contains="Lane 4").exists()


def test_the_marks_on_the_same_words_of_another_list_stay(ledger, signers):
    own = Statement.objects.get(entity=ledger["k-1"], prop="name", value="Zarghun Talband")
    theirs = Dataset.objects.create(name="from-varand", title="From Varand", tlp=2, pap=1)
    twin = Entity.objects.create(
        id=9000,
        dataset=theirs,
        key="k-1",
        schema="Person",
        caption="Zarghun Talband",
        canonical_id=9000,
        digest=b"",
        text="",
    )
    Version.objects.create(
        dataset=theirs, number=1, format="x", sha256="", size=0, loaded_at=timezone.now(), loaded_by="x", file_name=""
    )
    Statement.objects.create(entity=twin, sid=own.sid, prop="name", value=own.value, since=1)
    for by in ("noor", "partner:varand", "partner:daryab"):
        SourceShown.objects.create(sid=own.sid_hex, by=by, at=timezone.now(), reason=WHY)
    HandlingGiven.objects.create(sid=own.sid_hex, by="partner:varand", at=timezone.now(), tlp=4, pap=3)
    sign(ask(ledger["k-1"]), signers)
    assert HandlingGiven.objects.filter(sid=own.sid_hex).count() == 1
    assert sorted(SourceShown.objects.values_list("by", flat=True)) == ["noor", "partner:varand"]


def test_as_what_the_person_was_set_apart_goes_from_the_log(ledger, signers):
    from baham.kernel.standing import Protected, Standing
    from baham.platform.ledger.standing import give_standing

    give_standing(ledger["k-1"], Standing.VICTIM, actor(), WHY, [Protected.ASYLUM])
    sign(ask(ledger["k-1"]), signers)
    entry = Entry.objects.get(act="gave standing")
    assert entry.detail == {} and entry.actor == actor().name
    anchor.catch_up()
    assert verify().intact, verify().message


def test_a_job_that_waits_keeps_what_it_was_given(ledger, signers):
    from baham.platform.jobs.models import Job

    given = {"path": "/somewhere/6104472215.csv", "name": "home-dept"}
    waits, over = (
        Job.objects.create(kind="load", title="6104472215.csv", owner="x", state=state, given=given)
        for state in ("queued", "done")
    )
    sign(ask(ledger["k-1"]), signers)
    waits.refresh_from_db()
    over.refresh_from_db()
    assert (waits.given, waits.title, over.given["path"], over.title) == (given, "", "", "")


def test_sent_back_after_all(ledger, signers):
    made = ask(ledger["k-1"])
    decide(made.matter, signers[0], Actor("hamida"), "back", WHY)
    with pytest.raises(CannotErase, match="Two people"):
        erasure.empty(Erasure.objects.get(), Actor("hamida"))
    with pytest.raises(CannotDecide):
        decide(made.matter, signers[1], Actor("baraan"), "erase", WHY)
