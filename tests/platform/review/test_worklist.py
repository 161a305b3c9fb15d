"""The work list as queries: for whom a matter waits, what is on top, filters, neighbours, pace; and passing on."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity
from baham.platform.review.indicators import pace
from baham.platform.review.models import Item
from baham.platform.review.passing import SECOND_LINE, addresses, called, pass_on
from baham.platform.review.services import CannotDecide, decide, decide_together, propose, seen, waiting_for
from baham.platform.review.worklist import Wanted, neighbours, siblings, wanted_items
from tests.support.lists import load_rows
from tests.support.people import actor, office, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "The birth dates are fourteen years apart."


@pytest.fixture
def entities(tmp_path) -> list[Entity]:
    load_rows(tmp_path)
    return list(Entity.objects.order_by("pk"))


@pytest.fixture
def put(entities):
    def made(
        name="Zarghun", place=0, verdict="possible", kind="match", by="lashvar", hours=24.0, asker="", **more
    ) -> Item:
        return propose(
            kind,
            "",
            proposed_by=actor(by),
            proposal={"name": name, "verdict": verdict, **more},
            evidence=[],
            entity=entities[place],
            other=entities[1] if kind == "same-entity" else None,
            asker=asker,
            due_at=timezone.now() + timedelta(hours=hours),
        )

    return made


def of(organisation: str, username: str, role: Role = Role.REVIEWER):
    user = person(role, username)
    user.organisation = office(organisation)
    user.save()
    return user


def test_a_matter_waits_for_those_who_may_still_sign_it(put):
    noor, halim, analyst = person(Role.REVIEWER, "noor"), person(Role.REVIEWER, "halim"), person(Role.ANALYST)
    hit, own, pair = put(), put(by="noor"), put(kind="same-entity", by="noor")
    decide(hit, noor, Actor("noor"), "same", WHY)
    assert set(waiting_for(noor)) == {pair}, "neither what they signed nor what they proposed under four eyes"
    assert set(waiting_for(halim)) == {hit, own, pair}
    assert not waiting_for(analyst).exists()


def test_filters_and_their_address(put):
    user = person(Role.REVIEWER)
    late, probable, pair = put(hours=-1), put(verdict="probable"), put(kind="same-entity")

    def shown(**given):
        return set(wanted_items(Wanted.read(given), user))

    assert shown(overdue="1") == {late}
    assert shown(verdict="probable") == {probable}
    assert shown(kind="same-entity") == {pair}
    assert shown(dataset="home-dept") == {late, probable, pair}
    assert shown(dataset="nowhere") == set()
    assert shown(kind="' OR 1=1", verdict="x", sort="y") == {late, probable, pair}, "what is not known is left out"
    assert shown(dataset="\0") == shown(dataset="x" * 500) == {late, probable, pair}
    assert Wanted.read({"kind": "match", "mine": "1", "sort": "due"}).address(3) == "kind=match&mine=1&page=3"
    assert Wanted().address() == ""


def test_neighbours_keep_the_place_in_the_list_one_came_from(put):
    user = person(Role.REVIEWER)
    items = [put(hours=hours) for hours in (3, 1, 2)]
    beside = neighbours(items[2], Wanted(), user)
    assert (beside.place, beside.of, beside.before, beside.after) == (2, 3, items[1].pk, items[0].pk)
    assert neighbours(items[0], Wanted(kind="same-entity"), user) is None


def test_the_next_matter_of_the_same_list_follows_a_decision(put):
    first, _other, third = put(hours=1), put(hours=2, kind="same-entity"), put(hours=3)
    client = signed_in(person(Role.REVIEWER))
    answer = client.post(f"/review/{first.pk}/?in=kind%3Dmatch", {"choice": "different", "reason": WHY})
    assert answer.url == f"/review/{third.pk}/?in=kind%3Dmatch"


def test_passing_on_keeps_it_open_with_its_history_and_changes_who_sees_it_first(put):
    noor, halim, barvand = (
        of("Kohsar CTD", "noor"),
        of("Home Department", "halim"),
        person(Role.LIST_OFFICER, "barvand"),
    )
    urgent, item = put(hours=-5), put()
    assert waiting_for(barvand).first() == urgent
    pass_on(item, noor, Actor("noor"), "role:list_officer", "He knows the file on which the listing rests.")
    item.refresh_from_db()
    assert item.outcome == "" and item.passings.get().by == "noor"
    assert waiting_for(barvand).first() == item, "before what is overdue"
    assert waiting_for(halim).first() == urgent and item in waiting_for(halim), "nobody loses sight of it"
    assert item not in waiting_for(noor)
    with pytest.raises(CannotDecide, match="passed this on"):
        decide(item, noor, Actor("noor"), "different", WHY)
    entry = Entry.objects.get(act="passed on")
    assert (entry.recipient, entry.justification) == (
        "role:list_officer",
        "He knows the file on which the listing rests.",
    )
    assert decide(item, barvand, Actor("barvand"), "different", WHY).outcome == "different"


def test_the_second_line_is_another_organisation(put):
    noor, near, far = of("Kohsar CTD", "noor"), of("Kohsar CTD", "near"), of("Home Department", "far")
    urgent, item = put(hours=-5), put()
    pass_on(item, noor, Actor("noor"), SECOND_LINE, "Our office arrested him once; others should look.")
    assert waiting_for(far).first() == item
    assert waiting_for(near).first() == urgent
    assert called(Item.objects.get(pk=item.pk).passed_to) == "second line"


def test_who_may_be_passed_to(put):
    of("Kohsar CTD", "noor")
    of("A bank", "korband", Role.ANALYST)
    codes = [code for code, _label in addresses()]
    assert codes[0] == SECOND_LINE
    assert "organisation:Kohsar CTD" in codes and "organisation:A bank" not in codes
    assert {code for code in codes if code.startswith("role:")} == {
        "role:reviewer",
        "role:list_officer",
        "role:release_officer",
    }


@pytest.mark.parametrize(
    ("to", "reason", "said"),
    [
        ("role:king", WHY, "to whom"),
        ("", WHY, "to whom"),
        ("role:list_officer", "no", "20"),
        ("organisation:", WHY, "to whom"),
    ],
)
def test_passing_on_needs_an_address_and_a_reason(put, to, reason, said):
    item = put()
    with pytest.raises(CannotDecide, match=said):
        pass_on(item, person(Role.REVIEWER), Actor("reviewer"), to, reason)
    assert not item.passings.exists()


@pytest.mark.parametrize("role", [Role.ANALYST, Role.OVERSIGHT, None])
def test_who_may_not_decide_passes_nothing_on(put, role):
    user = person(role)
    with pytest.raises(CannotDecide):
        pass_on(put(), user, Actor(user.username), "role:reviewer", WHY)


def test_a_signature_before_a_passing_stays_one_of_the_two(put):
    first, second = person(Role.REVIEWER, "first"), person(Role.REVIEWER, "second")
    item = put()
    decide(item, first, Actor("first"), "same", WHY)
    pass_on(item, second, Actor("second"), "role:list_officer", WHY)
    third = person(Role.LIST_OFFICER, "third")
    assert decide(item, third, Actor("third"), "same", WHY).outcome == "same"


def test_different_may_be_signed_for_several_entries_of_one_subject(put):
    user = person(Role.REVIEWER)
    facts = {"birth_date": "1991-06-02"}
    item, second, third = (put(place=place, **facts) for place in (0, 1, 2))
    probable, elsewhere = put(verdict="probable", **facts), put(asker="A bank", **facts)
    somebody_else = put("Mirwais", **facts)
    assert {one.pk for one in siblings(item, user)} == {second.pk, third.pk}
    decide_together(item, [second], user, Actor(user.username), WHY)
    states = {one.pk: one.outcome for one in Item.objects.all()}
    assert (states[item.pk], states[second.pk], states[third.pk]) == ("different", "different", "")
    for other in (probable, elsewhere, somebody_else):
        with pytest.raises(CannotDecide, match="together"):
            decide_together(third, [other], user, Actor(user.username), WHY)
    assert Item.objects.get(pk=third.pk).outcome == "", "all of them, or none"
    assert Entry.objects.filter(act="signed different").count() == 2


@pytest.mark.parametrize("choice", ["same", "unsure"])
def test_nothing_else_is_decided_for_several(put, choice):
    facts = {"birth_date": "1991-06-02"}
    item, second = put(place=0, **facts), put(place=1, **facts)
    client = signed_in(person(Role.REVIEWER))
    answer = client.post(f"/review/{item.pk}/", {"choice": choice, "reason": WHY, "also": [second.pk]})
    assert answer.status_code == 400
    assert not Item.objects.exclude(outcome="").exists()


def test_time_to_decision_is_kept_from_opening_over_the_first_look(put, monkeypatch):
    start = timezone.now()
    clock = {"now": start}
    monkeypatch.setattr(timezone, "now", lambda: clock["now"])
    user, item = person(Role.REVIEWER), put()
    clock["now"] = start + timedelta(minutes=10)
    seen(item, user)
    clock["now"] = start + timedelta(minutes=12)
    seen(item, user)
    clock["now"] = start + timedelta(minutes=30)
    done = decide(item, user, Actor(user.username), "different", WHY)
    assert done.took == timedelta(minutes=30)
    assert Item.objects.get(pk=item.pk).seen_at - item.opened_at == timedelta(minutes=10)
    assert item.signatures.get().seen_at == start + timedelta(minutes=10)


def test_the_pace_of_thirty_days(put, monkeypatch):
    now = timezone.now()
    for minutes in range(1, 11):
        item = put(hours=-1 if minutes == 1 else 1)
        Item.objects.filter(pk=item.pk).update(
            outcome="different",
            closed_at=now,
            opened_at=now - timedelta(minutes=minutes),
            seen_at=now - timedelta(minutes=minutes / 2),
        )
    old = put()
    Item.objects.filter(pk=old.pk).update(
        outcome="different", closed_at=now - timedelta(days=31), opened_at=now - timedelta(days=90)
    )
    put(hours=-2)
    put(hours=2)
    found = pace(Item.objects.all())
    assert (found.decided, found.overdue) == (10, 1)
    assert (found.median, found.ninth) == (timedelta(minutes=5), timedelta(minutes=9))
    assert found.median_to_first_look == timedelta(minutes=2.5)
    assert pace(Item.objects.all(), kind="same-entity").median is None


def test_a_matter_is_named_in_the_language_of_its_reader(put):
    item = put("Zarghun Talband")
    client = signed_in(person(Role.REVIEWER))
    english = client.get("/review/").content.decode()
    client.cookies["baham_language"] = "ur"
    urdu = client.get("/review/").content.decode()
    assert "Is <bdi" in english and "Is <bdi" not in urdu
    assert item.title == ""
    for page in (english, urdu):
        assert '<bdi dir="auto">Zarghun Talband</bdi>' in page


def test_the_same_question_is_not_put_twice_while_it_waits(put, entities):
    from baham.platform.screening import index

    index.build()
    client = signed_in(person(Role.ANALYST))
    given = {"name": "Zarghun Talband", "birth_date": "1985", "entity": entities[0].pk}
    first = client.post("/review/propose/", given).url
    assert client.post("/review/propose/", {**given, "name": "ZARGHUN talband"}).url == first
    assert client.post("/review/propose/", {**given, "birth_date": "1986"}).url != first
    decide(Item.objects.get(pk=first.split("/")[2]), person(Role.REVIEWER), Actor("reviewer"), "unsure", WHY)
    assert client.post("/review/propose/", given).url not in (first, "")


def test_odd_addresses_of_a_matter(put):
    item, client = put(), signed_in(person(Role.REVIEWER))
    for odd in ("page%3D" + "9" * 5_000, "%00", "sort%3Dx%26kind%3D%00", "%2F%2Fevil.example"):
        page = client.get(f"/review/{item.pk}/?in={odd}")
        assert page.status_code == 200
        assert "evil" not in page.content.decode().split("<main")[1], "no address but of this list leads back"
    answer = client.post(f"/review/{item.pk}/", {"choice": "different", "reason": WHY, "also": ["9" * 40, "x", "7"]})
    assert answer.status_code == 302, "numbers of no matter are no matters"


def test_a_hostile_name_stays_text(put):
    put("<script>alert(1)</script>%(entry)s‮")
    page = signed_in(person(Role.REVIEWER)).get("/review/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;%(entry)s⟨U+202E⟩" in page


def test_five_hundred_matters_cost_no_more_queries_than_two(put):
    client = signed_in(person(Role.REVIEWER))
    for hours in (1, 2):
        put(hours=hours)

    def count() -> int:
        client.get("/review/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/review/").status_code == 200
        return len(asked)

    few = count()
    model = Item.objects.first()
    Item.objects.bulk_create(
        Item(
            kind="match",
            proposal=model.proposal,
            evidence=[],
            entity=model.entity,
            proposed_by="lashvar",
            due_at=model.due_at,
        )
        for _ in range(500)
    )
    assert count() == few
    page = client.get("/review/?page=3")
    assert len(page.context["rows"]) == 50
    assert f"/review/{page.context['rows'][0].item.pk}/?in=page%3D3" in page.content.decode()
