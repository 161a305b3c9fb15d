"""The page of what waits in TAXII: read, logged, accepted or refused by a person who did not post it."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from baham.kernel.handling import Audience
from baham.measures.sharing.taxii import posting, waiting
from baham.measures.sharing.taxii.models import State, Stored
from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.audit.services import Actor
from tests.measures.sharing.taxii import world
from tests.measures.sharing.taxii.world import AMBER, observable, stix
from tests.support.people import person, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/sharing/taxii/"
WHY = "Read by a person and found to be in order."


@pytest.fixture
def kohsar():
    return world.partner("kohsar")


@pytest.fixture
def nilgar():
    return world.partner("nilgar")


@pytest.fixture
def networks(kohsar, nilgar):
    """A moderated collection of both."""
    return world.collection(kohsar, nilgar, moderated=True)


@pytest.fixture
def analyst():
    return signed_in(person(Role.ANALYST, "tirvash"))


def text(answer) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def seqs(**which) -> list[int]:
    return list(Stored.objects.filter(**which).order_by("seq").values_list("seq", flat=True))


def form(collection, *numbers, act="accept", reason=WHY, **more) -> dict:
    return {"collection": str(collection.pk), "object": list(numbers), "act": act, "reason": reason, **more}


def test_nothing_waits_and_the_page_says_how_something_would(analyst, kohsar):
    assert "baham taxii add" in text(analyst.get(PAGE))
    world.collection(kohsar, moderated=True)
    page = text(analyst.get(PAGE))
    assert "Nothing waits in TAXII" in page and "baham taxii add" not in page
    assert not Entry.objects.filter(subject="taxii waiting").exists()


def test_what_waits_is_shown_by_collection_and_partner_and_the_reading_is_logged(analyst, kohsar, nilgar, networks):
    other = world.collection(kohsar, title="Accounts", moderated=True)
    kohsar.post(networks, stix("identity", 1, AMBER, name="<b>Orvane\u202e works</b>"))
    nilgar.post(networks, observable(2, "tarvok@example.org"), {**stix(number=3), "object_marking_refs": []})
    kohsar.post(other, stix("relationship", 4, name="", relationship_type="uses", source_ref="a--1", target_ref="b--2"))
    page = text(analyst.get(PAGE))
    raw = analyst.get(PAGE).content.decode()
    assert "4 posted objects wait" in page
    headings = re.findall(r"<h2><bdi>(.*?)</bdi></h2>.*?<bdi>(.*?)</bdi></a>", raw, re.S)
    assert headings == [("Accounts", "Kohsar bureau"), ("Networks", "Kohsar bureau"), ("Networks", "Nilgar bureau")]
    assert "tarvok@example.org" in page and "a--1 uses b--2" in page
    assert "&lt;b&gt;Orvane⟨U+202E⟩ works" in raw and "\u202e" not in raw
    assert re.findall(r'class="tlp [^>]*>([^<]*)<', raw) == ["TLP:GREEN", "TLP:AMBER", "TLP:GREEN", "TLP:AMBER+STRICT"]
    entry = Entry.objects.filter(event="consultation", subject="taxii waiting").latest("number")
    assert sorted(entry.detail["objects"]) == sorted(Stored.objects.values_list("stix_id", flat=True))
    assert (entry.actor, entry.purpose, entry.case) == ("tirvash", "screening", "case 7")


def test_some_are_accepted_and_the_rest_refused_with_a_reason(analyst, kohsar, nilgar, networks):
    kohsar.post(networks, *(stix(number=n) for n in (1, 2, 3)))
    assert nilgar.ids(networks) == []
    first, second, third = seqs()
    assert analyst.post(PAGE, form(networks, first)).url == PAGE
    assert len(nilgar.ids(networks)) == 1
    assert analyst.post(PAGE, form(networks, act="refuse", all=f"{second},{third}")).status_code == 302
    assert seqs(state=State.REFUSED) == [second, third] and len(nilgar.ids(networks)) == 1
    written = Entry.objects.filter(subject=f"collection:{networks.pk}", event="alteration").order_by("number")
    assert [(one.act, one.actor, one.justification, one.detail["numbers"]) for one in written] == [
        ("accepted objects", "tirvash", WHY, [first]),
        ("refused objects", "tirvash", WHY, [second, third]),
    ]
    assert "Nothing waits in TAXII" in text(analyst.get(PAGE))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": "too short"}, "Write at least 20 characters on why."),
        ({"reason": "short" + " " * 40}, "Write at least 20 characters on why."),
        ({"object": []}, "Mark what you decide on."),
        ({"object": ["x", "-1", "9" * 30]}, "Mark what you decide on."),
        ({"act": "keep"}, "Choose one of the answers."),
        ({"all": "999999"}, "look at it again"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_done(analyst, kohsar, networks, wrong, said):
    kohsar.post(networks, stix(number=1))
    answer = analyst.post(PAGE, {**form(networks, *seqs()), **wrong})
    assert answer.status_code == 400 and said in text(answer) and "Nothing was recorded." in text(answer)
    assert seqs(state=State.WAITING) == seqs()
    assert not Entry.objects.filter(act__in=("accepted objects", "refused objects")).exists()


def test_what_was_written_stays_when_something_is_wrong(analyst, kohsar, networks):
    kohsar.post(networks, stix(number=1), stix(number=2))
    first, second = seqs()
    page = analyst.post(PAGE, form(networks, second, reason="Too short a word")).content.decode()
    assert "Too short a word</textarea>" in page
    assert re.findall(r'name="object" value="(\d+)"[^>]* checked', page) == [str(second)]
    assert f'value="{first},{second}" id="a1">' in page


def test_a_collection_that_is_not_there_or_another_one(analyst, kohsar, networks):
    other = world.collection(kohsar, title="Accounts", moderated=True)
    kohsar.post(networks, stix(number=1))
    for collection in ("", "x", "00000000-0000-4000-8000-000000000000"):
        assert analyst.post(PAGE, {**form(networks, *seqs()), "collection": collection}).status_code == 404
    assert analyst.post(PAGE, form(other, *seqs())).status_code == 400, "it does not wait there"
    assert seqs(state=State.WAITING) == seqs()


def test_nothing_is_half_done_where_a_colleague_was_quicker(analyst, kohsar, networks):
    kohsar.post(networks, stix(number=1), stix(number=2))
    first, second = seqs()
    posting.decide(Actor("noor"), networks, [first], accept=False, reason=WHY)
    answer = analyst.post(PAGE, form(networks, first, second))
    assert answer.status_code == 400 and "look at it again" in text(answer)
    assert seqs(state=State.WAITING) == [second]


def test_who_posted_does_not_decide(kohsar, nilgar, networks):
    kohsar.post(networks, stix(number=1))
    user = person(Role.ANALYST, "tirvash")
    user.organisation = kohsar.partner.organisation
    user.save()
    client = signed_in(user)
    assert client.get(PAGE).status_code == 403, "a partner's people see nothing of how we deal with partners"
    assert client.post(PAGE, form(networks, *seqs())).status_code == 403
    user.organisation.audience = Audience.ORGANISATION
    user.organisation.save()
    client = signed_in(user)
    page = client.get(PAGE).content.decode()
    assert "somebody else decides on it" in page and 'name="reason"' not in page
    answer = client.post(PAGE, form(networks, *seqs()))
    assert answer.status_code == 400 and "somebody else decides on it" in text(answer)
    with pytest.raises(posting.OwnPost):
        posting.decide(Actor("partner:kohsar"), networks, seqs(), accept=True, reason=WHY)
    assert seqs(state=State.WAITING) == seqs()
    assert posting.decide(Actor("partner:nilgar"), networks, seqs(), accept=True, reason=WHY) == 1


def test_who_may_only_read_sees_no_form(kohsar, networks):
    kohsar.post(networks, stix(number=1))
    reader = signed_in(person(Role.OVERSIGHT, "zaravan"))
    page = reader.get(PAGE).content.decode()
    assert "Orvane works 1" in page and 'name="object"' not in page and 'name="act"' not in page
    assert reader.post(PAGE, form(networks, *seqs())).status_code == 403
    assert signed_in(person(Role.ADMINISTRATOR, "darvakh")).get(PAGE).status_code == 403
    without_purpose = signed_in(person(Role.REVIEWER, "noor"), purpose=False).get(PAGE)
    assert without_purpose.status_code == 403 and "Orvane" not in without_purpose.content.decode()


def test_fifty_on_a_page_and_no_more_queries_for_more_objects(analyst, kohsar, nilgar, networks):
    def asked() -> int:
        analyst.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            assert analyst.get(PAGE).status_code == 200
        return len(queries)

    kohsar.post(networks, stix(number=1))
    few = asked()
    kohsar.post(networks, *(stix(number=n) for n in range(2, 50)))
    nilgar.post(networks, *(stix(number=n) for n in range(50, 56)))
    assert asked() == few
    page, second = analyst.get(PAGE), analyst.get(f"{PAGE}?page=2")
    assert page.content.decode().count('name="object"') == 50 and "Page 1 of 2" in text(page)
    assert second.content.decode().count('name="object"') == 5
    on_second = re.search(r'name="all" value="([\d,]+)"', second.content.decode())[1]
    assert analyst.post(f"{PAGE}?page=2", form(networks, all=on_second)).status_code == 302
    assert len(seqs(state=State.WAITING)) == 50, "all means all that is on the page"


def test_a_large_object_is_marked_once_all_of_it_is_shown(analyst, kohsar, networks):
    kohsar.post(networks, stix(number=1, description="long " * 5_000 + "the very end"), stix(number=2))
    large, small = seqs()
    page = text(analyst.get(PAGE))
    assert len(page) < 4 * waiting.MOST_SHOWN and "the very end" not in page
    assert f'value="{large}" id="o{large}" disabled' in page and f'name="all" value="{small}"' in page
    whole = text(analyst.get(PAGE, {"whole": large}))
    assert f"whole={large}" in page and "the very end" in whole
    assert f'value="{large}" id="o{large}">' in whole and f'name="all" value="{large},{small}"' in whole
    assert analyst.get(PAGE, {"whole": "x"}).status_code == 200


def test_the_overview_counts_what_waits_in_one_query(analyst, kohsar, networks):
    assert "posted object" not in text(analyst.get("/sharing/"))
    kohsar.post(networks, stix(number=1), stix(number=2))
    with CaptureQueriesContext(connection) as queries:
        page = text(analyst.get("/sharing/"))
    assert "2 posted objects wait for a person" in page and f'href="{PAGE}"' in page
    assert len([query for query in queries if "sharing_stored" in query["sql"]]) == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite plans without knowing how much lies in a table")
def test_what_waits_is_found_along_its_index():
    for rows in (waiting.waiting(), Stored.objects.filter(state=State.WAITING).order_by()):
        assert "stored_waiting" in rows.explain()


@pytest.mark.parametrize(
    ("item", "called"),
    [
        ({"name": "Orvane works", "value": "x"}, "Orvane works"),
        ({"name": " ", "pattern": "[file:name = 'a']"}, "[file:name = 'a']"),
        ({"name": 7, "value": ["x"], "sighting_of_ref": "indicator--1"}, "indicator--1"),
        ({"name": "x" * 900}, "x" * 300),
        ({"type": "grouping"}, ""),
    ],
)
def test_what_an_object_is_called(item, called):
    assert waiting.called(item) == called


def test_a_tie_is_called_by_the_names_of_its_ends_where_they_are_known():
    tie = {"type": "relationship", "relationship_type": "uses", "source_ref": "a--1", "target_ref": "b--2"}
    assert waiting.called(tie, {"a--1": "Orvane works", "b--2": ""}) == "Orvane works uses b--2"
