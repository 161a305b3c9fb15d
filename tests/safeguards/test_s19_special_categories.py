"""S-19: religion, sect, ethnicity and ideology are never stored, matched or ranked on."""

import dataclasses
import re
from pathlib import Path

import pytest

from baham.engines.names import Query, Subject
from baham.kernel.entity import Entity
from baham.kernel.schema import LEFT_OUT
from baham.platform.ledger.load import load
from baham.platform.ledger.models import Statement
from tests.support.people import actor

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = re.compile(r"religio|sect\b|sectarian|ethnic|ideolog|caste|tribe|creed", re.I)


@pytest.mark.parametrize("prop", sorted(LEFT_OUT))
def test_it_is_not_stored_whatever_a_file_offers(db, tmp_path, prop):
    path = tmp_path / "list.jsonl"
    path.write_text(
        f'{{"id":"x-1","schema":"Person","properties":{{"name":["Zarghun Talband"],"{prop}":["anything"]}}}}\n'
    )
    done = load(path, "list", actor())
    assert done.version.left_out == 1
    assert not Statement.objects.filter(value="anything").exists()
    assert "anything" not in Statement.objects.first().entity.text


def test_the_kernel_refuses_it():
    entity = Entity("x", "Person", "d")
    for prop in LEFT_OUT:
        entity.add(prop, "anything")
    assert (len(entity), entity.left_out) == (0, len(LEFT_OUT))


@pytest.mark.parametrize("value", [Query, Subject])
def test_no_engine_takes_it_in(value):
    assert not [field.name for field in dataclasses.fields(value) if FORBIDDEN.search(field.name)]


def test_no_engine_names_it_as_a_feature():
    for path in (ROOT / "baham" / "engines").rglob("*.py"):
        code = "\n".join(line for line in path.read_text().splitlines() if "feature" in line)
        assert not FORBIDDEN.search(code), path


def test_no_model_has_a_field_for_it():
    from django.apps import apps

    for model in apps.get_models():
        for field in model._meta.get_fields():
            assert not FORBIDDEN.search(field.name), f"{model._meta.label}.{field.name}"
