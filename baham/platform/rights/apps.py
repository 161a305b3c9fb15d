"""Rights of the persons concerned: to know what is held, have it erased or restricted, have a refusal examined."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "baham.platform.rights"
    label = "rights"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.jobs import running
        from baham.platform.ledger.load import SIEVES
        from baham.platform.places import PLACES, Place
        from baham.platform.review.kinds import KINDS
        from baham.platform.rights import erasure, erasure_stones, erasure_work, kinds

        KINDS.append(kinds.ERASURE)
        SIEVES.append(erasure_stones.sieve)
        PLACES.append(Place(_("Requests"), ("rights.Erasure",), erasure.held_here, erasure.erase_here))
        running.KINDS["erase"] = erasure_work.work
        running.HOURLY.append(erasure_work.resume)
