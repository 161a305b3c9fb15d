"""The ledger: all statements of all sources, versioned, never overwritten."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "baham.platform.ledger"
    label = "ledger"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from baham.platform.audit.views import NAMES
        from baham.platform.jobs.running import KINDS
        from baham.platform.ledger import erasing, need_to_know, work
        from baham.platform.places import PLACES, Place

        KINDS["look"] = work.look_at
        KINDS["load"] = work.load_offered
        NAMES.append(need_to_know.names)
        PLACES.append(
            Place(
                _("Statements, in all versions, and what was said about them"),
                erasing.MODELS,
                erasing.holds,
                erasing.erase,
                files=erasing.files,
            )
        )
