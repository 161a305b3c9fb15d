"""A damaged index is never used: it is told, and built anew from the ledger."""

import pytest

from baham.engines.names import Query
from baham.platform.screening import index
from baham.platform.screening.services import screen
from tests.support.lists import load_rows

pytestmark = pytest.mark.django_db


def damage(pattern: str) -> None:
    """Zeros over the first bytes of a file of the index in use; this process forgets what it had open."""
    [file] = (index.folder() / str(index._in_use())).glob(pattern)
    data = file.read_bytes()
    file.unlink()  # what another test has mapped stays as it was
    file.write_bytes(bytes(byte ^ 255 for byte in data[:64]) + data[64:])
    index._open.clear()


@pytest.mark.parametrize("pattern", ["names/g-*/posting_name.arr", "names/meta.json", "datasets"])
def test_damage_is_told_and_every_hit_is_found(tmp_path, caplog, pattern):
    load_rows(tmp_path)
    index.build(whole=True)
    damage(pattern)
    [hits] = screen([Query("Zarghun Talband")])
    assert [found.entity.key for found in hits][:1] == ["k-1"]
    assert "damaged" in caplog.text


def test_the_hourly_look_and_the_command_read_all_of_it(tmp_path):
    load_rows(tmp_path)
    index.build(whole=True)
    assert index.verify() is None
    damage("names/g-*/records.bin")
    assert "checksum" in str(index.verify())
    assert index.verify() is None
