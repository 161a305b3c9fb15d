"""What is asked on the pages of erasure and restriction."""

from django import forms
from django.utils.translation import gettext_lazy as _

from baham.kernel.decision import LEAST_REASON
from baham.platform.rights.models import Erasure

GROUNDS = {
    Erasure.Ground.UNLAWFUL: _("It is held or used unlawfully"),
    Erasure.Ground.NOT_NEEDED: _("It is not needed any longer"),
    Erasure.Ground.OBLIGATION: _("A law obliges us to erase it"),
    Erasure.Ground.ORDER: _("A court or the oversight body ordered it"),
}
SCOPES = {
    Erasure.Scope.RECORD: _("This record, of this list"),
    Erasure.Scope.CLUSTER: _("All records that people judged to be the same"),
    Erasure.Scope.STATEMENTS: _("Only the values marked below"),
}
STATES = {
    Erasure.State.PROPOSED: _("waits for signatures"),
    Erasure.State.SENT_BACK: _("sent back"),
    Erasure.State.RESTRICTED: _("restricted instead"),
    Erasure.State.WAITING: _("waits for holds to be let go"),
    Erasure.State.EMPTIED: _("gone from the database; files are being cleared"),
    Erasure.State.SWEPT: _("gone from files; the database is being compacted"),
    Erasure.State.DONE: _("done"),
}


class ErasureForm(forms.Form):
    """On what ground, how much, and why."""

    ground = forms.ChoiceField(label=_("Ground"), choices=list(GROUNDS.items()))
    scope = forms.ChoiceField(
        label=_("What"), choices=list(SCOPES.items()), widget=forms.RadioSelect, initial=Erasure.Scope.RECORD
    )
    reason = forms.CharField(
        label=_("Reason, without personal details"),
        min_length=LEAST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays when the record is gone: no name, no number, nothing by which the person could be told."),
    )
    reference = forms.CharField(
        label=_("Reference of the order or request"),
        max_length=120,
        required=False,
        help_text=_("A file number. It stays as well."),
    )


class RestrictionForm(forms.Form):
    """Why a record may not be used for now, or may be used again."""

    reason = forms.CharField(
        label=_("Reason, in your own words"),
        min_length=LEAST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("At least 20 characters. It is kept, and the person concerned may ask for it."),
    )
