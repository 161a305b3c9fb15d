"""Who asks, and what for: known before any view runs."""

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from baham.platform.accounts.access import CLIENT, PUBLIC
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.accounts.purposes import BY_CODE, Purpose

Respond = Callable[[HttpRequest], HttpResponse]

# Other people's views, which cannot say for themselves who may open them.
_PUBLIC_NAMES = frozenset(
    {
        "account_login",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "set_language",
        "account_logout",
    }
)
_SIGNED_IN_PREFIXES = ("account_", "mfa_")


class LoginRequired:
    """Sends whoever is not signed in to the sign-in page, and refuses every view that does not declare its access."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        access = getattr(view, "access", None)
        if access in (PUBLIC, CLIENT) or name in _PUBLIC_NAMES:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if access is None and not name.startswith(_SIGNED_IN_PREFIXES):
            raise PermissionDenied
        if settings.REQUIRE_MFA and not name.startswith(_SIGNED_IN_PREFIXES) and not _has_second_factor(request):
            return redirect(f"{settings.MFA_START_URL}?next={quote(request.get_full_path())}")
        return None


def _has_second_factor(request: HttpRequest) -> bool:
    """Whether the account has a second factor. Asked of the database once a session."""
    if not request.session.get("second_factor"):
        from allauth.mfa.utils import is_mfa_enabled

        request.session["second_factor"] = is_mfa_enabled(request.user)
    return bool(request.session["second_factor"])


class PurposeOfWork:
    """Puts the purpose chosen for this session on the request, as `request.purpose`, or None."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: ConsoleRequest) -> HttpResponse:
        chosen = request.session.get("purpose") or {}
        known = chosen.get("code") in BY_CODE
        request.purpose = Purpose(chosen["code"], chosen.get("case", "")) if known else None
        return self.get_response(request)
