"""Audit: who did or read what, when, and for which purpose; provable afterwards."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "baham.platform.audit"
    label = "audit"
