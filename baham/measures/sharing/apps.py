"""Sharing: what partners exchange with us, how far it is trusted, and how it is taken back."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "baham.measures.sharing"
    label = "sharing"

    def ready(self) -> None:
        from baham.measures.sharing import held
        from baham.platform.rights.access import HELD

        HELD.extend(held.HELD)
