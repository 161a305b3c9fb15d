"""S-14: an oversight body can examine a refused request from end to end."""

import pytest

from baham.kernel.handling import TLP
from baham.platform.accounts.models import User
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from baham.platform.ledger.models import Entity, Restriction
from baham.platform.review.errors import CannotDecide
from baham.platform.review.models import Item
from baham.platform.rights import oversight, requests
from baham.platform.rights.models import Examination, Request
from tests.support import concerned as invented
from tests.support.people import actor, person, signed_in

WHY = "The inquiry on the mill would be known to him."
FOUND = "The matter was closed in March; nothing is left to protect."


@pytest.fixture
def mine(db, tmp_path) -> Entity:
    return invented.world(tmp_path)


@pytest.fixture
def refused(mine) -> Request:
    """Refused by two people, on a ground."""
    one = requests.ask(actor("barvand"), entities=[mine.pk], asked=invented.ASKED, verified="passport seen")
    for name in ("noor", "halim"):
        requests.decide_on(one, one.matter, who(name), Actor(name), "refuse", WHY, ground="a")
    one.refresh_from_db()
    return one


def who(name: str) -> User:
    return User.objects.get(username=name)


def browser(role: Role | None, name: str = "", purpose: str = "oversight"):
    """A browser of a person who holds this role and no other."""
    client = signed_in(person(role, name))
    session = client.session
    session["purpose"] = {"code": purpose, "case": "case 9"}
    session.save()
    return client


def found(one: Request, finding: str, advice: str = "") -> Examination:
    body = person(Role.OVERSIGHT, "darvesh")
    return oversight.find(oversight.bring(one, actor("barvand")), body, Actor("darvesh"), finding, FOUND, advice)


def test_from_the_refusal_to_the_second_decision_through_the_pages(refused):
    body = browser(Role.OVERSIGHT, "darvesh")
    page = body.get("/rights/oversight/").content.decode()
    assert refused.number in page, "every refusal is on the list, whether or not the person objects"
    taken = body.post("/rights/oversight/", {"request": refused.pk})
    one = Examination.objects.get()
    assert taken.url == f"/rights/oversight/{one.pk}/" and one.brought_by == "oversight"
    page = body.get(taken.url).content.decode()
    for text in (
        *invented.SECRETS,
        "Palwasha Orband",
        "Varand Ministry",
        "noor",
        "halim",
        WHY,
        "passport seen",
        "so that an inquiry, investigation or procedure is not obstructed",
        "signed refuse",
    ):
        assert text in page, text
    assert body.post(taken.url, {"finding": "again", "reasons": "no"}).status_code == 400
    assert body.post(taken.url, {"finding": "again", "reasons": FOUND}).status_code == 302
    letter = body.post(f"{taken.url}letter/", {"language": "ur"})
    assert letter.status_code == 200 and 'dir="rtl"' in letter.content.decode()

    noor, halim = (signed_in(who(name)) for name in ("noor", "halim"))
    first, second = browser(Role.REVIEWER, "spozh", "redress"), browser(Role.LIST_OFFICER, "torak", "redress")
    assert first.get(f"/rights/{refused.pk}/").status_code == 403, (
        "who answers reads all that is held, and a value is RED"
    )
    User.objects.update(clearance=int(TLP.RED))
    again = {"act": "decide", "choice": "give", "reason": "Nothing speaks against telling him any more."}
    for client in (noor, halim):
        session = client.session
        session["purpose"] = {"code": "redress", "case": ""}
        session.save()
        assert client.post(f"/rights/{refused.pk}/", again).status_code == 400, (
            "who decided before does not decide again"
        )
    assert FOUND in first.get(f"/rights/{refused.pk}/").content.decode()
    for client in (first, second):
        refused.refresh_from_db()
        assert refused.answer == "refuse"
        page = client.get(f"/rights/{refused.pk}/")
        assert "61-0447-2215" in page.content.decode(), "who decides again sees what would be told now"
        given = {**again, "shown": page.context["shown"]}
        assert client.post(f"/rights/{refused.pk}/", given).status_code == 302
    refused.refresh_from_db()
    assert refused.answer == "give" and "61-0447-2215" in first.get(f"/rights/{refused.pk}/").content.decode()
    given = second.post(f"/rights/{refused.pk}/answer/", {"language": "en", "form": "txt"})
    assert "Tor Baz" in given.content.decode()


def test_every_step_is_logged_under_the_purpose_of_oversight(refused, mine):
    body = browser(Role.OVERSIGHT, "darvesh")
    body.post("/rights/oversight/", {"request": refused.pk})
    address = f"/rights/oversight/{Examination.objects.get().pk}/"
    body.get(address)
    body.post(address, {"finding": "lawful", "reasons": FOUND})
    body.post(f"{address}letter/", {"language": "en"})
    acts = list(Entry.objects.filter(actor="darvesh").order_by("number").values_list("act", flat=True))
    for act in ("brought before oversight", "read", "found: lawful", "told that it was examined"):
        assert act in acts, act
    reads = Entry.objects.filter(actor="darvesh", act="read")
    assert {one.purpose for one in reads} == {"oversight"} and f"entity:{mine.pk}" in {one.subject for one in reads}
    told = Entry.objects.get(act="told that it was examined")
    assert (told.event, told.recipient) == ("disclosure", "the person concerned")


