"""Addresses of the review room."""

from django.urls import path

from baham.platform.review import views, views_bulk, views_cleared

urlpatterns = [
    path("reading/", views_bulk.reading, name="reading"),
    path("review/", views.review, name="review"),
    path("review/propose/", views.propose_match, name="propose"),
    path("review/cleared/", views_cleared.clearings, name="cleared"),
    path("review/cleared/<int:pk>/withdraw/", views_cleared.withdraw, name="withdraw_clearing"),
    path("review/letter/<int:pk>/", views_cleared.letter_shown, name="letter_shown"),
    path("review/<int:pk>/", views.matter, name="matter"),
    path("review/<int:pk>/letter/", views_cleared.letter, name="letter"),
]
