"""Marking a value: stricter by whoever grades, wider by whoever signs, never wider than a partner marked it."""

import pytest
from django.utils import timezone

from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.accounts.roles import Role
from baham.platform.ledger import annotate, marking
from baham.platform.ledger.models import Dataset, Entity, HandlingGiven, Statement, handling_of
from baham.platform.ledger.record import find_statement
from tests.support.lists import load_rows
from tests.support.people import actor, person, reader, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."


@pytest.fixture
def name(tmp_path) -> Statement:
    load_rows(tmp_path)
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN))
    return Statement.objects.get(entity__key="k-1", prop="name")


def value(statement: Statement):
    return find_statement(Entity.objects.get(pk=statement.entity_id), statement.sid_hex, reader())


def page(statement: Statement) -> str:
    return f"/entity/{statement.entity_id}/statement/{statement.sid_hex}/"


FORM = {
    "act": "mark",
    "tlp": "3",
    "pap": "2",
    "reason": WHY,
    "originators": "Nilgar desk\n\n Kohsar desk ",
    "purposes": ["screening"],
    "expires": "",
}


def test_the_form_marks_and_the_chain_says_so(name):
    client = signed_in(person(Role.ANALYST))
    assert 'name="tlp"' in client.get(page(name)).content.decode()
    assert client.post(page(name), FORM).status_code == 302
    assert value(name).handling == Handling(
        TLP.AMBER_STRICT, PAP.AMBER, None, frozenset({"Nilgar desk", "Kohsar desk"}), frozenset({"screening"})
    )
    assert "Nilgar desk" in client.get(page(name)).content.decode()


@pytest.mark.parametrize(
    "more",
    [
        {"tlp": "9"},
        {"tlp": ""},
        {"pap": "x"},
        {"reason": "short"},
        {"purposes": ["whim"]},
        {"releasable_to": ["nobody"]},
        {"expires": "2020-01-01"},
        {"expires": "2026-99-99"},
        {"originators": "x" * 201},
    ],
)
def test_what_is_no_marking_is_refused_and_nothing_changes(name, more):
    client = signed_in(person(Role.REVIEWER))
    assert client.post(page(name), {**FORM, **more}).status_code == 400
    assert not HandlingGiven.objects.exists()


WIDER = [
    (Handling(TLP.GREEN, PAP.GREEN), "a wider TLP"),
    (Handling(TLP.AMBER, PAP.CLEAR), "a wider PAP"),
    (Handling(TLP.AMBER, PAP.GREEN, None, frozenset({"x"}), frozenset({"screening"})), "a tag is gone"),
    (Handling(TLP.AMBER, PAP.GREEN, frozenset({"a"}), frozenset(), frozenset({"screening"})), "an originator is gone"),
    (Handling(TLP.AMBER, PAP.GREEN, frozenset({"a"}), frozenset({"x"})), "every purpose"),
]


@pytest.mark.parametrize(("wanted", "why"), WIDER, ids=[why for _one, why in WIDER])
def test_whoever_grades_makes_nothing_wider_and_whoever_signs_may(name, wanted, why):
    now = Handling(TLP.AMBER, PAP.GREEN, frozenset({"a"}), frozenset({"x"}), frozenset({"screening"}))
    annotate.handle(name, now, actor(), WHY)
    with pytest.raises(annotate.CannotAnnotate, match="signs releases"):
        marking.mark(value(name), wanted, actor(), WHY, may_widen=False)
    marking.mark(value(name), wanted, actor(), WHY, may_widen=True)
    assert value(name).handling == wanted


def test_what_a_partner_marked_is_not_made_wider_here(name):
    Dataset.objects.filter(pk=name.entity.dataset_id).update(name="from-varand")
    HandlingGiven.objects.create(sid=name.sid_hex, by="partner:varand", at=timezone.now(), tlp=3, pap=2)
    with pytest.raises(annotate.CannotAnnotate, match="partner"):
        marking.mark(value(name), Handling(TLP.GREEN, PAP.GREEN), actor(), WHY, may_widen=True)
    marking.mark(value(name), Handling(TLP.RED, PAP.RED), actor(), WHY, may_widen=False)
    marking.mark(value(name), Handling(TLP.AMBER_STRICT, PAP.AMBER), actor(), WHY, may_widen=True)


def test_a_circle_that_nobody_knows_is_shown_and_not_lost(name):
    annotate.handle(name, Handling(TLP.AMBER, PAP.GREEN, frozenset({"unknown-circle"})), actor(), WHY)
    client = signed_in(person(Role.REVIEWER))
    assert 'value="unknown-circle" checked' in client.get(page(name)).content.decode()
    kept = {**FORM, "originators": "", "releasable_to": ["unknown-circle"]}
    assert client.post(page(name), kept).status_code == 302
    assert value(name).handling.releasable_to == {"unknown-circle"}


def test_who_neither_grades_nor_signs_marks_nothing(name):
    client = signed_in(person(Role.LIST_OFFICER))
    assert 'name="tlp"' not in client.get(page(name)).content.decode()
    assert client.post(page(name), FORM).status_code == 403
    officer = signed_in(person(Role.RELEASE_OFFICER))
    assert officer.post(page(name), {**FORM, "act": "grade", "grade": "B2"}).status_code == 403
    assert officer.post(page(name), FORM).status_code == 302


def test_what_a_partner_marked_holds_in_what_it_gave_whatever_we_say_of_our_own(name):
    """The very same statement stands in our list, which we mark, and in what the partner gave, which it marked RED."""
    theirs = Dataset.objects.create(name="from-varand", title="Varand", tlp=int(TLP.AMBER), pap=int(PAP.GREEN))
    marks = HandlingGiven.objects
    red = Handling(TLP.RED, PAP.RED, originators=frozenset({"Varand"}))
    marks.create(
        sid=name.sid_hex,
        by="partner:varand",
        reason="",
        at=timezone.now(),
        tlp=int(red.tlp),
        pap=int(red.pap),
        originators=["Varand"],
    )
    marking.mark(value(name), Handling(TLP.AMBER_STRICT, PAP.AMBER), actor(), WHY, may_widen=False)
    given = list(marks.filter(sid=name.sid_hex))
    assert handling_of(theirs, given) == red
    assert handling_of(name.entity.dataset, given) == Handling(TLP.AMBER_STRICT, PAP.AMBER)
    marks.create(
        sid=name.sid_hex, by="partner:varand", reason="", at=timezone.now(), tlp=int(TLP.GREEN), pap=int(PAP.CLEAR)
    )
    assert handling_of(theirs, list(marks.filter(sid=name.sid_hex))) == Handling(TLP.AMBER_STRICT, PAP.AMBER)


def test_whoever_marks_beyond_what_they_may_read_is_told_and_led_to_what_remains(name):
    client = signed_in(person(Role.ANALYST))
    made = client.post(page(name), {**FORM, "tlp": "4"}, follow=True)
    assert made.status_code == 200 and "you may not read the value yourself" in made.content.decode()
    assert "Zarghun Talband" not in made.content.decode()
    assert client.get(page(name)).status_code == 404
