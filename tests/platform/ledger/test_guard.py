"""No list is emptied by a slip: what stops before it is in force, what goes on, and what a list keeps."""

import pytest

from baham.formats import BadInput
from baham.kernel.handling import TLP
from baham.platform.ledger import offered
from baham.platform.ledger.datasets import CannotSet, set_limit
from baham.platform.ledger.guard import Confirmed, MassChange
from baham.platform.ledger.load import Looked, load
from baham.platform.ledger.models import Dataset, Entity, Offered, Version
from tests.support.lists import write
from tests.support.people import actor

pytestmark = pytest.mark.django_db

MANY = [{"id": f"n-{n}", "name": f"Lantern {'abcdefghij'[n % 10]}{n}", "program": f"Article {n}"} for n in range(60)]
WHY = "The publisher's letter names each of them."


def bring(tmp_path, rows, name="lamps", **more):
    path = write(tmp_path / f"{len(list(tmp_path.iterdir()))}.csv", rows)
    return load(path, name, actor(), **more)


def current() -> int:
    return Entity.objects.filter(current=True).count()


def test_a_supplement_loaded_as_the_whole_stops_and_nothing_has_changed(tmp_path):
    bring(tmp_path, MANY)
    with pytest.raises(MassChange, match=r"would end 54 of 60 entries \(90 %, more than the 5 %") as stopped:
        bring(tmp_path, MANY[:6])
    assert (current(), Version.objects.count()) == (60, 1)
    assert stopped.value.effect.silenced == 54
    assert "Lantern g6" in str(stopped.value)


@pytest.mark.parametrize(
    "given",
    [
        None,
        Confirmed(53, None, WHY),
        Confirmed(None, 54, WHY),
        Confirmed(54, None, ""),
        Confirmed(54, None, "because"),
    ],
)
def test_it_goes_on_with_the_number_told_and_a_reason_alone(tmp_path, given):
    bring(tmp_path, MANY)
    with pytest.raises(MassChange):
        bring(tmp_path, MANY[:6], confirmed=given)
    assert current() == 60
    assert bring(tmp_path, MANY[:6], confirmed=Confirmed(54, None, WHY)).version.removed == 54


def test_a_few_delistings_need_nobody_and_the_limit_is_set_for_each_list(tmp_path):
    bring(tmp_path, MANY)
    assert bring(tmp_path, MANY[:57]).version.removed == 3
    set_limit("lamps", 0, actor(), WHY)
    with pytest.raises(MassChange):
        bring(tmp_path, MANY[:56])
    set_limit("lamps", 50, actor(), WHY)
    assert bring(tmp_path, MANY[:30]).version.removed == 27
    for name, percent, reason in (("lamps", 101, WHY), ("lamps", -1, WHY), ("lamps", 7, "so"), ("nowhere", 7, WHY)):
        with pytest.raises(CannotSet):
            set_limit(name, percent, actor(), reason)


def test_a_version_that_changes_most_of_a_list_stops(tmp_path):
    bring(tmp_path, MANY)
    changed = [{**row, "program": "Article 0/2"} for row in MANY[:40]] + MANY[40:]
    with pytest.raises(MassChange, match="would change 40 of 60") as stopped:
        bring(tmp_path, changed)
    assert bring(tmp_path, changed, confirmed=stopped.value.confirmed(WHY)).version.changed == 40


def test_a_property_that_most_entries_would_lose_stops(tmp_path):
    rows = MANY[:40] + [{**row, "program": ""} for row in MANY[40:]]
    bring(tmp_path, rows[:10] + [{**row, "program": ""} for row in rows[10:]])
    with pytest.raises(MassChange, match="10 entries would say no program any more: was a column or mapping forgotten"):
        bring(tmp_path, [{key: value for key, value in row.items() if key != "program"} for row in rows])


def test_many_end_dates_are_as_much_as_many_that_are_gone(tmp_path):
    bring(tmp_path, MANY)
    with pytest.raises(MassChange, match="would end 20 of 60"):
        bring(tmp_path, [{**row, "endDate": "2020-01-01" if n < 20 else ""} for n, row in enumerate(MANY)])


