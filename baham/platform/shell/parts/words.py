"""Words that come from the kernel or from libraries, said in the reader's language."""

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

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

# What rules below the pages answer (baham.kernel.decision, review, ledger), so that it is found for translation. A page
# says it with `{{ problem|told }}`; a sentence that is not here is said in English.
ANSWERS = (
    _("A decision needs a person who takes it."),
    _("Choose one of the answers."),
    _("Write at least 20 characters; the person concerned may read this."),
    _("You proposed this; another person has to decide it."),
    _("You have signed this already; the second signature comes from another person."),
    _("This matter has been decided already."),
    _("Only a person whose role allows it may decide."),
    _("This is one and the same record."),
    _("These are in force as the same. Retract the judgement that says so first."),
    _("There is no list to screen against yet. Load one: baham sources load FILE --name NAME"),
    _("The name may have letters, digits, hyphens and underscores."),
    _("There is a program of this name already, perhaps one that was ended. Choose another name."),
    _("Say which organisation the program belongs to, in at most 200 characters."),
    _("This key was revoked before."),
    _("Write at least 20 characters on why the key is revoked."),
)


def told(given: object) -> str:
    """A sentence of a rule, in the reader's language."""
    return gettext(str(given))
