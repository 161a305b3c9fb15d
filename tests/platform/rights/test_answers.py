"""What an answer tells where the list is public, what is signed, and how long it is kept."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from baham.platform.accounts.models import User
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Dataset, Entity, Statement
from baham.platform.protection import PersonalData
from baham.platform.release.releases import put_forward
from baham.platform.review.errors import CannotDecide
from baham.platform.review.models import Item
from baham.platform.review.services import decide, propose
from baham.platform.rights import oversight, requests
from baham.platform.rights.access import concerned
from baham.platform.rights.models import ASKING, Examination, Request
from tests.platform.release.conftest import agency, agree, officers, partner  # noqa: F401
from tests.support.lists import load_rows
from tests.support.people import actor, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."
ASKED = {"name": "Zarghun Talband", "birth_date": "1984", "id_number": "61-0447-2215"}


@pytest.fixture
def people(signers):
    return {name: person(role, name) for name, role in (("barvand", Role.LIST_OFFICER), ("halim", Role.REVIEWER))}


def request_of(*entities: Entity, asked=ASKED, **more) -> Request:
    more = {"verified": "passport TX99 seen", "reference": "R 7", **more}
    return requests.ask(Actor("barvand"), entities=[one.pk for one in entities], asked=asked, **more)


def answered(one: Request, choice: str, *by: str, **more) -> Request:
    for name in by:
        requests.decide_on(one, one.matter, User.objects.get(username=name), Actor(name), choice, WHY, **more)
    one.refresh_from_db()
    return one


def at_redress(user: User):
    client = signed_in(user)
    session = client.session
    session["purpose"] = {"code": "redress", "case": "R 7"}
    session.save()
    return client


# What is told --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["neither", "refuse"])
def test_of_a_public_list_a_closed_answer_tells_what_the_list_says_and_nothing_of_ours(
    ledger,
    people,
    agency,  # noqa: F811
    officers,  # noqa: F811
    choice,  # noqa: F811
):
    Dataset.objects.update(tlp=0, pap=0)
    mine = ledger["k-1"]
    number = Statement.objects.get(entity=mine, prop="idNumber")
    annotate.grade(number, "B2", actor("noor"), "Our source in Rudabar saw him with this card in May.")
    annotate.take_stance(number, "contradicts", actor("noor"), "Intercept 44 says that the card is forged.", "Of 3 May")
    release = put_forward(Actor("ulvand"), agency, [mine], purpose="analysis", case="question 4")
    decide(release.matter, officers[1], Actor("noor"), "send", WHY)
    one = answered(request_of(mine), choice, "hamida", "halim", ground="d")
    text = requests.give_out(one, actor(), "en", "txt")
    assert "61-0447-2215" in text and "Home Department" in text
    for ours in (
        "Our source in Rudabar",
        "Intercept 44",
        "Of 3 May",
        "B2",
        "contradicts",
        "Daryab",
        "Held since",
        "agency",
        "Values given",
        "Marked",
    ):
        assert ours not in text, ours
    labels = {line["label"] for place in one.content["places"] for thing in place["things"] for line in thing["lines"]}
    assert not labels & {"graded", "held-since", "marked", "recipient", "values-given", "review-by", "stance"}
    assert one.content["kept"] == 0, "it does not say that there is more"


def test_a_recipient_is_never_told_by_name(ledger, people, agency, officers):  # noqa: F811
    Dataset.objects.update(tlp=0, pap=0)
    release = put_forward(Actor("ulvand"), agency, [ledger["k-1"]], purpose="analysis", case="question 4")
    decide(release.matter, officers[1], Actor("noor"), "send", WHY)
    text = requests.give_out(answered(request_of(ledger["k-1"]), "give", "hamida"), actor(), "en", "txt")
    assert "Daryab" not in text and "B2" not in text and "61-0447-2215" in text


def test_what_another_asker_said_of_themselves_is_theirs(ledger, people):
    request_of(
        ledger["k-1"],
        verified="driving licence DL-5 seen",
        reference="File of Palwasha 9",
        asked={"name": "Palwasha Orband", "birth_date": "1999-04-02", "id_number": "77-1111-2222"},
    )
    made, _kept = requests.preview(request_of(ledger["k-1"]))
    told = json.dumps(made["places"])
    for word in ("Palwasha Orband", "77-1111-2222", "1999-04-02", "driving licence DL-5", "File of Palwasha 9"):
        assert word not in told, word
    assert "passport TX99 seen" in told and "R 7" in told, "their own is told"


def test_who_asked_about_somebody_else_is_not_named_to_the_listed_person(ledger, people):
    propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        entity=ledger["k-1"],
        evidence=[],
        asker="Rudabar Bank",
        proposal={"name": "Zarghon Telbend", "birth_date": "1999", "verdict": "possible"},
    )
    assert "Rudabar Bank" not in json.dumps(requests.preview(request_of(ledger["k-1"]))[0]["places"])


def test_a_message_about_another_record_is_not_told(db, people, agency, officers, tmp_path):  # noqa: F811
    load_rows(tmp_path, [{"id": "2", "name": "Mirwais Khorvash"}], "one")
    load_rows(tmp_path, [{"id": "3", "name": "Spogmai Nilgari"}, {"id": "5", "name": "Tor Baz"}], "two")
    Dataset.objects.update(tlp=2, pap=1, grade="B2", scheme="admiralty-6x6")
    given = Entity.objects.get(key="3")
    release = put_forward(Actor("ulvand"), agency, [given], purpose="analysis", case="question 4")
    decide(release.matter, officers[1], Actor("noor"), "send", WHY)

    def messages_of(entity: Entity) -> list[str]:
        made, _kept = requests.preview(request_of(entity, asked={"name": entity.caption, "birth_date": "1984"}))
        things = next(place for place in made["places"] if place["code"] == "given")["things"]
        return [line["value"] for thing in things for line in thing["lines"] if line["label"] == "message"]

    assert messages_of(given) == ["release"]
    assert messages_of(Entity.objects.get(key="2")) == [] and messages_of(Entity.objects.get(key="5")) == []


def test_readings_that_name_several_records_are_found_by_whole_numbers(ledger, people):
    from baham.platform.audit.services import consulted
    from baham.platform.rights import held_log

    mine = ledger["k-1"].pk
    for entities in ([mine], [mine + 900, mine], [mine, mine + 900], [int(f"{mine}0"), int(f"9{mine}")]):
        consulted(Actor("noor"), "search", "a name", entities=entities)
    consulted(Actor("noor"), "search", "a name", size=mine, entities=[mine + 900])
    found = list(held_log.readers(concerned([mine])))
    assert [line.value for thing in found for line in thing.lines if line.label == "times"] == ["3"]


# What is signed ------------------------------------------------------------------------------------------------------


def test_nobody_signs_what_was_not_before_them(ledger, people, signers):
    one = request_of()
    hamida = at_redress(signers[0])
    page = hamida.get(f"/rights/{one.pk}/")
    shown = page.context["shown"]
    assert f'name="shown" value="{shown}"' in page.content.decode()
    requests.link(one, Actor("barvand"), [ledger["k-3"].pk])
    given = {"act": "decide", "choice": "give", "reason": WHY}
    for old in (shown, ""):
        refused = hamida.post(f"/rights/{one.pk}/", {**given, "shown": old})
        assert refused.status_code == 400 and "Something has changed since you read it" in refused.content.decode()
    one.refresh_from_db()
    assert one.is_open and "Spogmai Nilgari" in refused.content.decode()
    assert hamida.post(f"/rights/{one.pk}/", {**given, "shown": refused.context["shown"]}).status_code == 302
    one.refresh_from_db()
    assert one.answer == "give"


def test_reading_it_again_changes_nothing_of_what_is_signed(ledger, people, signers):
    one = request_of(ledger["k-1"])
    hamida = at_redress(signers[0])
    shown = hamida.get(f"/rights/{one.pk}/").context["shown"]
    at_redress(people["halim"]).get(f"/rights/{one.pk}/")
    given = {"act": "decide", "choice": "give", "reason": WHY, "shown": shown}
    assert hamida.post(f"/rights/{one.pk}/", given).status_code == 302


def test_once_somebody_signed_no_record_is_linked(ledger, people):
    one = request_of(ledger["k-1"])
    answered(one, "part", "hamida", ground="a", parts=["matter"])
    with pytest.raises(requests.CannotAnswer, match="has been signed"):
        requests.link(one, Actor("barvand"), [ledger["k-3"].pk])
    assert [entity.key for entity in one.entities.all()] == ["k-1"]


def test_each_time_it_is_shown_is_in_the_log(ledger, people):
    one = request_of(ledger["k-1"])
    client = at_redress(people["barvand"])
    reads = Entry.objects.filter(subject=f"request:{one.pk}", act="read")
    assert client.post(f"/rights/{one.pk}/", {"act": "link", "entities": ""}).status_code == 400
    assert reads.count() == 1 and reads.get().detail["entities"] == [ledger["k-1"].pk]


def test_each_time_a_matter_is_shown_is_in_the_log(ledger, people, signers):
    item = propose(
        "match",
        "",
        proposed_by=actor("lashvar"),
        entity=ledger["k-1"],
        evidence=[],
        proposal={"name": "Zarghon Telbend", "verdict": "possible"},
    )
    client = at_redress(signers[0])
    assert client.post(f"/review/{item.pk}/", {"choice": "same", "reason": "short"}).status_code == 400
    assert Entry.objects.filter(subject=f"matter:{item.pk}", act="read", actor="hamida").count() == 1


# How long it is kept -------------------------------------------------------------------------------------------------


def declared(model) -> list[str]:
    """The fields of a model that are said to be kept for a year after the answer."""
    return [name for name, said in model.personal_data.items() if isinstance(said, PersonalData) and said is ASKING]


def test_after_a_year_nothing_says_who_asked(ledger, people, signers, monkeypatch):
    one = answered(request_of(ledger["k-1"]), "refuse", "hamida", "halim", ground="a")
    found = oversight.bring(one, actor())
    later = timezone.now() + timedelta(days=800)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert requests.forget() == 0, "oversight examines it"
    judge = person(Role.OVERSIGHT, "darvesh")
    oversight.find(found, judge, Actor("darvesh"), "lawful", "The card of Zarghun Talband is forged, as they say.")
    assert requests.forget() == 1 and requests.forget() == 0
    one.refresh_from_db()
    found.refresh_from_db()
    assert declared(Request) and declared(Examination)
    for row in (one, found):
        for name in declared(type(row)):
            assert not getattr(row, name), f"{name} is declared to be kept for a year"
    assert not one.entities.exists() and one.answer == "refuse" and one.kept and found.finding == "lawful"
    assert "Zarghun" not in str([*Request.objects.values(), *Examination.objects.values()])


# Oversight -----------------------------------------------------------------------------------------------------------


def test_a_second_refusal_is_on_the_list_of_oversight_again(ledger, people):
    one = answered(request_of(ledger["k-1"]), "refuse", "hamida", "halim", ground="a")
    judge = person(Role.OVERSIGHT, "darvesh")
    assert list(oversight.refusals()) == [one]
    found = oversight.find(oversight.bring(one, actor()), judge, Actor("darvesh"), "again", WHY)
    assert list(oversight.refusals()) == []
    for name in ("spozh", "torak"):
        user = person(Role.REVIEWER, name)
        requests.decide_on(one, found.matter, user, Actor(name), "refuse", WHY, ground="a")
    assert list(oversight.refusals()) == [one]


def test_advice_to_erase_with_a_reason_that_names_the_person_is_refused_in_one_line(ledger, people):
    one = answered(request_of(ledger["k-1"]), "refuse", "hamida", "halim", ground="a")
    judge = person(Role.OVERSIGHT, "darvesh")
    oversight.find(oversight.bring(one, actor()), judge, Actor("darvesh"), "unlawful", WHY, "erase")
    item = Item.objects.get(kind="oversight-advice")
    user = person(Role.REVIEWER, "spozh")
    with pytest.raises(CannotDecide, match="names the person"):
        decide(item, user, Actor("spozh"), "follow", "Zarghun Talband is right, all of it goes.")
    client = at_redress(user)
    shown = client.get(f"/rights/{one.pk}/").context["shown"]
    refused = client.post(
        f"/rights/{one.pk}/",
        {"act": "decide", "choice": "follow", "shown": shown, "reason": "Zarghun Talband is right, all of it goes."},
    )
    assert refused.status_code == 400 and "names the person" in refused.content.decode()


@pytest.mark.parametrize(
    ("asked", "given", "meant"),
    [
        ({}, {"birth_date": "1984-02-11"}, True),
        ({}, {"birth_date": "1985-02-11"}, False),
        ({"id_number": ""}, {"birth_date": "1984-02-11", "id_number": ""}, False),
        ({"birth_date": "۱۹۸۴"}, {}, True),
        ({"id_number": "۶۱-۰۴۴۷-۲۲۱۵", "birth_date": ""}, {}, True),
        ({"name": "talband  ZARGHUN"}, {}, True),
        ({"name": "علي خان"}, {"name": "علی خان"}, True),
        ({"name": "Somebody Else"}, {}, False),
        ({"father_name": "Tor Baz"}, {"father_name": "Gul Baz"}, False),
        ({"birth_date": "about 1984"}, {}, False),
    ],
)
def test_the_same_person_is_meant_however_letters_digits_and_dates_are_written(db, asked, given, meant):
    assert concerned([], {**ASKED, **asked}).is_meant({**ASKED, **given}) is meant
    assert concerned([], {**ASKED, **given}).is_meant({**ASKED, **asked}) is meant


def test_who_wrote_a_request_down_does_not_decide_it_again(ledger, people):
    one = answered(request_of(ledger["k-1"]), "refuse", "hamida", "halim", ground="a")
    judge = person(Role.OVERSIGHT, "darvesh")
    found = oversight.find(oversight.bring(one, actor()), judge, Actor("darvesh"), "again", WHY)
    with pytest.raises(CannotDecide, match="before"):
        requests.decide_on(one, found.matter, people["barvand"], Actor("barvand"), "give", WHY)


def test_whom_nobody_asked_about_by_more_than_a_name_is_not_meant(ledger):
    assert not concerned([ledger["k-1"].pk]).is_meant({"name": "Zarghun Talband", "birth_date": "1984"})
