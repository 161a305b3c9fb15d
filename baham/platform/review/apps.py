"""Review: what engines propose, people decide."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "baham.platform.review"
    label = "review"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.audit import quota
        from baham.platform.jobs.running import HOURLY
        from baham.platform.ledger.load import AFTER
        from baham.platform.ledger.offered import ASKED
        from baham.platform.ledger.standing import APART
        from baham.platform.ledger.views import MATTERS
        from baham.platform.places import PLACES, Place
        from baham.platform.review import apart, erasing, upkeep, worklist

        MATTERS.append(worklist.open_on)
        APART.append(apart.ask)
        ASKED.append(upkeep.ask_about)
        AFTER.append(upkeep.after_load)
        HOURLY.append(upkeep.bring_up)
        HOURLY.append(quota.forget)
        PLACES.append(
            Place(
                _("Matters, with their evidence and reasons"),
                erasing.MODELS,
                erasing.holds,
                erasing.erase,
                erasing.known_as,
            )
        )
