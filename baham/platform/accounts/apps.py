"""Accounts: who works here, in which roles, for which purpose."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "baham.platform.accounts"
    label = "accounts"
