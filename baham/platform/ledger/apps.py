"""The ledger: all statements of all sources, versioned, never overwritten."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "baham.platform.ledger"
    label = "ledger"
