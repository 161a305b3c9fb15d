"""Addresses of the rights room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
