"""Results that were kept are judged anew at each reading: what their reader may not read any more is in no file of them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from baham.kernel.handling import PAP, TLP, Audience, Handling
from baham.platform.accounts.models import User
from baham.platform.accounts.roles import Role
from baham.platform.jobs.models import Job
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Dataset, Entity, Statement
from baham.platform.screening import index
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, office, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."
SHUT = Handling(TLP.RED, PAP.RED)
ASKED = "id,name,birth_date\n1,Zarghun Talband,1984\n2,Mirwais Khorvash,1979-05-02\n"


@pytest.fixture
def fetched(db, tmp_path, django_capture_on_commit_callbacks):
    """Screens a file; gives what its owner fetches of the results now, by its form."""
    load_rows(tmp_path)
    Dataset.objects.update(tlp=int(TLP.AMBER), pap=int(PAP.GREEN))
    index.build()
    client = signed_in(person(Role.ANALYST, "gul"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/screen/file/", {"file": SimpleUploadedFile("names.csv", ASKED.encode())})

    def fetch(form: str = "jsonl") -> str:
        address = f"/screen/results/{Job.objects.get().pk}/"
        if form == "page":
            return client.get(address).content.decode()
        return b"".join(client.get(f"{address}download/?as={form}").streaming_content).decode()

    return fetch


def shut(key: str, *props: str) -> None:
    said = Statement.objects.filter(entity__key=key)
    for one in said.filter(prop__in=props) if props else said:
        annotate.handle(one, SHUT, actor(), WHY)


def hits(text: str) -> dict[str, list[str]]:
    return {row["id"]: [hit["entity"] for hit in row["hits"]] for row in map(json.loads, text.splitlines())}


@pytest.mark.parametrize("form", ["jsonl", "csv", "page"])
def test_a_record_that_was_shut_since_is_in_none_of_them(fetched, form):
    before = fetched(form)
    shut("k-1")
    now = fetched(form)
    assert before.count("home-dept") == 2 and "Screen it anew" not in before
    assert now.count("home-dept") == 1 and "Screen it anew" in now and "k-1" not in now


def test_a_value_that_was_shut_since_takes_the_hit_that_shows_it(fetched):
    assert hits(fetched()) == {"1": ["k-1"], "2": ["k-2"]}
    shut("k-1", "birthDate")
    assert hits(fetched()) == {"1": [], "2": ["k-2"]}


@pytest.mark.parametrize("prop", ["notes", "fatherName", "idNumber"])
def test_a_value_that_no_evidence_shows_takes_none(fetched, prop):
    shut("k-1", prop)
    assert hits(fetched()) == {"1": ["k-1"], "2": ["k-2"]}
    assert "withheld" not in fetched()


def test_a_reader_who_is_cleared_for_less_reads_less(fetched):
    Dataset.objects.update(tlp=int(TLP.AMBER_STRICT))
    assert hits(fetched()) == {"1": ["k-1"], "2": ["k-2"]}
    User.objects.update(clearance=TLP.GREEN)
    assert hits(fetched()) == {"1": [], "2": []}


def test_what_was_delisted_since_is_a_result_of_its_day(fetched, tmp_path):
    load_rows(tmp_path, PEOPLE[1:])
    assert not Entity.objects.get(key="k-1").current and hits(fetched())["1"] == ["k-1"]
    shut("k-1")
    assert hits(fetched())["1"] == []


# ---- the counts of a list's versions


def test_what_a_version_did_is_counted_for_others_as_far_as_they_may_know(tmp_path):
    load_rows(tmp_path)
    Dataset.objects.update(tlp=int(TLP.GREEN), pap=int(PAP.GREEN))
    shut("k-1")
    ours, theirs = person(Role.ANALYST, "gul"), person(Role.ANALYST, "bank-clerk")
    theirs.organisation = office("Invented Bank", Audience.COMMUNITY)
    theirs.save()
    pages = [signed_in(user).get("/sources/home-dept/1/").content.decode() for user in (ours, theirs)]
    assert "added 4," in pages[0] and "added 3," in pages[1] and "k-1" not in pages[1]
    for address in ("/sources/", "/sources/home-dept/", "/"):
        kept, told = (signed_in(user).get(address).content.decode() for user in (ours, theirs))
        assert "4 added" in kept and "Home Department list" in told and "4 added" not in told, address
        assert '<td class="num" data-label="Entities:"></td>' in told or address == "/"
