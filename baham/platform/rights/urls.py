"""Addresses of the rights room."""

from django.urls import URLPattern, path

from baham.platform.rights import views, views_oversight

urlpatterns: list[URLPattern] = [
    path("rights/", views.rights, name="rights"),
    path("rights/<int:pk>/", views.access_request, name="access_request"),
    path("rights/<int:pk>/answer/", views.answer, name="access_answer"),
    path("rights/oversight/", views_oversight.oversight, name="oversight"),
    path("rights/oversight/<int:pk>/", views_oversight.examination, name="examination"),
    path("rights/oversight/<int:pk>/letter/", views_oversight.letter, name="examination_letter"),
]
