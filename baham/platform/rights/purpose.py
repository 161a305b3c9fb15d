"""Pages that are opened under certain purposes only: redress, and oversight."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from baham.platform.accounts.access import View, require_purpose
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import BY_CODE


def only_for(*codes: str) -> Callable[[View], View]:
    """Send whoever works for another purpose to the page on which one is chosen, and back. Stands below `needs`, which
    has asked for a purpose at all."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: ConsoleRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if require_purpose(request).code in codes:
                return view(request, *args, **kwargs)
            names = " / ".join(str(BY_CODE[code].title) for code in codes if BY_CODE[code] in request.user.purposes)
            messages.info(request, _("This page is opened under another purpose: %(names)s") % {"names": names})
            return redirect(f"{reverse('purpose')}?{urlencode({'next': request.get_full_path()})}")

        return guarded

    return decorate
