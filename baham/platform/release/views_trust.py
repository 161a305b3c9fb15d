"""With what a partner is known here: another secret instead of the one it has (shown once), a key trusted no more."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.services import Actor
from baham.platform.release.models import Partner
from baham.platform.release.partners import CannotChange, key_of, renew_secret, revoke_key


@require_POST
@needs("partners.manage", purpose=True)
def trust(request: ConsoleRequest, name: str) -> HttpResponse:
    """Renew the secret, or revoke a key. What cannot be done is told, and nothing has changed."""
    partner, actor = get_object_or_404(Partner, name=name), Actor.of(request)
    reason, key = request.POST.get("reason", ""), request.POST.get("key", "")
    try:
        if key:
            revoke_key(actor, key_of(partner, key), reason)
            return redirect("partner", name=name)
        secret = renew_secret(actor, partner, reason)
    except CannotChange as error:
        return render(request, "release/trust.html", {"partner": partner, "problem": str(error)}, status=400)
    return render(request, "release/trust.html", {"partner": partner, "secret": secret})
