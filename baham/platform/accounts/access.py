"""How a view says who may open it. A view that does not say is refused to everybody (safeguard S-09)."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import Purpose

View = Callable[..., HttpResponseBase]
PUBLIC = "public"
CLIENT = "client"
"""Of a door for programs: it looks at the key that the request carries, and at no session."""


class PurposeNeeded(PermissionDenied):
    """A personal record was asked for without saying what for."""


class Closed(PermissionDenied):
    """What was asked for is not for this reader. `lines` say why, and whom to ask."""

    def __init__(self, lines: Sequence[object]) -> None:
        super().__init__()
        self.lines = lines


def public(view: View) -> View:
    """Mark a view that needs no account."""
    vars(view).update(access=PUBLIC)
    return view


def needs(action: str, *, purpose: bool = False) -> Callable[[View], View]:
    """Let in those whose role allows `action`; with `purpose`, only under a purpose open to them (safeguard S-01).

    A view may raise PurposeNeeded too, where what it shows asks for one.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: ConsoleRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or not request.user.may(action):
                raise PermissionDenied
            try:
                if purpose:
                    require_purpose(request)
                return view(request, *args, **kwargs)
            except PurposeNeeded:
                return ask_for_purpose(request)
            except Closed as closed:
                return render(request, "accounts/closed.html", {"lines": closed.lines}, status=403)

        vars(guarded).update(access=action, purpose_needed=purpose)
        return guarded

    return decorate


def require_purpose(request: ConsoleRequest) -> Purpose:
    """The purpose under which the request runs. Raises PurposeNeeded unless it has one that the user's roles allow."""
    if request.purpose is None or request.purpose.code not in {kind.code for kind in request.user.purposes}:
        raise PurposeNeeded
    return request.purpose


def ask_for_purpose(request: ConsoleRequest) -> HttpResponse:
    """403, with the form on which a purpose is chosen and the way back to what was asked for."""
    return render(request, "accounts/purpose_needed.html", {"next": request.get_full_path()}, status=403)
