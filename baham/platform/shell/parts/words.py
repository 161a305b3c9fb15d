"""Words that come from the kernel or from libraries, said in the reader's language."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baham.kernel.text import visible

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
    _("Two people sign it first."),
    _("These records are not judged to be the same any more. Send it back, and ask for each anew."),
    _("It has been signed as it is; no record can be linked any more."),
    _("Something has changed since you read it. Read it again, then sign."),
    _("This lead is no longer kept; nothing is left to decide."),
    _("A decision needs a person who takes it."),
    _("Choose one of the answers."),
    _("Write at least 20 characters; the person concerned may read this."),
    _("You proposed this; another person has to decide it."),
    _("You have signed this already; the second signature comes from another person."),
    _("This matter has been decided already."),
    _("Only a person whose role allows it may decide."),
    _("You passed this on; another person decides it."),
    _("Choose to whom it goes."),
    _("The state of the listing does not allow this answer now."),
    _("One of the matters may not be decided together with this one; open it by itself."),
    _("Several are decided together only when the answer is that they are different people."),
    _("You cleared this pair; another person has to agree."),
    _("This clearing has been withdrawn already."),
    _("The new review date must lie in the future."),
    _("This is one and the same record."),
    _("These are in force as the same. Retract the judgement that says so first."),
    _("There is no list to screen against yet. Load one: baham sources load FILE --name NAME"),
    _("The name may have letters, digits, hyphens and underscores."),
    _("There is a program of this name already, perhaps one that was ended. Choose another name."),
    _("Say which organisation the program belongs to, in at most 200 characters."),
    _("This key was revoked before."),
    _("This key was revoked; a program whose key was revoked is made anew under another name."),
    _("A key is good for 1 to 731 days."),
    _("Write at least 20 characters on why the key is renewed."),
    _("Write at least 20 characters on what you need the records for."),
    _("Write at least 20 characters on why the key is revoked."),
    _("Name the fields: a partner who is not trusted receives no others."),
    _("Nothing leaves by itself to a partner who is not trusted; each release is signed."),
    _("This partner was ended."),
    _("The agreement ends before it begins, or in the past."),
    _("Name the legal basis: the law, and the paragraph."),
    _("There is no agreement in force with this partner."),
    _("Name the case or the question that this answers."),
    _("What was signed may no longer leave; the agreement or the markings have changed."),
    _("What may leave to this partner has changed in the meantime. Do it again."),
    _("What is true instead is to be a value that is said here of the same record."),
    _("None of these statements is held here, or all of them were recalled before."),
    _("Write at least 20 characters on why; every receiver reads it."),
    _("Mark what you decide on."),
    _("Mark what leaves with this step."),
    _("Write at least 20 characters on why."),
    _("Some of this was taken back since it came in; it cannot stand. Refuse it."),
    _("Some of this is said here by its own source by now; it cannot stand beside it. Refuse it."),
    _("Some of this was decided or recalled in the meantime; look at it again."),
    _("Name the document or register that proves it."),
    _("You belong to whoever posted this; somebody else decides on it."),
    _("Beside the name, give a birth date, the father’s name or a number: a name has other bearers."),
    _("Name a record, or the person with a birth date, the father’s name or a number."),
    _("The day on which the request arrived lies in the future."),
    _("The day on which the request arrived is not a day."),
    _("Say in a few words how the identity was established: a passport seen, a known address."),
    _("This request has been answered."),
    _("Write down the person’s name, as they give it."),
    _("Record the ground: one of the letters of Article 15(1)."),
    _("Mark what is kept."),
    _("Your colleague recorded another ground, or keeps something else. Agree on it first."),
    _("You decided on this request before; others decide it now."),
    _("The finding has been written already."),
    _("Choose one of the findings."),
    _("Say what you recommend."),
    _("This request waits for its first decision; it cannot be decided again."),
    _("The person is told when the finding is written."),
    _("This record is restricted already."),
    _("The restriction was lifted before."),
    _("This record was erased already."),
    _("The erasure of this record has been asked for already."),
    _("The reason or the reference names the person. Both stay after the erasure: leave it out."),
    _("Mark the values that are to be erased."),
    _("One of the values is not said of this record."),
    _("Nothing would be left of it: ask for the erasure of the whole record."),
    _("This erasure was carried out already."),
    _("A list is being loaded just now. Nothing was recorded; sign again when that is done."),
    _("Somebody is still held because of this record; that is decided first."),
    _("There is no such circle."),
    _("Give the circle a title of at most 200 characters."),
    _("A circle has 1 to 500 members."),
    _("The day until which the list is good lies in the past."),
    _("Another party keeps this circle; only its keeper changes it."),
    _("A partner whose partnership has ended is in no circle."),
    _("The circle has another list since this one was proposed; send it back and propose anew."),
    _("Nothing of this waits for the word of this originator."),
    _("It was asked already, and has not answered."),
    _("Its answer was written down before; ask again for another."),
    _("Write at least 20 characters: by which letter or call, and who said it."),
    _("The day until which it agrees lies in the past."),
    _("The day is not a date."),
    _("Choose a TLP and a PAP."),
    _("Choose among the parties, circles and purposes that are shown."),
    _("Name the originators one on a line, at most forty of them."),
    _("The day on which the permission ends is a day to come."),
    _("What a partner marked is not made wider here; ask the partner."),
    _("Whoever signs releases makes a marking wider; you may make it stricter."),
    _("The share that overlap checks may ask about is between 0 and 1."),
    _("This lead was put forward before."),
)

# What may be wrong with a row of a file of names (baham.platform.screening.queries), before the value it is about.
WRONG = (
    _("not a text"),
    _("the name is empty"),
    _("not UTF-8 text"),
    _("not CSV: a quote is not closed"),
    _("the row has more fields than the header"),
    _("the line is longer than a megabyte"),
    _("not a JSON object"),
    _("the name is longer than 10000 characters"),
    _("longer than 2000 characters"),
    _("the name has no letter, so it can be compared with nothing"),
    _("not one date"),
    _("there is no such day"),
    _("the date lies in the future"),
    _("not JSON"),
    _("not CSV"),
)


def wrong(given: object) -> SafeString:
    """What is wrong with a row, in the reader's language; the value it is about stays as it is, left to right."""
    whole = str(given)
    said, colon, value = whole.partition(": ")
    told_whole = gettext(whole)
    if not colon or told_whole != whole:
        return format_html("{}", visible(told_whole))
    return format_html('{}: <bdi dir="ltr">{}</bdi>', gettext(said), visible(value))


def told(given: object) -> str:
    """A sentence of a rule, in the reader's language."""
    return gettext(str(given))


def comma() -> str:
    """What stands between two things in a row, with its space: `، ` where one reads from right to left."""
    return "، " if get_language_bidi() else ", "
