"""Sharing: what partners exchange with us, how far it is trusted, and how it is taken back."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "baham.measures.sharing"
    label = "sharing"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.measures.sharing import erasing
        from baham.platform.places import PLACES, Place

        PLACES.extend([
            Place(_("What partners gave"), ("sharing.Received", "sharing.Outcome"), erasing.received_held,
                  erasing.erase_received),
            Place(_("Objects in collections"), ("sharing.Stored", "sharing.Status"), erasing.stored_held,
                  erasing.erase_stored),
            Place(_("Files prepared for overlap checks"), (), erasing.overlap_held, erasing.nothing_here,
                  files=erasing.overlap_files),
        ])  # fmt: skip
