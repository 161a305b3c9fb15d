"""Release: the one way out, and the word that takes back what went."""

from django.apps import AppConfig


class ReleaseConfig(AppConfig):
    name = "baham.platform.release"
    label = "release"

    def ready(self) -> None:
        from baham.platform.release import kinds
        from baham.platform.review.kinds import KINDS

        KINDS.extend(kinds.KINDS)
