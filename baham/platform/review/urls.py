"""Addresses of the review room."""

from django.urls import path

from baham.platform.review import views

urlpatterns = [
    path("review/", views.worklist, name="review"),
    path("review/propose/", views.propose_match, name="propose"),
    path("review/<int:pk>/", views.matter, name="matter"),
]
