"""The lists of the world as publications: written as files, and loaded version by version as any other list is."""

from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from baham.demo import desk, national, varand
from baham.demo.entries import MAPPING, Entry, write
from baham.demo.staff import HOME_DEPARTMENT, KOHSAR_CTD
from baham.kernel.grade import Scheme
from baham.kernel.handling import PAP, TLP
from baham.platform.accounts.models import Organisation
from baham.platform.accounts.purposes import Purpose
from baham.platform.audit.services import Actor
from baham.platform.ledger.guard import MassChange
from baham.platform.ledger.load import load
from baham.platform.screening import index
from baham.platform.world.history import Calendar, Event

SEED = "baham demonstration world 1"
LOADED = {"national": (212, 47, 1), "varand": (190, 5), "registers": (205,), "kohsar-desk": (68, 3)}
_BOARD = "Review Board of Sarvan, form in Urdu and Pashto"
ABOUT: dict[str, dict[str, object]] = {
    "national": {
        "title": "National list of Sarvan",
        "publisher": "Home Department, Kohsar",
        "grade": "C3",
        "licence": "published under Public Safety Act 2009, s. 16; free to use",
        "tlp": TLP.GREEN,
        "pap": PAP.CLEAR,
        "review_route": _BOARD,
    },
    "varand": {
        "title": "Varand proscribed list",
        "publisher": "Ministry of Interior, Varand",
        "grade": "D3",
        "licence": "shared under the protocol of Markaz City, for screening",
        "tlp": TLP.AMBER,
        "pap": PAP.GREEN,
        "review_route": "Ministry of Interior, Varand, in writing; the Review Board of Sarvan forwards it",
    },
    "kohsar-desk": {
        "title": "Kohsar CTD desk statements",
        "publisher": "Kohsar Provincial CTD",
        "grade": "B2",
        "licence": "not for publication",
        "tlp": TLP.AMBER,
        "pap": PAP.GREEN,
        "review_route": _BOARD,
    },
    "registers": {
        "title": "Register extracts, Kohsar",
        "publisher": "District offices of Torsang, Pulkand and Rudabar",
        "grade": "A2",
        "licence": "extracts for the file, not for publication",
        "tlp": TLP.GREEN,
        "pap": PAP.GREEN,
        "review_route": "The office that keeps the register",
        "screened": False,
    },
}


def events(folder: Path, calendar: Calendar) -> list[Event]:
    """Every version of every list as it was published and loaded, with the index rebuilt after each."""
    told: list[Event] = []
    for name, versions in editions(calendar).items():
        for number, (ago, entries) in enumerate(zip(LOADED[name], versions, strict=True), start=1):
            path = write(folder / f"{name}-{number}.csv", entries)
            at = calendar.at(ago, "17:40")
            told.append((at, partial(_load, path, name, at, f"{at:%Y-%m-%d}")))
    return told


def editions(calendar: Calendar) -> dict[str, list[list[Entry]]]:
    """The lists by name, each version whole."""
    home = national.compose(Random(SEED), calendar, LOADED["national"])
    abroad = varand.compose(Random(SEED + ", Varand"), calendar, home.people, LOADED["varand"])
    return {
        "national": list(home.versions),
        "varand": list(abroad),
        "registers": [list(desk.REGISTERS)],
        "kohsar-desk": [list(edition) for edition in desk.EDITIONS],
    }


def _load(path: Path, name: str, at: datetime, label: str) -> None:
    actor = Actor("barvand", Purpose("list-maintenance", path.name))
    keeper = Organisation.objects.get(name=KOHSAR_CTD if name == "kohsar-desk" else HOME_DEPARTMENT)
    about = {"scheme": Scheme.ADMIRALTY.value, "keeper": keeper, **ABOUT[name]}
    bring = partial(
        load,
        path,
        name,
        actor,
        about=about,
        format_name="csv_mapping",
        label=label,
        options={"mapping": MAPPING},
        at=at,
    )
    try:
        bring()
    except MassChange as stopped:
        bring(confirmed=stopped.confirmed("The publisher's gazette of that week names each of these entries."))
    index.build()
