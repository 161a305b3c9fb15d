"""Addresses of the audit room."""

from django.urls import path

from baham.platform.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/verify/", views.verify_log, name="audit_verify"),
]
