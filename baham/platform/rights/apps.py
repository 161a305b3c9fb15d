"""Rights of persons concerned: to know what is held, to have it erased or restricted, to have a refusal examined."""

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
        from baham.platform.rights import erasing, erasure, erasure_stones, erasure_work, kinds, oversight, requests
        from baham.platform.rights.access import HELD
        from baham.platform.rights.registry import PLATFORM

        HELD.extend(PLATFORM)
        KINDS.extend([*kinds.ACCESS, kinds.ERASURE])
        SIEVES.append(erasure_stones.sieve)
        PLACES.extend(
            [
                Place(_("Requests"), ("rights.Erasure",), erasure.held_here, erasure.erase_here),
                Place(
                    _("Answers to persons concerned"),
                    ("rights.Request", "rights.Word", "rights.GivenOut", "rights.Examination"),
                    erasing.held_here,
                    erasing.erase_here,
                ),
            ]
        )
        oversight.ADVICE["erase"] = erasure.advised
        running.KINDS["erase"] = erasure_work.work
        running.HOURLY += [requests.forget, erasure_work.resume]
