"""Audit: who did or read what, when, and for which purpose; provable afterwards."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "baham.platform.audit"
    label = "audit"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.audit import erasing
        from baham.platform.places import PLACES, Place

        PLACES.append(Place(_("Words in the log"), ("audit.Entry",), erasing.holds, erasing.erase, last=True))
