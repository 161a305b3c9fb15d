"""S-21: no page, file or answer ranks people by danger."""

import json
import re
from pathlib import Path

from django.apps import apps

from baham.kernel.schema import is_person
from baham.platform.accounts.roles import Role
from baham.platform.screening.services import screen
from tests.support.people import person, signed_in

BAHAM = Path(__file__).resolve().parents[2] / "baham"
DANGER = re.compile(
    r"risk[_ ]?(?:score|level|rank|rating)|danger(?:ous|[_ ]?(?:score|level|rank))|threat[_ ]?(?:score|level|rank)|suspicio|radicali[sz]ation[_ ]?score",
    re.I,
)
SCORE = re.compile(r"(?:score|risk|rank|danger|threat)", re.I)
SAYS_SO = re.compile(r"S-21|no (?:danger|score)|ranks? people by danger|never how dangerous", re.I)


def test_no_model_holds_a_score_of_a_person():
    for model in apps.get_models():
        if model.__module__.startswith("baham."):
            for field in model._meta.get_fields():
                assert not SCORE.search(field.name), f"{model._meta.label}.{field.name}"


def test_no_page_speaks_of_one():
    for path in BAHAM.rglob("*.html"):
        assert not DANGER.search(path.read_text()), path


def test_no_code_computes_one():
    for path in BAHAM.rglob("*.py"):
        for line in path.read_text().splitlines():
            assert not DANGER.search(line) or SAYS_SO.search(line), (path, line)


def test_the_answers_score_the_likeness_of_names_and_nothing_else(ledger):
    from baham.engines.names import Query

    row = screen([Query("Zarghun Talband")])[0][0].as_json()
    assert set(row) == {"entity", "caption", "dataset", "schema", "score", "verdict", "evidence"}
    assert is_person(row["schema"])
    text = json.dumps(row)
    assert not DANGER.search(text)


def test_lists_of_people_are_not_ordered_by_a_score(ledger):
    client = signed_in(person(Role.ANALYST))
    for address in ("/search/?q=talband", "/review/", "/sources/home-dept/1/"):
        assert not DANGER.search(client.get(address).content.decode()), address
