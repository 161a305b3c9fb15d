"""Addresses of the release room."""

from django.urls import path

from baham.platform.release import views, views_originators, views_scopes, views_trust

urlpatterns = [
    path("sharing/partners/<slug:name>/", views.partner, name="partner"),
    path("sharing/partners/<slug:name>/trust/", views_trust.trust, name="partner_trust"),
    path("sharing/circles/", views_scopes.scopes, name="scopes"),
    path("sharing/releases/<int:pk>/", views.release, name="release"),
    path("sharing/recalls/<int:pk>/", views.recall, name="recall"),
    path("entity/<int:pk>/release/", views.propose, name="release_propose"),
    path("entity/<int:pk>/originators/", views_originators.originators, name="originators"),
    path("entity/<int:pk>/recall/", views.take_back, name="take_back"),
]
