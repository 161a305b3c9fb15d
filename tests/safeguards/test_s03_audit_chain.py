"""S-03: an altered, deleted, inserted or cut-off log entry is found, and the first one is named."""

import pytest
from django.db import connection

from baham.platform.audit import anchor
from baham.platform.audit.models import Entry, Event, Head
from baham.platform.audit.services import record
from baham.platform.audit.verify import verify
from tests.support.commands import run
from tests.support.people import actor

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 9


@pytest.fixture
def log():
    for number in range(ROWS):
        record(actor(), Event.CONSULTATION, "read", f"entity:{number}", title="Zarghun Talband", count=number)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_an_untouched_log_is_intact(log):
    finding = verify()
    assert (finding.intact, finding.entries) == (True, ROWS)
    assert anchor.read_checkpoint().size == ROWS


def test_an_empty_log_is_intact():
    assert verify().intact


@pytest.mark.parametrize(
    "column", ["actor", "act", "subject", "title", "purpose", "case", "event", "justification", "recipient"]
)
@pytest.mark.parametrize("row", [0, 4, ROWS - 1])
def test_an_altered_field_is_named(log, column, row):
    sql(f'UPDATE audit_entry SET "{column}" = %s WHERE number = %s', "x", row)
    assert (verify().intact, verify().row) == (False, row)


def test_an_altered_time_or_detail_is_named(log):
    Entry.objects.filter(number=3).update(detail={"count": 99})
    assert verify().row == 3
    Entry.objects.filter(number=2).update(at="2020-01-01T00:00:00Z")
    assert verify().row == 2


def test_altering_the_hash_as_well_does_not_help(log):
    entry = Entry.objects.get(number=4)
    entry.actor = "somebody else"
    Entry.objects.filter(number=4).update(actor=entry.actor, leaf=entry.leaf_hash().hex())
    assert verify().row == 4


@pytest.mark.parametrize("row", [0, 5])
def test_a_deleted_row_is_named(log, row):
    sql("DELETE FROM audit_entry WHERE number = %s", row)
    assert (verify().intact, verify().row) == (False, row)


@pytest.mark.parametrize("left", [0, 1, 6])
def test_a_cut_off_tail_is_named(log, left):
    sql("DELETE FROM audit_entry WHERE number >= %s", left)
    Head.objects.update(size=left)
    assert (verify().intact, verify().row) == (False, left)


def test_cutting_the_copy_outside_as_well_does_not_help(log):
    sql("DELETE FROM audit_entry WHERE number >= 6")
    leaves = anchor.folder() / "leaves"
    leaves.write_bytes(leaves.read_bytes()[: 6 * 32])
    finding = verify()
    assert not finding.intact
    assert finding.row == 6


def test_an_inserted_row_is_found(log):
    entry = Entry.objects.get(number=8)
    entry.pk = entry.number = ROWS
    entry.leaf = entry.leaf_hash().hex()
    entry.save(force_insert=True)
    assert not verify().intact


def test_a_forged_tree_head_is_found(log):
    path = anchor.folder() / "checkpoint"
    path.write_text(path.read_text().replace("\n9\n", "\n8\n"))
    assert "tree head" in verify().message


def test_a_missing_tree_head_is_found(log):
    (anchor.folder() / "checkpoint").unlink()
    assert not verify().intact


def test_the_files_catch_up_after_a_crash(log):
    """A kill between commit and the writing of the files leaves them behind; the next entry brings them up."""
    leaves = anchor.folder() / "leaves"
    leaves.write_bytes(leaves.read_bytes()[: 5 * 32 + 7])
    record(actor(), Event.SYSTEM, "went on", "x:1")
    assert verify().intact
    assert leaves.stat().st_size == (ROWS + 1) * 32


def test_what_is_rolled_back_leaves_no_entry(log):
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        record(actor(), Event.SYSTEM, "half done", "x:1")
        raise RuntimeError
    assert verify().entries == ROWS


def test_the_command_ends_with_1_and_names_the_row(begin, tmp_path):
    """The whole way, in processes of their own: load a list, alter a row behind Baham's back, verify."""
    import sqlite3

    home, csv = begin(tmp_path / "own"), tmp_path / "list.csv"
    csv.write_text("id,name\nk-1,Zarghun Talband\n")
    loaded = run(home, "baham", "sources", "load", str(csv), "--name", "own")
    assert loaded.returncode == 0, loaded.stderr
    assert run(home, "baham", "audit", "verify").returncode == 0
    with sqlite3.connect(home / "baham.sqlite3") as database:
        database.execute("UPDATE audit_entry SET actor = 'nobody' WHERE number = 1")
    database.close()
    done = run(home, "baham", "audit", "verify")
    assert done.returncode == 1
    assert "row 1 was altered" in done.stderr
