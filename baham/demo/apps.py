"""The demonstration world as a Django app; settings install it only where the world is."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A page about the world. It has no models: all that is in the world is in the platform's own."""

    name = "baham.demo"
    label = "demo"
