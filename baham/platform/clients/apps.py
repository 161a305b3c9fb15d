"""Clients: programs that ask, with a key instead of a password."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "baham.platform.clients"
    label = "clients"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.clients import erasing, sweeping
        from baham.platform.jobs.running import HOURLY, KINDS
        from baham.platform.ledger.load import AFTER
        from baham.platform.places import PLACES, Place

        KINDS["monitor"] = sweeping.work
        HOURLY.append(sweeping.hourly)
        AFTER.append(sweeping.after_load)
        PLACES.append(
            Place(_("Alerts to programs"), ("clients.Watched", "clients.Alert"), erasing.holds, erasing.erase)
        )
