"""S-13: one command gives a person all that is held on them, in Urdu, Pashto or English."""

import json
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.accounts.models import User
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.places import Concerned
from baham.platform.protection import PersonalData
from baham.platform.review.errors import CannotDecide
from baham.platform.review.services import decide
from baham.platform.rights import erasing, report, requests
from baham.platform.rights.access import HELD, NotHeld, concerned, gather
from baham.platform.rights.models import Request
from baham.platform.rights.telling import BY_CHOICE, Ground, Kept, Line, Part, Telling, Thing, tell_all
from tests.support import commands
from tests.support import concerned as invented
from tests.support.lists import load_rows
from tests.support.people import actor

ROOT = Path(__file__).resolve().parents[2]
WHY = "Everything that the rule allows is told to the person."


@pytest.fixture
def mine(db, tmp_path) -> Entity:
    return invented.world(tmp_path)


@pytest.fixture
def request_of(mine) -> Request:
    return requests.ask(actor("barvand"), entities=[mine.pk], asked=invented.ASKED, verified="passport seen")


def answered(one: Request, choice: str = "give", by: tuple[str, ...] = ("noor",), **more) -> Request:
    for name in by:
        requests.decide_on(one, one.matter, User.objects.get(username=name), Actor(name), choice, WHY, **more)
    one.refresh_from_db()
    return one


# 1. Every place is covered ------------------------------------------------------------------------------------------


def not_staff(model) -> bool:
    declared = getattr(model, "personal_data", {})
    return any(said.category != "staff" for said in declared.values() if isinstance(said, PersonalData))


