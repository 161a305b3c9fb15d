"""S-20: a cleared mistake stays cleared on the same evidence, comes back on new evidence, and a letter says so."""

from datetime import timedelta

import pytest
from django.utils import timezone

from baham.engines.names import Query
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity
from baham.platform.review.models import Item
from baham.platform.review.services import decide, propose
from baham.platform.screening import cleared, index
from baham.platform.screening.models import Clearing
from baham.platform.screening.services import evidence_as_json, screen
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, office, person, signed_in

ASKED = {"name": "Zarghun Talband", "birth_date": "1999-04-02"}
WHY = "The passport was seen: born fifteen years later, of another father."


def hits(asked=ASKED, **more):
    return [found.entity.key for found in screen([Query(**asked)], **more)[0]]


def put(ledger, asked=ASKED, asker="", key="k-1") -> Item:
    """A hit put before the reviewers, as the page does it."""
    found = next(one for one in screen([Query(**asked)], organisation=asker)[0] if one.entity.key == key)
    return propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        proposal={**asked, "verdict": found.hit.verdict},
        asker=asker,
        evidence=[evidence_as_json(one) for one in found.hit.evidence],
        entity=ledger[key],
    )


def clear(ledger, asked=ASKED, asker="", by="reviewer") -> Item:
    item = put(ledger, asked, asker)
    return decide(item, person(Role.REVIEWER, by), Actor(by), "different", WHY)


def test_the_same_pair_on_the_same_evidence_is_silent_everywhere(ledger):
    assert hits() == ["k-1"]
    clear(ledger)
    assert hits() == []
    assert hits({"name": "TALBAND  zarghun", "birth_date": "1999-04-02"}) == [], "the same name, written otherwise"
    assert hits(organisation="Another office") == [], "told apart by a birth date: for whoever asks"
    client = signed_in(person(Role.ANALYST))
    answer = client.post("/review/propose/", {**ASKED, "entity": ledger["k-1"].pk})
    assert answer.status_code == 409, "and cannot be put before the reviewers again by accident"


def test_the_console_says_who_cleared_it_when_and_why(ledger):
    clear(ledger)
    page = signed_in(person(Role.ANALYST)).post("/screen/", ASKED).content.decode()
    silent = page[page.index('<details class="silent">') :]
    assert (
        "cleared by" in silent and "reviewer" in silent and WHY in silent and Clearing.objects.get().reference in silent
    )
    assert "Put before the reviewers" not in page
    assert "Only what was cleared is like" in page and "Nobody in force" not in page
    assert Entry.objects.filter(act="screened").latest("number").detail["cleared"] == 1


def test_nothing_of_it_is_in_files(ledger, tmp_path):
    from baham.platform.screening.queries import Asked
    from baham.platform.screening.work import screened

    asked = [Asked("1", Query(**ASKED)), Asked("2", Query("Zarghun Talband", birth_date="1984"))]
    before = [len(found) for _line, found in screened(asked, 5)]
    clear(ledger)
    after = [len(found) for _line, found in screened(asked, 5)]
    assert (before, after) == ([1, 1], [0, 1])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"alias": "Zarghun of Torsang"}, ("names", "Zarghun of Torsang")),
        ({"birth_date": "1999-04-02"}, ("birth_dates", "1999-04-02")),
        ({"id_number": "61-9999-0001"}, ("identifiers", "61-9999-0001")),
        ({"father_name": "Sher Gul"}, ("father_names", "Sher Gul")),
    ],
    ids=["name", "birth date", "number", "father"],
)
def test_it_comes_back_when_the_entry_says_something_new_and_says_what(ledger, tmp_path, more, said):
    clear(ledger)
    load_rows(tmp_path, [{**PEOPLE[0], **more}, *PEOPLE[1:]])
    index.build()
    found = screen([Query(**ASKED)])[0]
    assert [one.entity.key for one in found] == ["k-1"]
    assert said in found[0].standing.new and not found[0].is_silent
    page = signed_in(person(Role.ANALYST)).post("/screen/", ASKED).content.decode()
    assert "New evidence" in page and said[1] in page


def test_a_value_that_is_only_written_otherwise_is_not_new(ledger, tmp_path):
    clear(ledger)
    load_rows(tmp_path, [{**PEOPLE[0], "name": "ZARGHUN TALBAND", "notes": "Now with a note."}, *PEOPLE[1:]])
    index.build()
    assert hits() == []


