"""Addresses of the clients' room: the administrator's page, and the doors for programs."""

from django.urls import path

from baham.platform.clients import door, views

urlpatterns = [
    path("clients/", views.clients, name="clients"),
    path("clients/<slug:name>/renew/", views.renew, name="client_renew"),
    path("clients/<slug:name>/revoke/", views.revoke, name="client_revoke"),
    path("yente/<path:address>", door.yente, name="yente"),
    path("api/monitoring/<path:address>", door.monitoring, name="monitoring"),
]
