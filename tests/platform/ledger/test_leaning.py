"""What is held on a person holds for their papers, listings, ties and address: nothing of it leaves or is read either."""

import pytest

from baham.kernel.standing import Protected, Standing
from baham.platform.accounts.roles import Role
from baham.platform.ledger import standing
from baham.platform.ledger.leaning import leaned_by, leaning, stands_alone
from baham.platform.ledger.models import Entity, Touch
from baham.platform.ledger.resolve import judge
from baham.platform.ledger.touches import last
from baham.platform.release.claims import dossiers
from baham.platform.release.gateway import Gate
from tests.platform.release.conftest import *  # noqa: F403
from tests.support.ftm import ENTITIES, load_ftm
from tests.support.people import actor, person, reader, signed_in

pytestmark = pytest.mark.django_db
WHY = "An invented reason that is long enough."
MORE = [
    {"id": "p-1", "schema": "Passport", "properties": {"holder": ["o-1"], "number": ["TX 990 011"]}},
    {"id": "a-1", "schema": "Address", "properties": {"full": ["Lane 93, Quenchabad"]}},
    {"id": "d-1", "schema": "Sanction", "properties": {"entity": ["p-1"], "authority": ["Passport office"]}},
]
OF_O1 = {"o-1", "s-1", "f-1", "w-1", "p-1", "a-1", "d-1"}


@pytest.fixture
def listed(tmp_path) -> dict[str, Entity]:
    entities = [dict(one, properties=dict(one["properties"])) for one in (*ENTITIES, *MORE)]
    entities[0]["properties"]["addressEntity"] = ["a-1"]
    load_ftm(tmp_path, entities)
    return {one.key: one for one in Entity.objects.select_related("dataset")}


def leaving(partner) -> set[str]:
    gate = Gate.open(partner, "screening", exit="sync")
    out = gate.judge(dossiers(list(Entity.objects.values_list("pk", flat=True))))
    return {one.dossier.entity.key for one in out.leaves}


@pytest.fixture
def agency(partner, agree):
    made = partner("kohsar")
    agree(made, standing=True, watch_list=True)
    return made


def test_on_whom_each_leans(listed, django_assert_num_queries):
    whom = leaning(list(listed.values()))
    own = {key: listed[key].pk for key in listed}
    assert {key: whom.get(listed[key].pk, set()) for key in listed} == {
        "o-1": set(),
        "o-2": set(),
        "o-3": set(),
        "s-1": {own["o-1"]},
        "f-1": {own["o-1"], own["o-2"]},
        "w-1": {own["o-1"], own["o-3"]},
        "p-1": {own["o-1"]},
        "a-1": set(),
        "d-1": {own["p-1"], own["o-1"]},
    }
    alone = [one for one in listed.values() if stands_alone(one.schema)]
    assert [one.key for one in alone] == ["o-1", "o-2", "o-3"]
    with django_assert_num_queries(0):
        assert leaning(alone) == {}


def test_what_leans_on_somebody_is_touched_with_them(listed):
    assert leaned_by([listed["o-1"]]) == {listed[key].pk for key in OF_O1 - {"o-1"}}
    assert leaned_by([listed["o-2"]]) == {listed["f-1"].pk}
    before = last()
    standing.restrict(listed["o-1"], actor(), WHY)
    touched = set(Touch.objects.filter(at__gt=before).values_list("entity__key", flat=True))
    assert touched == OF_O1


SET_APART = {
    "restricted": lambda one: standing.restrict(one, actor(), WHY),
    "a victim": lambda one: standing.give_standing(one, Standing.VICTIM, actor(), WHY),
    "a source": lambda one: standing.give_standing(one, Standing.UNKNOWN, actor(), WHY, [Protected.SOURCE]),
}


@pytest.mark.parametrize("how", SET_APART)
def test_papers_ties_and_address_stay_with_the_person(listed, agency, how):
    assert OF_O1 <= leaving(agency)
    SET_APART[how](listed["o-1"])
    assert leaving(agency) == {"o-2", "o-3"}


def test_so_do_those_of_a_record_judged_the_same(listed, agency, tmp_path):
    load_ftm(tmp_path, [{"id": "x-1", "schema": "Person", "properties": {"name": ["Tarvok Zelmani"]}}], name="other")
    twin = Entity.objects.get(key="x-1")
    judge(listed["o-1"], twin, "same", actor(), WHY)
    standing.restrict(twin, actor(), WHY)
    assert leaving(agency) == {"o-2", "o-3"}


def test_the_passport_of_a_restricted_person_is_neither_found_nor_opened(listed):
    passport = listed["p-1"].pk
    client = signed_in(person(Role.ANALYST))
    assert (
        "TX 990 011" in client.get("/search/?q=990+011").content.decode()
        or client.get(f"/entity/{passport}/").status_code == 200
    )
    standing.restrict(listed["o-1"], actor(), WHY)
    assert client.get(f"/entity/{passport}/").status_code == 403
    both = list(Entity.objects.filter(pk__in=[passport, listed["o-2"].pk]).select_related("dataset"))
    assert set(reader().shown(both)) == {listed["o-2"].pk}
    assert set(reader(purpose="redress").shown(both)) == {passport, listed["o-2"].pk}
