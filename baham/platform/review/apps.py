"""Review: what engines propose, people decide."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "baham.platform.review"
    label = "review"
