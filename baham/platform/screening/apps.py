"""Screening: names asked against the ledger, with evidence for and against."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "baham.platform.screening"
    label = "screening"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.jobs.running import HOURLY, KINDS
        from baham.platform.places import PLACES, Place
        from baham.platform.screening import erasing, index, work

        KINDS["index"] = work.build_index
        KINDS["screen"] = work.screen_file
        HOURLY.append(index.verify)
        PLACES.append(
            Place(
                _("Cleared pairs; the name index and results of screened files"),
                ("screening.Clearing",),
                erasing.holds,
                erasing.erase,
                erasing.known_as,
                erasing.files,
            )
        )
