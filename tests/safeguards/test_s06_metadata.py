"""S-06: no field with personal data exists without purpose, category, retention and sensitivity."""

import pytest
from django.apps import apps
from django.db import models

from baham.platform.protection import PersonalData

OURS = [model for model in apps.get_models() if model.__module__.startswith("baham.")]
HOLDS_TEXT = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.DateField,
    models.FileField,
    models.BinaryField,
)


def undeclared(model: type[models.Model]) -> list[str]:
    """The fields that could hold personal data and about which the model says nothing."""
    if getattr(model, "no_personal_data", ""):
        return []
    declared = getattr(model, "personal_data", {})
    technical = {*getattr(model, "source_place", ()), *getattr(model, "technical", ()), *TECHNICAL}
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, HOLDS_TEXT)
        and not isinstance(field, models.DateTimeField)
        and field.name not in declared
        and field.name not in technical
    ]


TECHNICAL = frozenset(
    {
        "id",
        "sid",
        "digest",
        "leaf",
        "kind",
        "event",
        "act",
        "verdict",
        "scheme",
        "reliability",
        "credibility",
        "state",
        "outcome",
        "label",
        "format",
        "sha256",
        "file_name",
        "on",
    }
)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_says_what_is_personal(model):
    assert not undeclared(model), "declare these in personal_data (baham/platform/protection.py)"
    for name, data in getattr(model, "personal_data", {}).items():
        model._meta.get_field(name)
        assert isinstance(data, PersonalData)
        assert data.purpose
        assert data.category
        assert data.retention
        assert data.sensitivity


def test_a_new_field_without_a_word_is_caught():
    class Careless(models.Model):
        personal_data = {}
        mother_maiden_name = models.CharField(max_length=50)

        class Meta:
            app_label = "ledger"
            managed = False

        def __str__(self) -> str:
            return ""

    try:
        assert undeclared(Careless) == ["mother_maiden_name"]
    finally:
        del apps.all_models["ledger"]["careless"]
        apps.clear_cache()
