"""Sharing: what partners exchange with us, how far it is trusted, and how it is taken back."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "baham.measures.sharing"
    label = "sharing"

    def ready(self) -> None:
        from baham.measures.sharing import held, kinds
        from baham.measures.sharing.overlap import stopping
        from baham.platform.release.partners import TERMS_ENDED
        from baham.platform.review.kinds import KINDS
        from baham.platform.rights.access import HELD

        KINDS.extend(kinds.KINDS)
        TERMS_ENDED.append(stopping.when_terms_end)
        HELD.extend(held.HELD)
