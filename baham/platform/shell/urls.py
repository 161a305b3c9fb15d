"""Addresses of the shell: home, about, and the sign of life."""

from django.urls import path

from baham.platform.shell import purpose, views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("purpose/", purpose.purpose, name="purpose"),
    path("healthz", views.healthz, name="healthz"),
]
