"""The ledger: all statements of all sources, versioned, never overwritten."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "baham.platform.ledger"
    label = "ledger"

    def ready(self) -> None:
        from baham.platform.jobs.running import KINDS
        from baham.platform.ledger import work

        KINDS["load"] = work.load_upload
