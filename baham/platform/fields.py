"""What may be chosen in a field of a form, where that is known only when the form is made."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm, ChoiceField, ModelChoiceField
from django.utils.functional import Promise


def may_choose(form: BaseForm, name: str, choices: Iterable[tuple[Any, str | Promise]]) -> None:
    """Let these be chosen in the field `name`, as (value, what it is called). TypeError for a field without choices."""
    field = form.fields[name]
    if not isinstance(field, ChoiceField):
        raise TypeError(f"{name} has no choices")
    field.choices = list(choices)


def may_choose_row(form: BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let one or several of these rows be chosen in the field `name`. TypeError for a field that is not of rows."""
    field = form.fields[name]
    if not isinstance(field, ModelChoiceField):
        raise TypeError(f"{name} is not chosen among rows")
    field.queryset = rows
