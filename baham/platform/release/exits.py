"""The ways out, as a plain list. What is not in it does not leave: the gate knows no other word."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Exit:
    """One way out: its code, what it is called, and the module through which it goes."""

    code: str
    title: str | Promise
    module: str


EXITS = [
    Exit("release", _("Signed release"), "baham.platform.release.releases"),
    Exit("recall", _("Correction with a recall"), "baham.platform.release.recalls"),
    Exit("export", _("File for a partner"), "baham.platform.release.export"),
    Exit("pack", _("Pack"), "baham.platform.release.feed"),
    Exit("taxii", _("TAXII collection"), "baham.measures.sharing.taxii.readers"),
    Exit("sync", _("Exchange between installations"), "baham.platform.release.feed"),
    Exit("overlap", _("Private overlap check"), "baham.measures.sharing.overlap.prepare"),
    Exit("screening", _("Screening interface"), "baham.platform.clients.yente.release"),
]
