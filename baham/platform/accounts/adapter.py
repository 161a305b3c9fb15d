"""What Baham changes about allauth: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class NoSignup(DefaultAccountAdapter):
    """Accounts are made by an administrator (`baham people add`)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
