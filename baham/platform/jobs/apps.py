"""Jobs: long work outside the request, with progress that can be watched and stopped."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "baham.platform.jobs"
    label = "jobs"
