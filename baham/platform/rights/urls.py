"""Addresses of the rights room."""

from django.urls import path

from baham.platform.rights import erasure_views, views, views_oversight

urlpatterns = [
    path("rights/", views.rights, name="rights"),
    path("rights/<int:pk>/", views.access_request, name="access_request"),
    path("rights/<int:pk>/answer/", views.answer, name="access_answer"),
    path("rights/oversight/", views_oversight.oversight, name="oversight"),
    path("rights/oversight/<int:pk>/", views_oversight.examination, name="examination"),
    path("rights/oversight/<int:pk>/letter/", views_oversight.letter, name="examination_letter"),
    path("rights/erasures/", erasure_views.erasures, name="erasures"),
    path("rights/erasures/<int:pk>/", erasure_views.one, name="erasure"),
    path("entity/<int:pk>/erase/", erasure_views.ask, name="erase"),
    path("entity/<int:pk>/restrict/", erasure_views.restriction, name="restriction"),
]
