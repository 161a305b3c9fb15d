"""Words that come from the kernel or from libraries, said in the reader's language."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "new": _("New"),
    "waiting": _("Waits"),
    "overdue": _("Overdue"),
    "withheld": _("Withheld"),
    "disputed": _("Disputed"),
    "delisted": _("Delisted"),
    "for": _("For"),
    "against": _("Against"),
    "none": _("Says nothing"),
    "done": _("Done"),
    "open": _("Not begun"),
}

# The words of both grading schemes (baham.kernel.grade), translated by the words themselves.
GRADES = {
    "reliable": _("reliable"),
    "usually reliable": _("usually reliable"),
    "fairly reliable": _("fairly reliable"),
    "not usually reliable": _("not usually reliable"),
    "unreliable": _("unreliable"),
    "reliability cannot be judged": _("reliability cannot be judged"),
    "confirmed by other sources": _("confirmed by other sources"),
    "probably true": _("probably true"),
    "possibly true": _("possibly true"),
    "doubtful": _("doubtful"),
    "improbable": _("improbable"),
    "truth cannot be judged": _("truth cannot be judged"),
    "no doubt about the source": _("no doubt about the source"),
    "mostly reliable": _("mostly reliable"),
    "mostly unreliable": _("mostly unreliable"),
    "reliability cannot be assessed": _("reliability cannot be assessed"),
    "accuracy not in doubt": _("accuracy not in doubt"),
    "known personally to the source, not to the official passing it on": _(
        "known personally to the source, not to the official passing it on"
    ),
    "not known personally to the source, but corroborated": _("not known personally to the source, but corroborated"),
    "not corroborated and cannot be": _("not corroborated and cannot be"),
}

FLAGS = {
    "bidi": _("holds hidden marks that change the reading direction; they are written out here"),
    "control": _("holds hidden characters; they are written out here"),
    "formula": _("begins as a spreadsheet formula does"),
    "replacement": _("a character was lost before it reached us"),
}

WEIGHTS = {"weak": (1, _("weak")), "moderate": (2, _("moderate")), "strong": (3, _("strong"))}

MONTHS = (
    pgettext_lazy("short month", "Jan"),
    pgettext_lazy("short month", "Feb"),
    pgettext_lazy("short month", "Mar"),
    pgettext_lazy("short month", "Apr"),
    pgettext_lazy("short month", "May"),
    pgettext_lazy("short month", "Jun"),
    pgettext_lazy("short month", "Jul"),
    pgettext_lazy("short month", "Aug"),
    pgettext_lazy("short month", "Sep"),
    pgettext_lazy("short month", "Oct"),
    pgettext_lazy("short month", "Nov"),
    pgettext_lazy("short month", "Dec"),
)
