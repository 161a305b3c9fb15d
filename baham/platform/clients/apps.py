"""Clients: programs that ask, with a key instead of a password."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "baham.platform.clients"
    label = "clients"

    def ready(self) -> None:
        from baham.platform.clients import sweeping
        from baham.platform.jobs.running import KINDS, TAKEN_UP
        from baham.platform.ledger.load import AFTER

        KINDS["monitor"] = sweeping.work
        TAKEN_UP.append(sweeping.begin)
        AFTER.append(sweeping.after_load)
