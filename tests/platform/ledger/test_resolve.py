"""The ledger's conformance suite, part two: judgements about who is who."""

import pytest

from baham.platform.ledger.models import Entity
from baham.platform.ledger.record import read
from baham.platform.ledger.resolve import CannotJudge, judge, retract
from tests.support.lists import PEOPLE, load_rows
from tests.support.people import actor, reader

pytestmark = pytest.mark.django_db
WHY = "The school register names the same father."


@pytest.fixture
def four(tmp_path):
    load_rows(tmp_path)
    load_rows(tmp_path, [{**PEOPLE[0], "id": "s-1", "birth_date": "1986"}], name="sahran")
    return [Entity.objects.get(key=key) for key in ("k-1", "s-1", "k-2", "k-3")]


def clusters():
    return {entity.key: entity.canonical.key for entity in Entity.objects.select_related("canonical")}


def test_nothing_is_joined_by_itself(four):
    assert clusters() == {key: key for key in ("k-1", "k-2", "k-3", "k-4", "s-1")}


def test_same_joins_and_retracting_parts_again(four):
    one, other, third, _ = four
    made = judge(one, other, "same", actor(), WHY)
    second = judge(other, third, "same", actor(), WHY)
    assert clusters()["k-2"] == clusters()["s-1"] == "k-1"
    record = read(Entity.objects.get(key="s-1"), reader())
    assert {member.key for member in record.members} == {"k-1", "s-1", "k-2"}
    retract(made, actor("another"), "The father was another man of that name.")
    assert clusters()["k-1"] == "k-1"
    assert clusters()["s-1"] == clusters()["k-2"] == "k-2"
    retract(second, actor("another"), "The father was another man of that name.")
    assert clusters() == {key: key for key in ("k-1", "k-2", "k-3", "k-4", "s-1")}


def test_other_sources_agree_or_contradict(four):
    one, other, *_ = four
    judge(one, other, "same", actor(), WHY)
    record = read(Entity.objects.get(pk=one.pk), reader())
    births = {value.statement.value: value for value in record.properties["birthDate"]}
    assert births["1984"].contradicted
    assert births["1986"].contradicted
    name = record.properties["name"][0]
    assert (name.sources, name.contradicted) == (2, False)


def test_a_contradiction_is_refused_with_its_author(four):
    one, other, third, _ = four
    judge(one, other, "same", actor(), WHY)
    judge(other, third, "different", actor("halim"), WHY)
    with pytest.raises(CannotJudge, match="halim"):
        judge(one, third, "same", actor(), WHY)
    with pytest.raises(CannotJudge, match="Retract"):
        judge(one, other, "different", actor(), WHY)
    assert clusters()["k-2"] == "k-2"


def test_unsure_changes_nothing_and_stays_on_record(four):
    one, _, third, _ = four
    judge(one, third, "unsure", actor(), WHY)
    assert clusters()["k-2"] == "k-2"
    assert [judgement.verdict for judgement in read(one, reader()).judgements] == ["unsure"]


@pytest.mark.parametrize("reason", ["", "too short", "            no            "])
def test_a_reason_is_needed(four, reason):
    with pytest.raises(CannotJudge, match="20"):
        judge(four[0], four[1], "same", actor(), reason)


def test_a_record_is_not_judged_against_itself_nor_retracted_twice(four):
    with pytest.raises(CannotJudge):
        judge(four[0], four[0], "same", actor(), WHY)
    made = judge(four[0], four[1], "same", actor(), WHY)
    retract(made, actor(), WHY)
    with pytest.raises(CannotJudge, match="already"):
        retract(made, actor(), WHY)
