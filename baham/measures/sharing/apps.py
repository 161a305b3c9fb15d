"""Sharing: what partners exchange with us, how far it is trusted, and how it is taken back."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "baham.measures.sharing"
    label = "sharing"