OURS = [model for model in apps.get_models() if model.__module__.startswith("baham.") and not_staff(model)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_that_is_about_somebody_is_in_the_registry(model):
    assert any(model._meta.label in entry.covers for entry in HELD), "add an entry to HELD (platform/rights/access.py)"


def test_the_registry_names_models_that_exist_and_each_place_once():
    for entry in HELD:
        assert all(apps.get_model(name) for name in entry.covers)
    assert len({entry.code for entry in HELD}) == len(HELD)


def test_something_is_found_in_every_place(mine, request_of):
    found = {thing.place for thing in gather(concerned([mine.pk], invented.ASKED))}
    assert found == {entry.code for entry in HELD}


# 2. What is told ----------------------------------------------------------------------------------------------------

TOLD = (
    "Zarghun Talband",
    "زرغون تلبند",
    "1984",
    "Tor Baz",
    "61-0447-2215",
    "Was mistaken for a trader",
    "P-12",
    "C3",
    "His shop was shut in that year.",
    "moderate",
    "contradicts",
    "Named in first report 12 of 2025.",
    "suspect",
    "journalist",
    "He contests his birth date before the court.",
    "Extended since the case is before the court.",
    "Border post Torsang",
    "His identity card and his brother both say so.",
    "Lower court Nilgar",
    "CUST-12",
    "Rudabar Bank",
    "The programme was another one’s.",
    "Zarghun of the ferry",
    "Rudabar quay",
    "D4",
    "passport seen",
    "Carries 61-0447-2215",
    "Rudabar, open matter",
    "Home Department list",
    "B2",
    "review",
)


def test_each_value_is_told(mine, request_of):
    made, _kept = requests.preview(request_of)
    told = " | ".join(invented.values(made))
    assert [text for text in TOLD if text not in told] == []


def test_nothing_of_others_is_told_and_no_source(mine, request_of):
    made, kept = requests.preview(request_of)
    told = invented.values(made)
    for form in report.FORMS:
        text = report.render(made, "en", form, {"number": "A-000001"})
        for secret in (*invented.SECRETS, *invented.OTHERS):
            assert secret not in text, (form, secret)
    assert "recipient|agency" in told, "who had it is told by kind, where the name is not"
    assert kept[Kept.SOURCE] >= 1 and kept[Kept.MARKING] >= 1 and kept[Kept.ORIGINATOR] >= 1
    assert Kept.SOURCE.value not in told, "that there is a source is not even mentioned"
    assert {"marking", "originator", "other person", "officer", "partner"} <= told


def test_who_read_it_is_told_by_role_office_and_purpose(mine, request_of):
    made, _kept = requests.preview(request_of)
    readers = next(place for place in made["places"] if place["code"] == "readers")["things"]
    instead = {line.get("instead") for thing in readers for line in thing["lines"]}
    purposes = {line.get("value") for thing in readers for line in thing["lines"] if line["label"] == "purpose"}
    assert "officer|reviewer|Kohsar Provincial CTD" in instead
    assert {"review", "screening"} <= purposes, "opened, and shown by a search that names several"


def test_the_second_person_learns_nothing_of_the_first(mine):
    asked = {**invented.STRANGER}
    one = requests.ask(actor("barvand"), asked=asked, verified="passport seen")
    made, _kept = requests.preview(one)
    text = report.render(made, "en", "html", {"number": one.number})
    assert "Zarghon Talbend" in text and "Rudabar Bank" in text, "his own check is told"
    for secret in ("Zarghun Talband", "1984", "61-0447-2215", "Tor Baz", "Palwasha", "Spogmai", *invented.SECRETS):
        assert secret not in text, secret


def test_a_published_list_is_always_given(mine, request_of, tmp_path):
    load_rows(tmp_path, [{"id": "s-1", "name": "Zarghun Talband", "id_number": "61-0447-2215"}], name="sahran")
    public = Entity.objects.get(key="s-1")
    Dataset.objects.filter(name="sahran").update(title="Gazette of Sahran", publisher="Sahran")
    requests.link(request_of, actor("barvand"), [public.pk])
    one = answered(request_of, "neither", ("noor", "halim"), ground="d")
    text = requests.give_out(one, actor("barvand"), "en", "txt")
    assert "Gazette of Sahran" in text and "61-0447-2215" in text
    assert "Home Department" not in text and "Tor Baz" not in text


# 3. Who decides -----------------------------------------------------------------------------------------------------


def test_nothing_is_given_out_before_a_person_decided(request_of):
    with pytest.raises(requests.CannotAnswer, match="waits for a decision"):
        requests.give_out(request_of, actor("barvand"), "en", "html")
    one = answered(request_of)
    assert requests.give_out(one, actor("barvand"), "en", "html")
    entry = Entry.objects.get(act="gave an answer to a request")
    assert (entry.event, entry.recipient) == ("disclosure", "the person concerned")
    assert entry.detail["items"] == one.content["items"] and entry.detail["kept"] == one.content["kept"] > 0


@pytest.mark.parametrize(
    ("choice", "more"),
    [
        ("refuse", {"ground": "a"}),
        ("neither", {"ground": "d"}),
        ("part", {"ground": "b", "parts": ["reader", "matter"]}),
    ],
)
def test_keeping_more_takes_two_people_who_say_the_same_and_a_ground(request_of, choice, more):
    with pytest.raises(CannotDecide, match="ground"):
        answered(request_of, choice)
    assert answered(request_of, choice, **more).is_open, "one is not enough"
    with pytest.raises(CannotDecide, match="another ground"):
        answered(request_of, choice, ("halim",), **{**more, "ground": "c"})
    one = answered(request_of, choice, ("halim",), **more)
    assert one.answer == choice and set(one.grounds.values()) == {more["ground"]}
    assert one.kept["source"] == 1, "what the answer does not mention is counted on file"


def test_who_wrote_it_down_does_not_decide_it_and_the_plain_page_cannot(request_of):
    with pytest.raises(CannotDecide):
        answered(request_of, "give", ("barvand",))
    with pytest.raises(CannotDecide, match="own page"):
        decide(request_of.matter, User.objects.get(username="noor"), Actor("noor"), "give", WHY)
    request_of.refresh_from_db()
    assert request_of.is_open and not request_of.matter.signatures.exists()


def test_neither_confirmed_nor_denied_says_the_same_to_somebody_of_whom_nothing_is_held(mine):
    ours = requests.ask(actor("barvand"), entities=[mine.pk], asked=invented.ASKED, verified="passport seen")
    nobody = requests.ask(
        actor("barvand"),
        asked={**invented.ASKED, "name": "Zarghun Talband", "id_number": "0", "birth_date": "1931"},
        verified="passport seen",
    )
    texts = []
    for one in (ours, nobody):
        answered(one, "neither", ("noor", "halim"), ground="d")
        frame = {**requests.frame(one, "en"), "number": "A-1"}
        content = {**one.content, "asked": {}, "made": "2026-11-23T00:00:00+00:00"}
        texts.append(
            [report.render(content, language, form, frame) for language in ("en", "ur", "ps") for form in report.FORMS]
        )
    assert texts[0] == texts[1]


def test_the_words_of_a_refusal_are_told_only_where_the_ground_allows(request_of):
    one = answered(request_of, "refuse", ("noor", "halim"), ground="e")
    text = requests.give_out(one, actor(), "en", "txt")
    assert (
        WHY in text and "oversight" in text and "court" in text and "(Directive (EU) 2016/680, Article 15(1) e)" in text
    )
    assert "Tor Baz" not in text


def test_reasons_that_name_somebody_may_be_kept_by_two_people(request_of):
    one = answered(request_of, "part", ("noor", "halim"), ground="e", parts=["words"])
    text = requests.give_out(one, actor(), "en", "txt")
    assert "His identity card and his brother" not in text and "reasons in officers’ own words" in text
    assert "Tor Baz" in text


def test_after_a_year_the_answer_is_forgotten(request_of, monkeypatch):
    from django.utils import timezone

    one = answered(request_of)
    assert requests.forget() == 0
    later = timezone.now() + requests.KEEPS
    monkeypatch.setattr(timezone, "now", lambda: later + requests.timedelta(days=1))
    assert requests.forget() == 1
    one.refresh_from_db()
    with pytest.raises(requests.CannotAnswer, match="no longer kept"):
        requests.give_out(one, actor(), "en", "html")


def test_who_erases_a_record_finds_what_requests_hold_of_it(request_of, mine):
    one = answered(request_of)
    gone = Concerned(entities=frozenset(one.entities.values_list("pk", flat=True)))
    assert [erasing.held_here(gone), erasing.erase_here(gone), erasing.held_here(gone)] == [1, 1, 0]
    one.refresh_from_db()
    assert (one.asked, one.content, one.answer) == ({}, None, "give")
    assert requests.preview(one)[0]["items"] == 0


def test_unknown_records_and_a_name_alone_are_refused(db):
    for named, asked in ((["999"], {}), (["home-dept/none"], {}), ([], {"name": "Zarghun Talband"}), ([], {})):
        with pytest.raises(NotHeld):
            requests.ask(actor(), entities=named, asked=asked, verified="passport seen")
    assert not Request.objects.exists() and not Entry.objects.exists()


# 4. The rule, whatever comes ----------------------------------------------------------------------------------------

MARKS = st.builds(
    Handling,
    st.sampled_from(TLP),
    st.sampled_from(PAP),
    st.none() | st.just(frozenset({"x"})),
    st.just(frozenset()) | st.just(frozenset({"Varand"})),
)
THINGS = st.lists(
    st.builds(
        Thing,
        st.sampled_from(["said", "kept", "matters", "readers", "given"]),
        st.just("row:1"),
        st.lists(
            st.builds(
                Line,
                st.sampled_from(["name", "reason", "by"]),
                st.just("VALUE"),
                st.just("text"),
                st.sampled_from(Part),
                st.just(""),
                st.booleans(),
            ),
            min_size=1,
            max_size=4,
        ).map(tuple),
        MARKS,
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)
TELLINGS = st.dictionaries(st.sampled_from(Kept), st.sampled_from(Ground)).map(Telling)


@given(THINGS, TELLINGS)
def test_a_source_another_person_and_an_officer_are_never_told(things, telling):
    told, kept = tell_all(things, telling)
    assert sum(kept.values()) >= sum(thing.shows_source for thing in things) == kept[Kept.SOURCE]
    for one in told:
        for line in one.lines:
            assert (line.value == "") == (line.kept is not None) and (line.ground is None) == (line.kept is None)
    alone = [tell_all([thing], telling)[0] for thing in things]
    for thing, shown in zip(things, alone, strict=True):
        said = [line.value for one in shown for line in one.lines]
        assert not (thing.shows_source and shown)
        own = [line for line in thing.lines if line.part is Part.OWN and line.public]
        if not thing.shows_source:
            assert said.count("VALUE") >= len(own), "what is public is always given"
        if thing.handling.originators or thing.handling.tlp > TLP.AMBER or Kept.WHOLE in telling.grounds:
            assert said.count("VALUE") <= sum(line.public for line in thing.lines), "and nothing else of what is closed"
        hidden = [line for line in thing.lines if line.part in (Part.OTHER, Part.OFFICER)]
        assert said.count("VALUE") <= len(thing.lines) - len(hidden)


@given(THINGS)
def test_by_the_rule_alone_only_what_belongs_to_others_is_kept(things):
    _told, kept = tell_all(things, Telling())
    assert not set(kept) & {*BY_CHOICE, Kept.WHOLE} - {Kept.RECIPIENT}


# 5. The command, in a process of its own ----------------------------------------------------------------------------

MADE = """
import sys
from pathlib import Path
from baham.platform.boot import boot
boot()
from tests.support import concerned
from baham.platform.rights import requests
from baham.platform.accounts.models import User
from baham.platform.audit.services import Actor
from tests.support.people import actor
mine = concerned.world(Path(sys.argv[1]))
one = requests.ask(actor("barvand"), entities=[mine.pk], asked=concerned.ASKED, verified="passport seen")
requests.decide_on(one, one.matter, User.objects.get(username="noor"), Actor("noor"), "give", "All that the rule allows is told.")
"""


MORE = {"BAHAM_JOBS_IMMEDIATE": "1", "BAHAM_SECRET_KEY": "only for tests", "BAHAM_HOSTS": "testserver"}


def baham(home: Path, *words: str) -> subprocess.CompletedProcess:
    return commands.run(home, "baham", *words, cwd=home.parent, **MORE)


@pytest.fixture(scope="module")
def home(begin, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("access")
    begin(folder / "home")
    done = commands.run(folder / "home", "tests.support.code", str(folder), given=MADE, **MORE)
    assert done.returncode == 0, done.stderr
    return folder / "home"


@pytest.mark.parametrize(
    ("language", "heading", "dir"),
    [
        ("en", "What is held about you", "ltr"),
        ("ur", "آپ کے بارے میں", "rtl"),
        ("ps", "ستاسو په اړه", "rtl"),
    ],
)
def test_the_one_command_in_three_languages(home, language, heading, dir):
    to = home.parent / f"answer-{language}.html"
    done = baham(home, "access", "report", "--request", "1", "--language", language, "--to", str(to))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = to.read_text()
    assert f'<html lang="{language}" dir="{dir}">' in page and heading in page
    assert "http" not in page and "src=" not in page and "href=" not in page, "nothing comes from outside"
    for text in ("Zarghun Talband", "61-0447-2215", "Tor Baz", "His identity card and his brother both say so."):
        assert text in page
    for secret in (*invented.SECRETS, *invented.OTHERS):
        assert secret not in page, secret


def test_the_command_for_machines_drafts_and_refusals(home):
    done = baham(home, "access", "report", "--request", "1", "--format", "json", "--to", "-")
    assert json.loads(done.stdout)["number"] == "A-000001"
    draft = baham(home, "access", "report", "home-dept/k-1", "--format", "txt", "--to", "-")
    assert draft.returncode == 0 and "A draft" in draft.stderr and "Nobody has decided" in draft.stdout
    for words in (["home-dept/none"], ["--request", "9"], ["home-dept/k-2", "--request", "1"], []):
        done = baham(home, "access", "report", *words, "--to", str(home.parent / "none.html"))
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr
        assert not (home.parent / "none.html").exists()
    listed = baham(home, "access", "list").stdout
    assert "A-000001" in listed and "Talband" not in listed
