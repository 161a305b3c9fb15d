"""The ways out, as a plain list to which measures add. What is not in it does not leave: the gate knows no other."""

from django.utils.translation import gettext_lazy as _

from baham.platform.measure import Exit

EXITS = [
    Exit("release", _("Signed release"), "baham.platform.release.releases"),
    Exit("recall", _("Correction with a recall"), "baham.platform.release.recalls"),
    Exit("export", _("File for a partner"), "baham.platform.release.export"),
    Exit("pack", _("Pack"), "baham.platform.release.feed"),
    Exit("sync", _("Exchange between installations"), "baham.platform.release.feed"),
    Exit("screening", _("Screening interface"), "baham.platform.clients.yente.release"),
]
