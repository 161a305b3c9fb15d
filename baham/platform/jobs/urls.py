"""Addresses of jobs."""

from django.urls import path

from baham.platform.jobs import views

urlpatterns = [
    path("job/<uuid:pk>/", views.job, name="job"),
    path("job/<uuid:pk>/stop/", views.stop_job, name="job_stop"),
]
