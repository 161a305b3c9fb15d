"""Release: the one way out, and the word that takes back what went."""

from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "baham.platform.release"
    label = "release"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.jobs.running import HOURLY
        from baham.platform.ledger.annotate import GRADED, HANDLED
        from baham.platform.ledger.marking import CIRCLES
        from baham.platform.ledger.need_to_know import GROUPS
        from baham.platform.ledger.record import RECEIPTS
        from baham.platform.places import PLACES, Place
        from baham.platform.release import (
            depending,
            erasing,
            holdings,
            kinds,
            lapsing,
            notices,
            reassess,
            recalls,
            scopes,
        )
        from baham.platform.review.history import SINCE
        from baham.platform.review.kinds import KINDS

        KINDS.extend(kinds.KINDS)
        SINCE.append(reassess.since)
        CIRCLES.append(scopes.circles)
        GROUPS.append(scopes.groups_of)
        scopes.CHANGED.append(depending.on_circle)
        HOURLY.append(lapsing.tell_what_lapsed)
        GRADED.append(notices.graded_anew)
        HANDLED.append(notices.marked_anew)
        recalls.DERIVED.append(reassess.bring_up)
        RECEIPTS.append(holdings.receipts)
        PLACES.append(
            Place(
                _("Releases and messages to and from partners"),
                erasing.MODELS,
                erasing.holds,
                erasing.erase,
                erasing.known_as,
            )
        )
