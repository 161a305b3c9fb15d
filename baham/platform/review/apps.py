"""Review: what engines propose, people decide."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "baham.platform.review"
    label = "review"

    def ready(self) -> None:
        from baham.platform.audit import quota
        from baham.platform.jobs.running import HOURLY
        from baham.platform.ledger.load import AFTER
        from baham.platform.review import upkeep

        AFTER.append(upkeep.after_load)
        HOURLY.append(upkeep.bring_up)
        HOURLY.append(quota.forget)
