"""Addresses for the shell's own tests: stand-ins for the rooms, the parts once each, errors, and the account pages."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from baham.platform.shell.sample import sample


def parts(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/components.html", sample())


def room(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


def row(request: HttpRequest) -> HttpResponse:
    name = "shell/chain_row.html" if request.headers.get("HX-Request") else "shell/chain_page.html"
    return render(request, name, {**sample(), "columns": 4})


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("the purpose “border” does not cover this record")


def failed(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault made for a test")


urlpatterns = [
    path("", room, name="home"),
    path("review/", room, name="review"),
    path("search/", room, name="search"),
    path("screen/", room, name="screen"),
    path("sources/", room, name="sources"),
    path("about/", parts, name="about"),
    path("about/chain/", row, name="sample_chain"),
    path("purpose/", room, name="purpose"),
    path("refused/", refused),
    path("failed/", failed),
    path("accounts/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
