"""Addresses of the rights room."""

from django.urls import path

from baham.platform.rights import erasure_views

urlpatterns = [
    path("rights/erasures/", erasure_views.erasures, name="erasures"),
    path("rights/erasures/<int:pk>/", erasure_views.one, name="erasure"),
    path("entity/<int:pk>/erase/", erasure_views.ask, name="erase"),
    path("entity/<int:pk>/restrict/", erasure_views.restriction, name="restriction"),
]
