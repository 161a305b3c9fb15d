"""Addresses of the release room."""

from django.urls import path

from baham.platform.release import views

urlpatterns = [
    path("sharing/partners/<slug:name>/", views.partner, name="partner"),
    path("sharing/releases/<int:pk>/", views.release, name="release"),
    path("sharing/recalls/<int:pk>/", views.recall, name="recall"),
    path("entity/<int:pk>/release/", views.propose, name="release_propose"),
    path("entity/<int:pk>/recall/", views.take_back, name="take_back"),
]
