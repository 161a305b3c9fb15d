"""The ledger's conformance suite, part one: loading. The same tests run on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest

from baham.formats import BadInput
from baham.platform.audit.models import Entry
from baham.platform.ledger import fulltext
from baham.platform.ledger.models import Change, Dataset, Entity, Statement, Version
from baham.platform.ledger.record import read
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, reader

pytestmark = pytest.mark.django_db


def counts():
    return Entity.objects.count(), Statement.objects.count(), Version.objects.count(), Change.objects.count()


def test_first_load(tmp_path):
    done = load_rows(tmp_path)
    assert (done.version.number, done.version.entities, done.version.added) == (1, 4, 4)
    assert Statement.objects.count() == done.version.statements
    entity = Entity.objects.get(key="k-1")
    assert entity.caption == "Zarghun Talband"
    assert entity.canonical_id == entity.pk
    assert {s.value for s in entity.statements.filter(prop="alias")} == {"زرغون تلبند"}


def test_every_value_keeps_where_it_stood(tmp_path):
    load_rows(tmp_path)
    for statement in Statement.objects.all():
        assert statement.record
        assert statement.field


def test_odd_values_are_kept_read_and_flagged(tmp_path):
    done = load_rows(tmp_path)
    birth = Statement.objects.get(entity__key="k-3", prop="birthDate")
    assert (birth.value, birth.original, birth.flags) == ("1968", "1968-00-00", "partial")
    assert Statement.objects.get(entity__key="k-3", prop="notes").flags == "formula"
    assert done.version.flagged == 1


def test_the_same_file_twice_changes_nothing(tmp_path):
    first = load_rows(tmp_path)
    before = counts()
    again = load_rows(tmp_path)
    assert again.unchanged
    assert again.version == first.version
    assert counts() == before


def test_the_same_content_in_another_file_changes_no_statement(tmp_path):
    load_rows(tmp_path)
    entities, statements, _, changes = counts()
    done = load_rows(tmp_path, [*reversed(PEOPLE)])
    assert (done.version.number, done.version.added, done.version.changed, done.version.removed) == (2, 0, 0, 0)
    assert counts() == (entities, statements, 2, changes)


def test_a_newer_version_is_applied_as_a_delta(tmp_path):
    load_rows(tmp_path)
    old = dict(Statement.objects.values_list("sid", "pk"))
    new = {"id": "k-9", "name": "Gulalai Rudabari"}
    done = load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985"}, *PEOPLE[1:3], new])
    assert (done.version.added, done.version.changed, done.version.removed) == (1, 1, 1)
    births = Statement.objects.filter(entity__key="k-1", prop="birthDate").order_by("pk")
    assert [(s.value, s.since, s.until) for s in births] == [("1984", 1, 2), ("1985", 2, None)]
    untouched = Statement.objects.get(entity__key="k-1", prop="name")
    assert old[untouched.sid] == untouched.pk
    gone = Entity.objects.get(key="k-4")
    assert not gone.current
    assert not gone.statements.filter(until=None).exists()
    assert {c.kind for c in gone.changes.all()} == {"added", "removed"}


def test_who_comes_back_is_listed_again_with_the_gap_on_record(tmp_path):
    load_rows(tmp_path)
    load_rows(tmp_path, PEOPLE[:3])
    done = load_rows(tmp_path, PEOPLE)
    assert done.version.added == 1
    back = Entity.objects.get(key="k-4")
    assert back.current
    names = back.statements.filter(prop="name").order_by("pk")
    assert [(s.since, s.until) for s in names] == [(1, 2), (3, None)]


def test_as_known_on_a_date(tmp_path):
    load_rows(tmp_path, at=datetime(2026, 1, 1, tzinfo=UTC))
    load_rows(tmp_path, [{**PEOPLE[0], "birth_date": "1985"}], at=datetime(2026, 6, 1, tzinfo=UTC))
    entity = Entity.objects.get(key="k-1")

    def births(on):
        return [value.statement.value for value in read(entity, reader(), on).properties.get("birthDate", [])]

    assert births(datetime(2025, 12, 31, tzinfo=UTC)) == []
    assert births(datetime(2026, 3, 1, tzinfo=UTC)) == ["1984"]
    assert births(datetime(2026, 7, 1, tzinfo=UTC)) == ["1985"]
    assert births(None) == ["1985"]
    delisted = Entity.objects.get(key="k-2")
    assert read(delisted, reader(), datetime(2026, 3, 1, tzinfo=UTC)).properties
    assert not read(delisted, reader(), datetime(2026, 7, 1, tzinfo=UTC)).properties
    assert read(delisted, reader()).properties["name"], "what a delisted entry last said stays readable"


@pytest.mark.parametrize(
    "broken",
    [
        b"id,name\nk-1,Zarghun\nk-2,\xff\xfe\n",
        b"id,name\nk-1,A\nk-2,B\nk-1,C\n",
        b"nothing,here\n1,2\n",
        b"",
        b"\x89PNG\r\n\x1a\n",
    ],
)
def test_a_load_that_fails_leaves_nothing_behind(tmp_path, broken):
    load_rows(tmp_path)
    before, entries = counts(), Entry.objects.count()
    path = tmp_path / "broken.csv"
    path.write_bytes(broken)
    from baham.platform.ledger.load import load

    with pytest.raises(BadInput) as caught:
        load(path, "home-dept", actor())
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)
    assert counts() == before
    assert Entry.objects.count() == entries
    with pytest.raises(BadInput):
        load(path, "a-new-list", actor())
    assert not Dataset.objects.filter(name="a-new-list").exists()


def test_an_entity_that_occurs_twice_far_apart_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("baham.platform.ledger.load._BATCH", 2)
    rows = [{"id": f"k-{n}", "name": f"Name {n}"} for n in range(6)]
    load_rows(tmp_path, rows)
    before = counts()
    with pytest.raises(BadInput):
        load_rows(tmp_path, [*rows, {"id": "k-0", "name": "Again"}])
    assert counts() == before


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("zarghun", {"k-1"}),
        ("TALB", {"k-1"}),
        ("زرغون", {"k-1"}),
        ("تلبند زرغون", {"k-1"}),
        ("61-0447", {"k-1"}),
        ("talband mirwais", set()),
        ("نيلگر", set()),
        ("", set()),
        ("\"*'", set()),
        ("nilgar", {"k-3", "k-4"}),
    ],
)
def test_full_text(tmp_path, query, found):
    load_rows(tmp_path)
    assert {Entity.objects.get(pk=pk).key for pk in fulltext.find(query, 10)} == found


def test_full_text_follows_a_change(tmp_path):
    load_rows(tmp_path)
    load_rows(tmp_path, [{**PEOPLE[0], "name": "Zarghoon Talbund"}, *PEOPLE[1:]])
    assert fulltext.find("talbund", 10)
    assert not fulltext.find("talband", 10)


def test_arabic_letters_that_look_alike_are_found(tmp_path):
    load_rows(tmp_path, [{"id": "k-1", "name": "علي كريمي"}])
    assert fulltext.find("علی کریمی", 10)


def test_bidi_nul_and_surrogates_do_not_break_a_load(tmp_path):
    path = tmp_path / "odd.jsonl"
    path.write_text('{"id":"x1","schema":"Person","properties":{"name":["A\\u202eB","C\\u0000D","E\\ud800F"]}}\n')
    from baham.platform.ledger.load import load

    load(path, "odd", actor())
    flags = set(Statement.objects.values_list("flags", flat=True))
    assert flags == {"bidi", "replacement"}


def test_loading_is_logged_with_the_transaction(tmp_path):
    done = load_rows(tmp_path)
    entry = Entry.objects.get(act="loaded")
    assert entry.event == "collection"
    assert entry.detail["sha256"] == done.version.sha256
