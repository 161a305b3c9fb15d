"""Jobs: long work outside the request, with progress that can be watched and stopped."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "baham.platform.jobs"
    label = "jobs"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.jobs import erasing
        from baham.platform.places import PLACES, Place

        PLACES.append(Place(_("Jobs"), ("jobs.Job",), erasing.holds, erasing.erase, erasing.known_as))
