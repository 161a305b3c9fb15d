"""A number that few records share is shown with them; one that very many share is counted and joins nothing."""

import pytest

from baham.platform.accounts.roles import Role
from baham.platform.audit.models import Entry
from baham.platform.ledger.models import Entity, Judgement, Statement
from baham.platform.ledger.resolve import judge
from baham.platform.ledger.shared import MOST, Shared, shared
from tests.support.lists import load_rows
from tests.support.people import actor, person, reader, signed_in

pytestmark = pytest.mark.django_db
NUMBER = "61-0447-2215"


def rows(count: int, number: str = NUMBER) -> list[dict[str, str]]:
    return [{"id": f"h-{n}", "name": f"Bearer {n} Talband", "id_number": number} for n in range(count)]


def number_of(key: str) -> Statement:
    return Statement.objects.get(entity__key=key, prop="idNumber")


def test_other_lists_that_say_the_same_number_however_it_is_written(tmp_path):
    load_rows(tmp_path, rows(1))
    load_rows(
        tmp_path,
        [
            {"id": "o-1", "name": "Another", "id_number": "61 0447 2215"},
            {"id": "o-2", "name": "A Third", "id_number": "61-0447-2216"},
            {"id": "o-3", "name": "61 0447 2215"},
        ],
        name="other-list",
    )
    found = shared(number_of("h-0"), reader())
    assert [one.entity.key for one in found.others] == ["o-1"] and not found.hub


def test_what_is_judged_one_record_is_not_another(tmp_path):
    load_rows(tmp_path, rows(2))
    first, second = Entity.objects.order_by("pk")
    judge(first, second, "same", actor(), "An invented reason that is long enough.")
    assert shared(number_of("h-0"), reader()).others == ()


@pytest.mark.parametrize("extra", [0, 1])
def test_a_hub_is_said_and_not_joined(tmp_path, extra, django_assert_max_num_queries):
    load_rows(tmp_path, rows(MOST + 1 + extra))
    with django_assert_max_num_queries(15):
        found = shared(number_of("h-0"), reader())
    if extra:
        assert found.hub and found.others == ()
    else:
        assert not found.hub and len(found.others) == MOST
    assert not Judgement.objects.exists()


def test_names_and_dates_are_no_identifying_values(tmp_path):
    load_rows(tmp_path, rows(2))
    assert shared(Statement.objects.get(entity__key="h-0", prop="name"), reader()) == Shared()


def test_what_is_no_longer_said_is_not_counted_among_few(tmp_path):
    load_rows(tmp_path, rows(2))
    load_rows(tmp_path, rows(1))
    assert shared(number_of("h-0"), reader()).others == ()


@pytest.mark.parametrize("many", [2, MOST + 5])
def test_the_chain_says_it_and_the_log_has_whom_it_showed(tmp_path, many):
    load_rows(tmp_path, rows(many))
    one = number_of("h-0")
    page = signed_in(person(Role.ANALYST)).get(f"/entity/{one.entity_id}/statement/{one.sid_hex}/").content.decode()
    named = Entry.objects.latest("number").detail.get("entities")
    if many == 2:
        assert "Bearer 1 Talband" in page and named == [Entity.objects.get(key="h-1").pk]
    else:
        assert "Very many records bear it" in page and "Bearer 1 Talband" not in page and named is None


def test_nobody_is_found_by_a_victims_or_a_restricted_record(tmp_path):
    from baham.kernel.standing import Standing
    from baham.platform.ledger.standing import give_standing, restrict

    load_rows(tmp_path, rows(3))
    _first, victim, contested = Entity.objects.order_by("pk")
    give_standing(victim, Standing.VICTIM, actor(), "An invented reason that is long enough.")
    restrict(contested, actor(), "An invented reason that is long enough.")
    assert shared(number_of("h-0"), reader()).others == ()
