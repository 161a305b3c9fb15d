"""S-49: nobody reads what handling and organisation close to them: on no page, in no search, by no hit, count or link."""

import os
import re

import pytest

from baham.kernel import reading
from baham.kernel.handling import PAP, TLP, Audience, Handling, Permission
from baham.platform.accounts.roles import Role
from baham.platform.ledger import annotate
from baham.platform.ledger.models import Dataset, Entity, Statement
from baham.platform.screening import index
from tests.support.ftm import ENTITIES, load_ftm
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, office, person, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."
DECISIONS = int(os.environ.get("BAHAM_TEST_LEAKS_PEOPLE", "1200"))


@pytest.fixture
def desk(tmp_path) -> Entity:
    """The desk's list, TLP:GREEN, with a number under AMBER+STRICT."""
    rows = [{**PEOPLE[0], "notes": "Seen by our interviewer at the ford"}, *PEOPLE[1:]]
    load_rows(tmp_path, rows, name="desk-list")
    Dataset.objects.update(tlp=int(TLP.GREEN), keeper=office("Kohsar desk"))
    for prop in ("idNumber", "notes", "alias"):
        said = Statement.objects.get(entity__key="k-1", prop=prop)
        annotate.handle(said, Handling(TLP.AMBER_STRICT, PAP.GREEN), actor(), WHY)
    index.build()
    return Entity.objects.get(key="k-1")


def of(place: str, role: Role, audience: Audience, username: str):
    user = person(role, username)
    user.organisation = office(place, audience)
    user.save()
    return signed_in(user)


@pytest.fixture
def bank(desk):
    return of("Daryab bank", Role.ANALYST, Audience.COMMUNITY, "korband")


def test_the_bank_reads_what_reaches_it_and_is_told_why_not_the_rest_and_whom_to_ask(desk, bank):
    page = bank.get(f"/entity/{desk.pk}/").content.decode()
    assert "Zarghun Talband" in page
    for closed in ("61-0447-2215", "interviewer", "زرغون"):
        assert closed not in page
    assert "its marking does not reach your organisation; ask Kohsar desk" in page
    for act in ("release", "recall", "restrict", "erase", "standing", "judge"):
        assert f"/entity/{desk.pk}/{act}/" not in page
        assert bank.get(f"/entity/{desk.pk}/{act}/").status_code in (403, 405)
    assert "Who read this record" not in page


def test_the_desk_itself_reads_all_and_acts(desk):
    own = of("Kohsar desk", Role.REVIEWER, Audience.ORGANISATION, "noor")
    page = own.get(f"/entity/{desk.pk}/").content.decode()
    assert "61-0447-2215" in page and f"/entity/{desk.pk}/release/" in page and "ask Kohsar desk" not in page


@pytest.mark.parametrize("query", ["interviewer", "interv", "0447", "61-0447-2215", "زرغون"])
def test_no_search_finds_by_what_is_closed(desk, bank, query):
    assert f"/entity/{desk.pk}/" not in bank.get("/search/", {"q": query}).content.decode()
    own = of("Kohsar desk", Role.ANALYST, Audience.ORGANISATION, "noor")
    assert f"/entity/{desk.pk}/" in own.get("/search/", {"q": query}).content.decode()


def test_a_hit_rests_on_what_may_be_read(desk, bank):
    asked = {"name": "Zarghun Talband", "id_number": "61-0447-2215"}
    ours = of("Kohsar desk", Role.ANALYST, Audience.ORGANISATION, "noor").post("/screen/", asked).content.decode()
    theirs = bank.post("/screen/", asked).content.decode()
    assert "<b>probable</b>" in ours and "<b>possible</b>" in theirs
    hidden = Dataset.objects.get()
    hidden.tlp = int(TLP.AMBER)
    hidden.save()
    assert f"/entity/{desk.pk}/" not in bank.post("/screen/", asked).content.decode()


