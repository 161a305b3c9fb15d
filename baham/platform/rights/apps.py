"""Rights of persons concerned: to know what is held, to have it erased or restricted, to have a refusal examined."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "baham.platform.rights"
    label = "rights"

    def ready(self) -> None:
        from baham.platform.jobs.running import HOURLY
        from baham.platform.review.kinds import KINDS
        from baham.platform.rights import kinds, requests
        from baham.platform.rights.access import HELD
        from baham.platform.rights.registry import PLATFORM

        HELD.extend(PLATFORM)
        KINDS.extend(kinds.ACCESS)
        HOURLY.append(requests.forget)