def test_it_comes_back_when_the_question_says_something_new(ledger):
    clear(ledger)
    found = screen([Query(**ASKED, father_name="Tor Baz")])[0]
    assert found[0].standing.new == (("father_name", "Tor Baz"),)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Zarghun Talband"},
        {**ASKED, "birth_date": "1984"},
        {"name": "Zarghon Talband", "birth_date": "1999-04-02"},
    ],
)
def test_somebody_else_of_the_name_is_not_covered(ledger, other):
    """Asked with less, or with other facts, it may be the listed person himself."""
    clear(ledger)
    found = screen([Query(**other)])[0]
    assert [one.entity.key for one in found] == ["k-1"]
    assert found[0].standing is None


def test_another_entry_is_not_covered(ledger, tmp_path):
    clear(ledger)
    load_rows(tmp_path, [{**PEOPLE[0], "id": "s-1"}], name="sahran")
    index.build()
    assert hits() == ["s-1"]


def test_by_the_name_alone_it_counts_for_the_office_that_asked_and_for_a_month(ledger, monkeypatch):
    alone = {"name": "Zarghun Talband"}
    clear(ledger, alone, asker="Daryab Commercial Bank")
    assert hits(alone, organisation="Daryab Commercial Bank") == []
    assert hits(alone, organisation="Border post Torsang") == ["k-1"]
    assert hits(alone) == ["k-1"]
    later = timezone.now() + timedelta(days=31)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert hits(alone, organisation="Daryab Commercial Bank") == ["k-1"]


def test_a_clearing_ends_with_its_review_date(ledger, monkeypatch, settings):
    clear(ledger)
    later = timezone.now() + timedelta(days=settings.REVIEW_DAYS - 1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    load_still_valid()
    assert hits() == []
    last = later + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: last)
    load_still_valid()
    assert hits() == ["k-1"]


def load_still_valid():
    """The list itself is reviewed in time; only the clearing is looked at here."""
    from baham.platform.ledger.models import Dataset

    Dataset.objects.update(review_by=timezone.localdate() + timedelta(days=100))


PROBABLE = {"name": "Zarghun Talband", "birth_date": "1984"}


def test_where_a_second_factor_agrees_silence_takes_a_second_person(ledger):
    """Letting go takes one signature; a listed person whom one officer lets go alerts the next time all the same."""
    first = clear(ledger, PROBABLE, by="first")
    assert first.outcome == "different"
    assert hits(PROBABLE) == ["k-1"]
    question = Item.objects.get(kind="clearing", outcome="")
    with pytest.raises(ValueError, match="proposed"):
        decide(question, first_user(), Actor("first"), "silent", WHY)
    decide(
        question,
        person(Role.REVIEWER, "second"),
        Actor("second"),
        "silent",
        "I have seen the same passport, and agree.",
    )
    assert hits(PROBABLE) == []
    clearing = Clearing.objects.get()
    assert (clearing.by, clearing.confirmed_by) == ("first", "second")


def first_user():
    from baham.platform.accounts.models import User

    return User.objects.get(username="first")


def test_a_second_person_may_refuse_the_silence(ledger):
    clear(ledger, PROBABLE, by="first")
    question = Item.objects.get(kind="clearing")
    decide(
        question,
        person(Role.REVIEWER, "second"),
        Actor("second"),
        "alert",
        "The passport was not seen by anybody here.",
    )
    assert hits(PROBABLE) == ["k-1"]
    assert not Clearing.objects.get().counts


def test_a_clearing_can_be_withdrawn_with_a_reason_alone(ledger):
    clear(ledger)
    clearing = Clearing.objects.get()
    client = signed_in(person(Role.LIST_OFFICER))
    assert client.post(f"/review/cleared/{clearing.pk}/withdraw/", {"reason": "no"}).status_code == 400
    assert hits() == []
    reason = "The passport that was shown has been reported stolen."
    assert client.post(f"/review/cleared/{clearing.pk}/withdraw/", {"reason": reason}).status_code == 302
    assert hits() == ["k-1"]
    entry = Entry.objects.get(act="withdrew a clearing")
    assert (entry.actor, entry.justification) == ("list_officer", reason)
    with pytest.raises(cleared.CannotClear, match="already"):
        cleared.withdraw(clearing, Actor("list_officer"), reason)


