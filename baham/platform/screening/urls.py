"""Addresses of the screening room."""

from django.urls import path

from baham.platform.screening import views, views_search

urlpatterns = [
    path("search/", views_search.search, name="search"),
    path("screen/", views.screen, name="screen"),
    path("screen/file/", views.screen_file, name="screen_file"),
    path("screen/results/<uuid:pk>/", views.results, name="screen_results"),
    path("screen/results/<uuid:pk>/download/", views.download, name="screen_download"),
]
