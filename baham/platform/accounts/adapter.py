"""What Baham changes about allauth: nobody signs up by themselves, and everybody is met in their own language."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse


class NoSignup(DefaultAccountAdapter):
    """Accounts are made by an administrator (`baham people add`)."""

    def post_login(self, request: HttpRequest, user: Any, **given: Any) -> HttpResponse:
        """Speak the person's own language, unless this browser has chosen one."""
        response = super().post_login(request, user, **given)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.SECURE)
        return response

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
