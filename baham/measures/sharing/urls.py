"""Addresses of the sharing measure."""

from django.urls import URLPattern, URLResolver, re_path

from baham.measures.sharing.taxii.door import taxii

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^taxii2/(?P<address>.*)$", taxii, name="taxii"),
]
