"""Pages of the administrator: which programs may ask, a new key (shown once), one instead of an old one, revoking one.
No data is seen here."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import BY_CODE, PURPOSES
from baham.platform.audit.services import Actor
from baham.platform.clients import services
from baham.platform.clients.models import Client
from baham.platform.fields import may_choose
from baham.platform.ledger.models import Dataset


class ClientForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(max_length=60, label=_("Name of the program"), help_text=_("Letters, digits, hyphens."))
    organisation = forms.CharField(max_length=200, label=_("Organisation it belongs to"))
    purpose = forms.ChoiceField(label=_("Purpose"))
    scope = forms.MultipleChoiceField(
        label=_("Lists it may ask about"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every list that is screened, also those loaded later."),
    )
    rate = forms.IntegerField(
        label=_("Names in a minute"), initial=services.DEFAULT_RATE, min_value=1, max_value=services.LARGEST_RATE
    )
    days = forms.IntegerField(
        label=_("Good for how many days"), initial=services.DEFAULT_DAYS, min_value=1, max_value=services.MOST_DAYS
    )
    reason = forms.CharField(label=_("Why it gets a key, for the record"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_choose(self, "purpose", [(kind.code, kind.title) for kind in PURPOSES])
        may_choose(self, "scope", [(one.name, one.title) for one in Dataset.objects.filter(screened=True)])


@needs("people.manage")
def clients(request: ConsoleRequest) -> HttpResponse:
    """All programs with a key, and the form that makes another. The new key is in the answer to the form alone."""
    form = ClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, key = services.add_client(Actor.of(request), **form.cleaned_data)
        except services.CannotMake as error:
            form.add_error(None, _(str(error)))
        else:
            return render(request, "clients/made.html", {"client": made, "key": key.text})
    return _page(request, form, 400 if form.errors else 200)


@require_POST
@needs("people.manage")
def renew(request: ConsoleRequest, name: str) -> HttpResponse:
    """Give a program another key instead of the one it has. The new key is in the answer to the form alone."""
    client, reason = get_object_or_404(Client, name=name), request.POST.get("reason", "")
    written = request.POST.get("days", "")
    days = int(written) if written.isdecimal() and len(written) < 6 else 0
    try:
        made, key = services.renew(Actor.of(request), client, reason, days)
    except services.CannotMake as error:
        return _page(request, ClientForm(), 400, problem=str(error), of=client, act="renew", reason=reason)
    return render(request, "clients/made.html", {"client": made, "key": key.text, "renewed": True})


@require_POST
@needs("people.manage")
def revoke(request: ConsoleRequest, name: str) -> HttpResponse:
    """End a key now."""
    client = get_object_or_404(Client, name=name)
    try:
        services.revoke(Actor.of(request), client, request.POST.get("reason", ""))
    except services.CannotMake as error:
        return _page(request, ClientForm(), 400, problem=str(error), of=client, act="revoke")
    return redirect("clients")


def _page(
    request: ConsoleRequest,
    form: ClientForm,
    status: int,
    *,
    problem: str = "",
    of: Client | None = None,
    act: str = "",
    reason: str = "",
) -> HttpResponse:
    rows = list(Client.objects.select_related("organisation", "bucket"))
    for row in rows:
        row.purpose_title = BY_CODE[row.purpose].title if row.purpose in BY_CODE else row.purpose
    context = {
        "clients": rows,
        "in_force": sum(row.in_force for row in rows),
        "form": form,
        "problem": problem,
        "of": of,
        "act": act,
        "reason": reason,
        "default_days": services.DEFAULT_DAYS,
        "most_days": services.MOST_DAYS,
    }
    return render(request, "clients/clients.html", context, status=status)