@pytest.mark.parametrize("finding", ["lawful", "again", "unlawful"])
def test_the_person_is_told_the_same_whatever_was_found(refused, finding):
    one = found(refused, finding, "give")
    texts = {language: oversight.tell(one, Actor("darvesh"), language) for language in ("en", "ur", "ps")}
    assert "All necessary verifications have taken place" in texts["en"]
    for text in texts.values():
        for secret in (FOUND, WHY, "lawful", "Zarghun", "refuse", *invented.SECRETS, *invented.OTHERS):
            assert secret not in text, secret


def test_it_recommends_and_others_act(refused, mine):
    one = found(refused, "unlawful", "restrict")
    assert not Restriction.objects.filter(lifted_at=None).exists(), "oversight changes nothing"
    matter = one.matter
    with pytest.raises(CannotDecide):
        requests.decide_on(refused, matter, who("darvesh"), Actor("darvesh"), "follow", FOUND)
    with pytest.raises(CannotDecide, match="before"):
        requests.decide_on(refused, matter, who("noor"), Actor("noor"), "follow", FOUND)
    other = person(Role.REVIEWER, "spozh")
    requests.decide_on(refused, matter, other, Actor("spozh"), "follow", FOUND)
    assert Restriction.objects.filter(entity=mine, lifted_at=None).exists()


def test_not_to_follow_takes_two_people_and_shows_to_oversight(refused):
    one = found(refused, "unlawful", "give")
    for name in ("spozh", "torak"):
        requests.decide_on(refused, one.matter, person(Role.REVIEWER, name), Actor(name), "not", WHY)
    refused.refresh_from_db()
    assert refused.answer == "refuse"
    client = signed_in(who("darvesh"))
    assert "Not followed" in client.get("/rights/oversight/").content.decode()


def test_followed_it_is_given(refused):
    one = found(refused, "unlawful", "give")
    requests.decide_on(refused, one.matter, person(Role.REVIEWER, "spozh"), Actor("spozh"), "follow", FOUND)
    refused.refresh_from_db()
    assert refused.answer == "give" and "Tor Baz" in requests.give_out(refused, actor(), "en", "txt")


def test_the_person_may_bring_it_and_what_nobody_answered_comes_up_too(mine):
    from datetime import date

    late = requests.ask(
        actor("barvand"),
        entities=[mine.pk],
        asked={"name": "Z. T."},
        verified="passport seen",
        received_on=date(2026, 1, 5),
    )
    fresh = requests.ask(actor("barvand"), entities=[mine.pk], asked={"name": "Z. T."}, verified="passport seen")
    assert list(oversight.refusals()) == [late]
    assert oversight.bring(late, actor()).brought_by == "person"
    with pytest.raises(requests.CannotAnswer, match="nothing to examine"):
        oversight.bring(fresh, actor())
    assert oversight.bring(late, actor()).pk == oversight.bring(late, actor()).pk, "once"


def test_a_finding_is_written_once_by_oversight_alone_and_says_enough(refused):
    one = oversight.bring(refused, actor())
    body = person(Role.OVERSIGHT, "darvesh")
    for finding, reasons, advice in (
        ("fine", FOUND, ""),
        ("lawful", "short", ""),
        ("unlawful", FOUND, ""),
        ("unlawful", FOUND, "hang"),
    ):
        with pytest.raises(requests.CannotAnswer):
            oversight.find(one, body, Actor("darvesh"), finding, reasons, advice)
    with pytest.raises(requests.CannotAnswer, match="Only oversight"):
        oversight.find(one, who("noor"), Actor("noor"), "lawful", FOUND)
    with pytest.raises(requests.CannotAnswer, match="when the finding"):
        oversight.tell(one, Actor("darvesh"), "en")
    oversight.find(one, body, Actor("darvesh"), "lawful", FOUND)
    with pytest.raises(requests.CannotAnswer, match="already"):
        oversight.find(one, body, Actor("darvesh"), "again", FOUND)
    assert not Item.objects.filter(kind__in=("access-again", "oversight-advice")).exists()


def test_nobody_else_opens_it(refused):
    one = oversight.bring(refused, actor())
    for role in [role for role in Role if role is not Role.OVERSIGHT]:
        client = browser(role, f"a-{role.value}")
        for address in ("/rights/oversight/", f"/rights/oversight/{one.pk}/"):
            assert client.get(address).status_code == 403, role
            assert client.post(address, {"finding": "lawful", "reasons": FOUND}).status_code == 403, role
    one.refresh_from_db()
    assert one.finding == ""


def test_under_another_purpose_it_is_not_opened_but_the_way_is_shown(refused):
    one = oversight.bring(refused, actor())
    client = browser(Role.OVERSIGHT, "darvesh", "redress")
    answer = client.get(f"/rights/oversight/{one.pk}/")
    assert answer.status_code == 302 and answer.url.startswith("/purpose/?next=")
    assert not Entry.objects.filter(actor="darvesh").exists()
