"""What may be chosen in a form's field is said when the form is made; a field that has no choices is a mistake at once."""

import pytest
from django import forms

from baham.platform.accounts.models import Organisation
from baham.platform.fields import may_choose, may_choose_row


class Asked(forms.Form):
    word = forms.CharField()
    colour = forms.ChoiceField()
    office = forms.ModelChoiceField(queryset=Organisation.objects.none())


def test_only_what_is_offered_is_taken():
    for given, fits in (("blue", True), ("red", False)):
        form = Asked({"word": "x", "colour": given})
        may_choose(form, "colour", [("blue", "Blue")])
        form.is_valid()
        assert ("colour" not in form.errors) is fits


@pytest.mark.django_db
def test_only_rows_that_are_offered_are_taken():
    ours, theirs = (Organisation.objects.create(name=name) for name in ("Ours", "Theirs"))
    for given, fits in ((ours, True), (theirs, False)):
        form = Asked({"word": "x", "office": given.pk})
        may_choose_row(form, "office", Organisation.objects.filter(pk=ours.pk))
        form.is_valid()
        assert ("office" not in form.errors) is fits


def test_a_field_without_choices_is_refused():
    with pytest.raises(TypeError, match="word has no choices"):
        may_choose(Asked(), "word", [("blue", "Blue")])
    with pytest.raises(TypeError, match="colour is not chosen among rows"):
        may_choose_row(Asked(), "colour", Organisation.objects.all())
