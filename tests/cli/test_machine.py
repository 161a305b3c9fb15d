"""What the machine refuses is said in one line; what was done before is not called undone."""

import errno

import pytest
from typer.testing import CliRunner

from baham.cli import main
from tests.support.commands import run
from tests.support.lists import PEOPLE, write


class OperationalError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "said"),
    [(OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y: no space left on device"),
     (PermissionError(errno.EACCES, "Permission denied", "/x"), "/x: permission denied"),
     (OSError(errno.EROFS, "Read-only file system", "/x"), "/x: read-only file system"),
     (OperationalError("database is locked"), "the database cannot be used now: database is locked")],
)  # fmt: skip
def test_one_line_and_two(monkeypatch, error, said):
    def fails(_name):
        raise error

    monkeypatch.setattr(main, "import_module", fails)
    done = CliRunner().invoke(main.app, ["audit", "verify"])
    assert done.exit_code == 2
    assert done.output.strip() == f"baham: {said}"


def test_a_fault_of_ours_keeps_its_traceback(monkeypatch):
    monkeypatch.setattr(main, "import_module", lambda _name: 1 / 0)
    assert isinstance(CliRunner().invoke(main.app, ["audit", "verify"]).exception, ZeroDivisionError)


def test_a_home_that_is_a_file(tmp_path):
    (tmp_path / "house").write_text("no folder")
    done = run(tmp_path / "house", "baham", "sources", "list")
    assert done.returncode == 2 and "Traceback" not in done.stderr and done.stderr.startswith("baham: ")


def test_a_list_that_is_loaded_and_not_indexed_is_in_force(tmp_path):
    home = tmp_path / "house"
    home.mkdir()
    (home / "index").write_text("where a folder should be")
    done = run(home, "baham", "sources", "load", str(write(tmp_path / "a.csv", PEOPLE)), "--name", "home-dept")
    assert done.returncode == 0 and "loaded, not indexed" in done.stderr, done.stderr
