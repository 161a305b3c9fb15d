"""Clients: programs that ask, with a key instead of a password."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "baham.platform.clients"
    label = "clients"
