"""`baham erase` and `baham restrict`, as they are typed: results, refusals in one line, nothing half asked for."""

import pytest
from typer.testing import CliRunner

from baham.cli.main import app
from baham.platform.audit.models import Entry
from baham.platform.ledger.models import Restriction
from baham.platform.rights.models import Erasure
from tests.support.lists import load_rows

pytestmark = pytest.mark.django_db
WHY = "The court of Kohsar ordered it; the order is on file."


@pytest.fixture(autouse=True)
def ledger(tmp_path) -> None:
    load_rows(tmp_path)


def baham(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, words, prog_name="baham", catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def test_asking_for_two_records_at_once():
    said = baham("erase", "home-dept:k-1", "2", "--ground", "not-needed", "--reason", WHY, "--reference", "K 12/2026")
    assert said.count("waits for two signatures") == 2
    assert [one.ground for one in Erasure.objects.all()] == ["not needed", "not needed"]
    listed = baham("erase", "list")
    assert listed.count("\tproposed\t") == 2 and "K 12/2026" in listed and "Zarghun" not in listed
    assert Entry.objects.filter(act="asked for an erasure").count() == 2
    assert "0 finished, 0 still waiting" in baham("erase", "finish")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("home-dept:nobody", "--ground", "order", "--reason", WHY), "There is no record 'home-dept:nobody'"),
        (("99999999999999999999", "--ground", "order", "--reason", WHY), "There is no record"),
        (("home-dept:k-1", "--ground", "dislike", "--reason", WHY), "The ground is one of these"),
        (("home-dept:k-1", "--ground", "order", "--reason", "short"), "at least 20 characters"),
        (("home-dept:k-1", "--ground", "order", "--reason", "Talband, Zarghun has asked for it"), "names the person"),
        (("home-dept:k-1", "home-dept:k-1", "--ground", "order", "--reason", WHY), "asked for already"),
        (("home-dept:k-1", "home-dept:nobody", "--ground", "order", "--reason", WHY), "There is no record"),
    ],
)
def test_refused_in_one_line_and_nothing_is_asked_for(words, told):
    said = baham("erase", *words, code=2)
    assert told in said and said.count("\n") == 1 and said.startswith("baham: ")
    assert not Erasure.objects.exists()


def test_restricting_and_lifting():
    assert "restricted" in baham("restrict", "home-dept:k-1", "--reason", WHY)
    assert "restricted already" in baham("restrict", "1", "--reason", WHY, code=2)
    assert "restriction lifted" in baham("restrict", "home-dept:k-1", "--lift", "--reason", WHY)
    assert "not restricted" in baham("restrict", "home-dept:k-1", "--lift", "--reason", WHY, code=2)
    assert "at least 20" in baham("restrict", "home-dept:k-1", "--reason", "short", code=2)
    assert Restriction.objects.count() == 1
