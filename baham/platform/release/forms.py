"""What is asked on the pages of the release room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from baham.kernel.handling import PAP, TLP
from baham.platform.accounts.purposes import PURPOSES
from baham.platform.fields import may_choose, may_choose_row
from baham.platform.ledger.models import Dataset
from baham.platform.release.models import Partner, Recall

_DAYS, _MOST_DAYS = 365, 1_096


class ReleaseForm(forms.Form):
    """To whom, for what, in answer to what."""

    partner = forms.ModelChoiceField(queryset=Partner.objects.none(), label=_("Partner"), to_field_name="name")
    purpose = forms.ChoiceField(label=_("Purpose"))
    case = forms.CharField(max_length=120, label=_("Case or question that it answers"))
    note = forms.CharField(
        max_length=2_000,
        required=False,
        label=_("A sentence to the receiver"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = Partner.objects.filter(ended_at=None)
        may_choose_row(self, "partner", self.partners)
        may_choose(self, "purpose", [(kind.code, kind.title) for kind in PURPOSES])


class AgreementForm(forms.Form):
    """What is agreed. A partner who is not trusted must have its fields named, and nothing leaves to it by itself."""

    purposes = forms.MultipleChoiceField(label=_("Purposes"), widget=forms.CheckboxSelectMultiple)
    fields_text = forms.CharField(
        label=_("Fields that may leave, by their names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "For example: name alias birthDate. What is not named stays. Empty is everything, and is allowed "
            "for a trusted partner alone."
        ),
    )
    datasets = forms.MultipleChoiceField(
        label=_("Lists"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: every list.")
    )
    tlp = forms.TypedChoiceField(
        label=_("At most"), coerce=int, choices=[(one.value, one.label) for one in TLP], initial=int(TLP.AMBER)
    )
    pap = forms.TypedChoiceField(
        label=_("The partner may act as far as"),
        coerce=int,
        initial=int(PAP.GREEN),
        choices=[(one.value, one.label) for one in PAP],
    )
    standing = forms.BooleanField(
        label=_("Leaves by itself"),
        required=False,
        help_text=_("What needs no second signature leaves without one each time. For a trusted partner alone."),
    )
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=500)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=_MOST_DAYS, initial=_DAYS)

    def __init__(self, partner: Partner, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_choose(self, "purposes", [(kind.code, kind.title) for kind in PURPOSES])
        may_choose(self, "datasets", [(one.name, one.title) for one in Dataset.objects.all()])
        if not partner.trusted:
            del self.fields["standing"]

    def clean(self) -> dict[str, object]:
        """The fields as a list; None where none is named."""
        given = dict(super().clean() or {})
        named = str(given.pop("fields_text", "")).replace(",", " ").split()
        if wrong := [name for name in named if not name.isidentifier()]:
            self.add_error("fields_text", _("%(name)s is not the name of a field.") % {"name": wrong[0][:40]})
        return {**given, "fields": named or None}


class RecallForm(forms.Form):
    """Why statements are taken back."""

    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[
            (Recall.Ground.ERROR, _("Error: it is not so")),
            (Recall.Ground.IDENTITY, _("Identity: it is about somebody else")),
            (Recall.Ground.LEGAL, _("Law: it may no longer be used")),
            (Recall.Ground.SOURCE, _("Source: somebody may come to harm")),
        ],
    )
    why = forms.CharField(
        label=_("Why, as every receiver will read it"), min_length=20, widget=forms.Textarea(attrs={"rows": 3})
    )


class ScopeForm(forms.Form):
    """A circle: what it is called, who is in it, and for how long the list is good."""

    title = forms.CharField(max_length=200, label=_("What the circle is called"))
    members = forms.ModelMultipleChoiceField(
        queryset=Partner.objects.none(), label=_("Members"), widget=forms.CheckboxSelectMultiple, to_field_name="name"
    )
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=_MOST_DAYS, initial=_DAYS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_choose_row(self, "members", Partner.objects.filter(ended_at=None))
