"""Rights of persons concerned: to know what is held, to have it erased or restricted, to have a refusal examined."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "baham.platform.rights"
    label = "rights"