def test_a_record_of_which_nothing_may_be_read_is_a_line_and_nothing_else(desk, bank):
    Dataset.objects.update(tlp=int(TLP.AMBER))
    answer = bank.get(f"/entity/{desk.pk}/")
    page = answer.content.decode()
    assert answer.status_code == 403 and "ask Kohsar desk" in page
    assert "Zarghun" not in page and "k-1" not in page
    sources = bank.get("/sources/").content.decode()
    assert "ask Kohsar desk" in sources and "/sources/desk-list/" not in sources
    assert bank.get("/sources/desk-list/").status_code == 403


def test_a_tie_does_not_show_the_key_of_an_end_of_which_nothing_may_be_read(tmp_path):
    load_ftm(tmp_path, list(ENTITIES), name="desk-ties")
    Dataset.objects.update(tlp=int(TLP.GREEN), keeper=office("Kohsar desk"))
    ends = {one.key: one for one in Entity.objects.all()}
    for said in Statement.objects.filter(entity__key="o-2"):
        annotate.handle(said, Handling(TLP.AMBER_STRICT, PAP.GREEN), actor(), WHY)
    bank = of("Daryab bank", Role.ANALYST, Audience.COMMUNITY, "korband")
    page = bank.get(f"/entity/{ends['f-1'].pk}/").content.decode()
    assert "o-1" in page and "o-2" not in page
    assert "what it points at is withheld; ask Kohsar desk" in page
    own = of("Kohsar desk", Role.ANALYST, Audience.ORGANISATION, "noor")
    assert "o-2" in own.get(f"/entity/{ends['f-1'].pk}/").content.decode()


def test_organisations_see_their_own_matters(desk, bank):
    other = of("Nilgar bank", Role.REVIEWER, Audience.COMMUNITY, "other")
    made = bank.post("/review/propose/", {"name": "Zarghun Talband", "entity": desk.pk})
    assert bank.get(made.url).status_code == 200
    assert other.get(made.url).status_code == 404 and "Zarghun" not in other.get("/review/").content.decode()
    desk_reviewer = of("Kohsar desk", Role.REVIEWER, Audience.ORGANISATION, "noor")
    assert desk_reviewer.get(made.url).status_code == 200


def test_a_list_is_kept_by_the_organisation_of_whoever_loads_it(desk):
    from baham.platform.audit.services import Actor
    from baham.platform.ledger.datasets import ensure

    officer = of("Daryab bank", Role.LIST_OFFICER, Audience.COMMUNITY, "officer")
    assert ensure("bank-list", Actor("officer")).keeper.name == "Daryab bank"
    assert ensure("ours", Actor("terminal:root")).keeper is None
    del officer


def links(page: str) -> set[str]:
    return {address for address in re.findall(r'href="(/[^"#]*)"', page) if not address.startswith(("/static", "/acc"))}


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
@pytest.mark.parametrize("audience", [Audience.COMMUNITY, Audience.ORGANISATION])
def test_no_link_ends_in_a_refusal(desk, role, audience):
    client = of("Some place", role, audience, "somebody")
    waiting, seen = ["/"], set()
    while waiting and len(seen) < 60:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address.replace("&amp;", "&"))
        assert answer.status_code not in (403, 404), (address, role)
        if answer.status_code == 200 and not answer.streaming:
            waiting += sorted(links(answer.content.decode()) - seen)
    assert len(seen) > 4


@pytest.mark.long
def test_random_markings_and_readers_over_every_page(settings, monkeypatch):
    pytest.importorskip("rbcl", reason="the extra psi is not installed")
    from benchmarks.sharing.leaks.people import run

    found = run(settings.HOME, DECISIONS, readers=4)
    assert not found.leaks, found.told()
    seen, kept = found.left["pages"], found.kept["pages"]
    assert found.checks >= DECISIONS and seen >= 0.98 * (seen + kept) > 0, found.told()


@pytest.mark.long
def test_the_search_for_leaks_would_find_one(settings, monkeypatch):
    from baham.platform.ledger import need_to_know
    from benchmarks.sharing.leaks.people import run

    monkeypatch.setattr(need_to_know, "may_read", lambda *_args, **_more: Permission(True, "everything"))
    assert reading.may_read is not need_to_know.may_read
    assert run(settings.HOME, 500, readers=1).leaks
