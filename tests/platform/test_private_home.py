"""What lies in a home of data is its owner's alone, also where the folder was there before."""

import os
import stat

import pytest

from baham.platform.environment import keep_private


@pytest.fixture(autouse=True)
def _umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_open_home_is_closed_and_told(tmp_path, capsys):
    home = tmp_path / "data"
    home.mkdir(mode=0o755)
    database = home / "baham.sqlite3"
    database.write_text("")
    (home / "audit").mkdir(mode=0o755)
    keep_private(home)
    assert [mode(path) for path in (home, database, home / "audit")] == [0o700, 0o600, 0o700]
    assert "could be read by others" in capsys.readouterr().err
    made = home / "new"
    made.write_text("")
    assert mode(made) == 0o600
    keep_private(home)
    assert capsys.readouterr().err == "", "said once"


def test_what_a_link_leads_to_is_left_alone(tmp_path):
    home, outside = tmp_path / "data", tmp_path / "outside"
    home.mkdir(mode=0o700)
    outside.write_text("")
    (home / "link").symlink_to(outside)
    before = mode(outside)
    keep_private(home)
    assert mode(outside) == before


def test_a_home_that_is_not_there_yet_is_no_fault(tmp_path):
    keep_private(tmp_path / "not yet")
