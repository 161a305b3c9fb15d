"""The page about the demonstration world."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi, get_language_info
from django.utils.translation import gettext_lazy as _

from baham.demo import geography, staff
from baham.platform.accounts.access import needs
from baham.platform.accounts.http import ConsoleRequest

KINDS = {
    "town": _("town"),
    "border post": _("border post"),
    "village": _("village"),
    "port": _("port"),
    "bridge": _("bridge"),
    "capital": _("capital"),
    "street": _("street"),
}

_ASIDE = {"below": (0, 17), "above": (0, -8), "after": (8, 4)}
"""How far from its dot a name is written."""


@needs("home.see")
def world(request: ConsoleRequest) -> HttpResponse:
    """The map of Sarvan, and beside it in tables the same facts: places, offices, who can sign in."""
    local, sheet = get_language_bidi(), geography.Sheet()

    def called(thing: geography.Area | geography.Place | staff.Office) -> str:
        return thing.name_local if local else thing.name

    areas = {area.name: called(area) for area in geography.PROVINCES}
    places = {place.name: called(place) for place in geography.PLACES}
    offices = {office.name: called(office) for office in staff.OFFICES}
    context = {
        "box": sheet.box,
        "hundred_km": sheet.hundred_km,
        "areas": [
            {
                "name": called(area),
                "path": sheet.path(area.ring),
                "x": sheet.x(area.label[0]),
                "y": sheet.y(area.label[1]),
                "district": bool(area.within),
            }
            for area in geography.PROVINCES + geography.DISTRICTS
        ],
        "spots": [
            {
                "name": called(place),
                "x": sheet.x(place.at[0]),
                "y": sheet.y(place.at[1]),
                "ring": sheet.radius(place.near_km),
                "label": place.label,
                "dx": _ASIDE[place.label][0],
                "dy": _ASIDE[place.label][1],
            }
            for place in geography.PLACES
        ],
        "provinces": [
            {
                "name": called(area),
                "capital": places[area.capital],
                "districts": [called(one) for one in geography.DISTRICTS if one.within == area.name],
            }
            for area in geography.PROVINCES
        ],
        "places": [
            {"name": called(place), "kind": KINDS[place.kind], "province": areas[place.province], "km": place.near_km}
            for place in geography.PLACES
        ],
        "offices": [
            {"name": called(office), "task": office.task, "place": places[office.place]} for office in staff.OFFICES
        ],
        "clerks": [
            {
                "username": clerk.username,
                "name": clerk.full_name,
                "role": clerk.role.label,
                "office": offices[clerk.office],
                "language": get_language_info(clerk.language)["name_local"],
                "code": clerk.language,
            }
            for clerk in staff.CLERKS
        ],
    }
    return render(request, "demo/world.html", context)
