"""Screening: names asked against the ledger, with evidence for and against."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "baham.platform.screening"
    label = "screening"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.jobs.running import KINDS
        from baham.platform.places import PLACES, Place
        from baham.platform.screening import erasing, work

        KINDS["index"] = work.build_index
        KINDS["screen"] = work.screen_file
        PLACES.append(Place(
            _("Cleared pairs; the name index and results of screened files"), ("screening.Clearing",), erasing.holds,
            erasing.erase, erasing.known_as, erasing.files,
        ))  # fmt: skip
