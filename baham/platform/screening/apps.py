"""Screening: names asked against the ledger, with evidence for and against."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "baham.platform.screening"
    label = "screening"

    def ready(self) -> None:
        from baham.platform.jobs.running import KINDS
        from baham.platform.screening import work

        KINDS["index"] = work.build_index
        KINDS["screen"] = work.screen_file
