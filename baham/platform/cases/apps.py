"""Cases: workflows that measures declare."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "baham.platform.cases"
    label = "cases"

    def ready(self) -> None:
        from baham.platform.cases import erasing, outbox, running
        from baham.platform.jobs.running import HOURLY
        from baham.platform.places import PLACES

        HOURLY.extend([running.upkeep, outbox.sweep])
        PLACES.extend(erasing.PLACES)
