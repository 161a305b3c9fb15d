"""What a piece of evidence says, in the reader's language, by its code; else in the engine's own English."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baham.kernel.text import visible
from baham.platform.numerals import digits

SENTENCES: dict[str, str | Promise] = {
    "name.parts_missing": _("Some parts of the names stand on one side only."),
    "name.common": _("The parts that agree are borne by many people; agreement by chance is to be expected."),
    "name.single_part": _("One of the names has a single part."),
    "name.weak_alias": _("The list itself calls this alias weak."),
    "name.only": _("Nothing but the name has been compared or agrees; a name alone identifies nobody."),
    "schema.different": _("The two are different kinds of thing."),
    "identifier.same": _("The identity number is the same."),
    "identifier.different": _("The identity number is none of those listed; a person can hold several."),
    "birth_date.within": _("The birth date falls within a span of several years."),
    "birth_date.same_day": _("The birth date is the same day."),
    "birth_date.same_year": _("The birth year is the same; one side gives no more."),
    "birth_date.same_month": _("The birth month is the same; one side gives no more."),
    "birth_date.swapped": _("Day and month are exchanged; this may be one date written in two ways."),
    "birth_date.same_year_only": _("The year agrees but not the day."),
    "birth_date.near": _("The birth dates differ by about a year."),
    "birth_date.years_apart": _("The birth dates are some years apart."),
    "birth_date.far_apart": _("The birth dates are many years apart."),
    "birth_date.approximate": _("A birth date is known approximately; the two agree within what that leaves open."),
    "birth_date.open": _(
        "A birth date is only said to be before or after; the other lies within what that leaves open."
    ),
    "birth_date.beyond": _("A birth date is known approximately, and the other lies beyond what that leaves open."),
    "father_name.same": _("The father’s name agrees."),
    "father_name.same_common": _("The father’s name agrees, but it is a common name and says little."),
    "father_name.partly": _("The father’s name agrees in part."),
    "father_name.different": _("The father’s name is different."),
    "nationality.same": _("The country agrees, as it does for millions of people."),
    "nationality.different": _("The country is none of those listed; a person can hold several nationalities."),
    "address.similar": _("The addresses share their places."),
    "address.different": _("The addresses differ; people move."),
}


def said(evidence: dict[str, Any]) -> str:
    """One sentence."""
    code = evidence.get("code", "")
    if code == "name.alike":
        pairs = evidence.get("alignment") or []
        both = sum(1 for left, right, *_likeness in pairs if left and right)
        return _("%(both)s of %(all)s parts of the names agree.") % {"both": digits(both), "all": digits(len(pairs))}
    return visible(str(SENTENCES.get(code, evidence.get("text", ""))))
