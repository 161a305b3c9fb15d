"""Grades and handling as issued: letter and digit, the standard's label, never coloured by how good or bad they are."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from baham.kernel.grade import Grade
from baham.kernel.handling import PAP, TLP, Handling
from baham.platform.shell.parts.words import GRADES


def _word(text: str) -> str:
    return str(GRADES.get(text, text))


def grade_words(given: Grade) -> str:
    """“Source: usually reliable; probably true”, in the reader's language."""
    source, information = given.words
    return _("Source: %(source)s; %(information)s") % {"source": _word(source), "information": _word(information)}


def grade(given: Grade | str | None) -> SafeString:
    """`B2` in a small frame with its words; a dashed frame where nobody has graded. Text is read as Admiralty."""
    if isinstance(given, str):
        try:
            given = Grade.parse(given) if given else None
        except ValueError:
            return format_html('<span class="grade grade-none">{}</span>', given)
    if given is None:
        label = _("Not graded")
        return format_html(
            '<span class="grade grade-none" title="{0}"><span aria-hidden="true">–</span>'
            '<span class="visually-hidden">{0}</span></span>',
            label,
        )
    return format_html('<abbr class="grade" title="{}">{}</abbr>', grade_words(given), given.code)


def tlp(given: Handling | TLP | str | None) -> SafeString:
    """The Traffic Light Protocol label with its square sign. What is missing reads as AMBER+STRICT."""
    label = given.tlp if isinstance(given, Handling) else given if isinstance(given, TLP) else TLP.read(given)
    css = "amber tlp-strict" if label is TLP.AMBER_STRICT else label.name.lower()
    return format_html('<span class="tlp tlp-{}">{}</span>', css, label.label)


def pap(given: Handling | PAP | str | None) -> SafeString:
    """The permissible actions label with its round sign. What is missing reads as RED."""
    label = given.pap if isinstance(given, Handling) else given if isinstance(given, PAP) else PAP.read(given)
    return format_html('<span class="pap pap-{}">{}</span>', label.name.lower(), label.label)


def withheld(reason: str = "") -> SafeString:
    """A value that exists and may not be shown: the reason is said, its length is not."""
    said = _("withheld: %(reason)s") % {"reason": reason} if reason else _("withheld")
    return format_html('<span class="withheld"><span>{}</span></span>', said)


def withheld_lines(lines: Iterable[object] = ()) -> SafeString:
    """Why something is withheld, a line for each reason; nothing where nothing is."""
    items = format_html_join("", "<li>{}</li>", ((withheld(str(line)),) for line in lines or ()))
    return format_html('<ul class="plain">{}</ul>', items) if items else items