def test_a_list_keeps_the_mapping_that_it_was_loaded_with(tmp_path):
    table = [{"Nr": row["id"], "Who": row["name"], "Basis": row["program"]} for row in MANY]
    mapping = {"Nr": "id", "Who": "name", "Basis": "program"}
    bring(tmp_path, table, options={"mapping": mapping})
    again = bring(tmp_path, [*table, {"Nr": "n-99", "Who": "Orvane", "Basis": "Article 99"}])
    assert (again.version.added, again.version.changed, again.version.removed) == (1, 0, 0)
    assert Dataset.objects.get().options == {"mapping": mapping}
    with pytest.raises(BadInput, match="names a column that the file lacks, field Basis|field Basis"):
        bring(tmp_path, [{key: value for key, value in row.items() if key != "Basis"} for row in table])


def test_a_table_whose_last_line_has_no_end_delists_nobody_without_a_word(tmp_path):
    bring(tmp_path, MANY)
    path = write(tmp_path / "cut.csv", MANY[:59])
    path.write_bytes(path.read_bytes().rstrip())
    with pytest.raises(MassChange, match="its last line has no end"):
        load(path, "lamps", actor())
    whole = write(tmp_path / "whole.csv", MANY)
    whole.write_bytes(whole.read_bytes().rstrip())
    assert load(whole, "lamps", actor()).version.unfinished, "whoever always writes so is not stopped by it again"
    assert load(path, "lamps", actor()).version.removed == 1


def test_looking_changes_nothing_and_says_all(tmp_path):
    with pytest.raises(Looked) as seen:
        bring(tmp_path, MANY, look=True)
    assert (seen.value.effect.added, Dataset.objects.count(), Entity.objects.count()) == (60, 0, 0)
    bring(tmp_path, MANY)
    with pytest.raises(Looked) as seen:
        bring(tmp_path, MANY[:6], look=True)
    assert (seen.value.effect.silenced, seen.value.stops.delisting, current()) == (54, True, 60)


def test_a_label_in_any_value_stops_a_load_that_would_open_it(tmp_path):
    marked = [*MANY, {"id": "x", "name": "Orvane", "notes": "TLP:AMBER, from the desk"}]
    with pytest.raises(BadInput, match="is marked TLP:AMBER in words, and the list is TLP:CLEAR"):
        bring(tmp_path, marked)
    assert bring(tmp_path, marked, "desk", about={"tlp": TLP.RED, "pap": 3}).version.entities == 61


def test_a_column_on_handling_that_no_mapping_reads_stops_it_as_well(tmp_path):
    table = tmp_path / "desk.csv"
    for words, said in (("RED", "TLP:RED"), ("purple", "TLP:AMBER.STRICT")):
        table.write_text(f"name,tlp\nBelmur Ostrand,{words}\n", encoding="utf-8")
        with pytest.raises(BadInput, match=rf"line 2, tlp.*{said} in words"):
            load(table, "desk", actor(), options={"mapping": {"name": "name"}})
    table.write_text("name,classification\nBelmur Ostrand,for official use only\n", encoding="utf-8")
    with pytest.raises(BadInput, match="in words, and the list is TLP:CLEAR"):
        load(table, "desk", actor())
    table.write_text("name,tlp\nBelmur Ostrand,clear\n", encoding="utf-8")
    assert load(table, "desk", actor()).version.entities == 1


def test_in_the_console_a_second_person_agrees_to_the_numbers_that_were_shown(tmp_path):
    bring(tmp_path, MANY)
    path = write(tmp_path / "less.csv", MANY[:6])
    one = offered.look(offered.offer(path, "lamps", actor("lala"), file_name="gazette.csv"), actor("lala"))
    assert one.effect["silenced"] == 54 and one.effect["why"]
    with pytest.raises(MassChange):
        offered.put_in_force(one, actor("lala"))
    with pytest.raises(offered.CannotOffer):
        offered.ask(one, actor("lala"), "so")
    offered.ask(one, actor("lala"), WHY)
    (item,) = Dataset.objects.get().matters.filter(kind="version")
    assert (item.proposed_by, item.proposal) == ("lala", {"offered": one.pk})
    offered.agree(one, actor("gul"), "I rang the publisher and compared.")
    done = offered.put_in_force(Offered.objects.get(pk=one.pk), actor("gul"))
    assert (done.version.removed, done.version.file_name) == (54, "gazette.csv")
    assert not path.exists() or path.parent != offered.folder()
