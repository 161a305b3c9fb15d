"""Clients: programs that ask, with a key instead of a password."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "baham.platform.clients"
    label = "clients"

    def ready(self) -> None:
        from baham.platform.clients import sweeping
        from baham.platform.jobs.running import HOURLY, KINDS
        from baham.platform.ledger.load import AFTER

        KINDS["monitor"] = sweeping.work
        HOURLY.append(sweeping.hourly)
        AFTER.append(sweeping.after_load)
