"""Whatever changes what a reader would be told puts its entity at the end of the order, in the same transaction."""

import importlib

import pytest
from django.apps import apps
from django.db import connection, transaction

from baham.formats import stix
from baham.formats.stix.ids import entity_id
from baham.kernel.handling import TLP, Handling
from baham.kernel.standing import Standing
from baham.platform.ledger import annotate, expiry, resolve, standing, touches
from baham.platform.ledger.models import Entity, Judgement, Restriction, Statement, Touch, Version
from baham.platform.ledger.outside import id_of
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."


@pytest.fixture
def ledger(tmp_path):
    load_rows(tmp_path)
    return {entity.key: entity for entity in Entity.objects.all()}


def order() -> list[str]:
    return list(Touch.objects.order_by("at").values_list("entity__key", flat=True))


def test_a_load_touches_what_it_adds_changes_and_removes_and_nothing_else(tmp_path, ledger):
    assert order() == ["k-1", "k-2", "k-3", "k-4"]
    first = dict(Touch.objects.values_list("entity__key", "first"))
    last = Touch.objects.order_by("-at").first().at
    changed = [{**PEOPLE[0], "notes": "more"}, PEOPLE[2], PEOPLE[3], {"id": "k-9", "name": "Storai Daryabi"}]
    load_rows(tmp_path, changed)
    assert order() == ["k-3", "k-4", "k-1", "k-2", "k-9"]
    moved = Touch.objects.filter(at__gt=last)
    assert {one.entity.key for one in moved} == {"k-1", "k-2", "k-9"}
    assert {key: one for key, one in Touch.objects.values_list("entity__key", "first") if key != "k-9"} == first


def said(entity: Entity) -> Statement:
    return Statement.objects.filter(entity=entity, prop="name").first()


def lifted(entity: Entity) -> None:
    standing.lift(Restriction.objects.get(entity=entity), actor(), WHY)


def restricted(entity: Entity) -> None:
    Restriction.objects.filter(entity=entity).delete()
    standing.restrict(entity, actor(), WHY)


ACTS = {
    "a grade": lambda one: annotate.grade(said(one), "B2", actor(), WHY),
    "a handling": lambda one: annotate.handle(said(one), Handling(tlp=TLP.RED), actor(), WHY),
    "an assessment": lambda one: annotate.assess(said(one), one.dataset.review_by, "low", actor(), WHY),
    "a stance": lambda one: annotate.take_stance(said(one), "supports", actor(), WHY),
    "a standing": lambda one: standing.give_standing(one, Standing.WITNESS, actor(), WHY),
    "a restriction": restricted,
    "its lifting": lambda one: (standing.restrict(one, actor(), WHY), lifted(one)),
    "a review date": lambda one: expiry.extend(one.dataset, actor(), WHY, entity=one),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_every_act_on_an_entity_touches_it(ledger, act):
    before = Touch.objects.get(entity=ledger["k-2"]).at
    act(ledger["k-2"])
    assert order() == ["k-1", "k-3", "k-4", "k-2"]
    assert Touch.objects.get(entity=ledger["k-2"]).at > before


def test_what_is_undone_touches_nothing(ledger):
    before = order()
    with pytest.raises(RuntimeError), transaction.atomic():
        annotate.grade(said(ledger["k-1"]), "B2", actor(), WHY)
        raise RuntimeError
    assert order() == before


def test_a_judgement_touches_both_and_its_retraction_all_that_were_one(ledger):
    resolve.judge(ledger["k-1"], ledger["k-3"], "same", actor(), WHY)
    assert order() == ["k-2", "k-4", "k-1", "k-3"]
    annotate.grade(said(Entity.objects.get(key="k-3")), "B2", actor(), WHY)
    assert order() == ["k-2", "k-4", "k-1", "k-3"], "what stands for it was touched too, in the order of the entities"
    standing.give_standing(ledger["k-2"], Standing.SUSPECT, actor(), WHY)
    resolve.retract(Judgement.objects.get(), actor(), WHY)
    assert order() == ["k-4", "k-2", "k-1", "k-3"]


def test_a_list_that_is_put_off_is_touched_whole(tmp_path, ledger):
    load_rows(tmp_path, [{"id": "z", "name": "Nazo Sahrani"}], name="other")
    expiry.extend(ledger["k-1"].dataset, actor(), WHY)
    assert order() == ["z", "k-1", "k-2", "k-3", "k-4"]


def test_another_list_that_says_the_same_under_the_same_key_is_touched_with_it(tmp_path, ledger):
    load_rows(tmp_path, name="copy")
    annotate.grade(said(ledger["k-1"]), "B2", actor(), WHY)
    touched = Touch.objects.order_by("-at")[:2]
    assert {(one.entity.dataset.name, one.entity.key) for one in touched} == {("home-dept", "k-1"), ("copy", "k-1")}


def test_places_grow_whatever_the_clock_does(ledger, monkeypatch):
    monkeypatch.setattr(touches, "now", lambda: 5)
    before = Touch.objects.order_by("-at").first().at
    for key in ("k-1", "k-2", "k-1"):
        touches.touch([ledger[key].pk])
    places = list(Touch.objects.order_by("at").values_list("at", flat=True))
    assert before + 3 * touches.STEP <= places[-1] <= before + 3 * touches.STEP * touches.WIDEST
    assert all(later - earlier >= touches.STEP for earlier, later in zip(places, places[1:], strict=False))


def test_an_entity_is_found_by_its_id_outside(ledger, django_assert_max_num_queries):
    from uuid import UUID

    public = id_of("home-dept", "k-2")
    asked = entity_id("identity", public)
    name = UUID(asked.removeprefix("identity--"))
    assert touches.uuid_of(public) == name
    assert touches.entities_of([name, UUID(int=1)]) == {name: ledger["k-2"].pk}
    observable = UUID(entity_id("user-account", public).removeprefix("user-account--"))
    assert UUID(bytes=observable.bytes, version=4) == name, "whatever its type"
    with django_assert_max_num_queries(2):
        touches.entities_of([name])
    assert stix.NAMESPACE


def test_the_migration_fills_it_for_what_is_there(tmp_path, ledger):
    load_rows(tmp_path, [PEOPLE[1], PEOPLE[3], {**PEOPLE[0], "notes": "more"}])
    Entity.objects.create(
        id=99,
        dataset=ledger["k-1"].dataset,
        key="k-0",
        schema="Person",
        caption="before versions",
        canonical_id=99,
        digest=b"",
        text="",
    )
    Touch.objects.all().delete()
    migration = importlib.import_module("baham.platform.ledger.migrations.0005_touches")

    class Editor:
        connection = None

    Editor.connection = connection
    migration.fill(apps, Editor)
    assert order() == ["k-2", "k-4", "k-1", "k-3", "k-0"]
    first, second = Version.objects.order_by("number")
    assert Touch.objects.get(entity__key="k-1").first == touches.moment(first.loaded_at)
    assert Touch.objects.get(entity__key="k-1").at > touches.moment(second.loaded_at)


def test_the_distance_between_places_is_chance(ledger, tmp_path):
    """Of what stands between two that a reader may know of, it is not to count the others."""
    load_rows(tmp_path, [{**PEOPLE[0], "id": f"m-{n}"} for n in range(60)])
    places = list(Touch.objects.order_by("at").values_list("at", flat=True))[-60:]
    far = {later - before for before, later in zip(places, places[1:], strict=False)}
    assert len(far) > 3 and not any(one % touches.STEP for one in far)
    assert max(far) <= touches.STEP * touches.WIDEST
