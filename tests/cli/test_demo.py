"""`baham demo` as a command."""

from tests.demo.conftest import run


def test_help_says_what_it_does(tmp_path):
    done = run(tmp_path / "none", "-m", "baham", "demo", "--help")
    assert done.returncode == 0
    assert "--no-serve" in done.stdout
    assert "--port" in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_port_out_of_range_is_bad_usage(tmp_path):
    assert run(tmp_path / "none", "-m", "baham", "demo", "--port", "0").returncode == 2
    assert not (tmp_path / "none").exists()
