"""The console's shell as a Django app."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Layout, parts, assets and languages of the console; it has no models."""

    name = "baham.platform.shell"
    label = "shell"

    def ready(self) -> None:
        from baham.platform.wiring import join

        join()