@pytest.mark.parametrize("choice", ["same", "unsure"])
def test_other_answers_clear_nobody(ledger, choice):
    decide(put(ledger), person(Role.REVIEWER), Actor("reviewer"), choice, WHY)
    assert hits() == ["k-1"]
    assert not Clearing.objects.exists()


def test_who_is_found_to_be_the_listed_person_after_all_is_no_longer_cleared(ledger):
    clear(ledger)
    more = {**ASKED, "father_name": "Tor Baz"}
    item = put(ledger, more)
    for name in ("second", "third"):
        item = decide(
            item, person(Role.REVIEWER, name), Actor(name), "same", "His brother and the register both say so."
        )
    assert item.outcome == "same"
    assert hits() == ["k-1"], "asked as he was when he was cleared, too"
    assert Clearing.objects.get().withdrawn_by == "third"


def test_the_clearing_stands_or_falls_with_the_signature(ledger, monkeypatch):
    item = put(ledger)

    def fault(*given, **more):
        raise RuntimeError("no")

    monkeypatch.setattr(cleared, "record", fault)
    with pytest.raises(RuntimeError):
        decide(item, person(Role.REVIEWER), Actor("reviewer"), "different", WHY)
    item.refresh_from_db()
    assert item.outcome == "" and not item.signatures.exists() and not Clearing.objects.exists()


def test_many_clearings_do_not_crowd_out_a_hit(ledger, tmp_path):
    """Those who were cleared are left out before the limit is counted, however many they are."""
    rows = [{"id": f"z-{number}", "name": "Zarghun Talband", "birth_date": "1960"} for number in range(30)]
    load_rows(tmp_path, rows, name="many")
    index.build()
    for entity in Entity.objects.filter(dataset__name="many"):
        cleared.remember(entity, ASKED, actor(), WHY, matter=1, organisation="", second_person=False)
    assert hits(limit=5) == ["k-1"]


@pytest.mark.parametrize("language", ["en", "ur", "ps"])
def test_the_letter_says_it_in_the_language_of_the_person_and_nothing_of_the_listed_one(ledger, language):
    kohsar = office("Kohsar Provincial CTD")
    item = clear(ledger, asker="Border post Torsang")
    user = person(Role.REVIEWER, "halim")
    user.organisation = kohsar
    user.save()
    client = signed_in(user)
    made = client.post(f"/review/{item.pk}/letter/", {"language": language})
    assert made.status_code == 302
    page = client.get(made.url).content.decode()
    letter = page[page.index("letter-text") :]
    assert f'<html lang="{language}" dir="{"ltr" if language == "en" else "rtl"}"' in page
    reference = Clearing.objects.get().reference
    for said in ("Zarghun Talband", "Border post Torsang", "Kohsar Provincial CTD", reference):
        assert said in letter
    for kept in ("61-0447-2215", "Tor Baz", "زرغون تلبند", WHY, "k-1", "possible"):
        assert kept not in letter, kept
    entry = Entry.objects.get(act="made out a clearing letter")
    assert (entry.event, entry.recipient, entry.detail["language"]) == ("disclosure", "the person concerned", language)


def test_a_list_that_is_not_public_is_not_named_in_the_letter(ledger):
    from baham.platform.ledger.models import Dataset

    item = clear(ledger)
    client = signed_in(person(Role.REVIEWER, "halim"))
    path = client.post(f"/review/{item.pk}/letter/", {"language": "en"}).url
    assert "Home Department list" in client.get(path).content.decode()
    Dataset.objects.update(tlp=2)
    assert "Home Department" not in client.get(path).content.decode()


@pytest.mark.parametrize("choice", ["unsure", None])
def test_there_is_no_letter_where_nobody_was_cleared(ledger, choice):
    item = put(ledger)
    client = signed_in(person(Role.REVIEWER))
    if choice:
        decide(item, person(Role.REVIEWER, "halim"), Actor("halim"), choice, WHY)
    assert client.post(f"/review/{item.pk}/letter/", {"language": "en"}).status_code == 404
    assert not Entry.objects.filter(act="made out a clearing letter").exists()
