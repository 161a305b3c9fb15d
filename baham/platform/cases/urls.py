"""Addresses of cases."""

from django.urls import path

from baham.platform.cases import views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/new/<slug:workflow>/", views.begin, name="case_begin"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("cases/<int:pk>/fields/", views.write, name="case_write"),
    path("cases/<int:pk>/move/<slug:move>/", views.make, name="case_move"),
    path("cases/<int:pk>/hand-over/", views.hand, name="case_hand_over"),
    path("cases/letters/<int:pk>/", views.letter, name="case_letter"),
]
