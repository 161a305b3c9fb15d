"""The console's addresses, and the one page that only the demonstration world has."""

from django.urls import include, path

from baham.demo import views

urlpatterns = [path("world/", views.world, name="world"), path("", include("baham.platform.urls"))]
