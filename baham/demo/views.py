"""The page about the demonstration world."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from baham.platform.accounts.access import needs


@needs("home.see")
def world(request: HttpRequest) -> HttpResponse:
    """The map of Sarvan, and beside it in tables the same facts: places, offices, who can sign in."""
    return render(request, "demo/world.html", {})
