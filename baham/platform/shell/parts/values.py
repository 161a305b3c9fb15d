"""Values that came from elsewhere, disarmed: escaped, isolated in their direction, hidden characters written out."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from baham.kernel.text import flags, script_of, visible
from baham.platform.shell.parts.marks import mark
from baham.platform.shell.parts.words import FLAGS

_SCHEME = re.compile(r"\s*([^/?#:]*):")


def shown(given: object) -> str:
    """Text with every hidden control written out. Escaping is the template's."""
    return visible("" if given is None else str(given))


def address(given: object) -> str:
    """An address that may stand in a link: of this site, or of the web. Anything else leads nowhere."""
    text = "" if given is None else str(given)
    scheme = _SCHEME.match(text)
    return text if text.isprintable() and (scheme is None or scheme[1].lower() in ("http", "https")) else "#"


def language_tag(text: str, lang: str = "") -> str:
    """The language given, or what can honestly be said from the script: `und-Arab`. Empty where nothing can."""
    if lang:
        return lang
    script = script_of(text)
    return "" if script in ("Zyyy", "Zzzz") else f"und-{script}"


def value(given: object, lang: str = "") -> SafeString:
    """A name or other text as it stood, beside it a word about what is odd in it."""
    raw = "" if given is None else str(given)
    tag = language_tag(raw, lang)
    css = format_html(' class="{}"', "ar") if script_of(raw) == "Arab" else ""
    attribute = format_html(' lang="{}"', tag) if tag else ""
    body = format_html('<bdi dir="auto"{}{}>{}</bdi>', css, attribute, visible(raw))
    notes = format_html_join("", ' <small class="odd">{} {}</small>', ((mark("overdue"), FLAGS[f]) for f in flags(raw)))
    return body + notes


def parted(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """A word in pieces, those that differ from its counterpart underlined; a dash where there is no word."""
    drawn = [(visible(text), differs) for text, differs in pieces if text]
    if not drawn:
        return format_html('<span class="muted">{}</span>', "–")
    whole = "".join(text for text, _differs in drawn)
    inner = format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", text) if differs else text,) for text, differs in drawn)
    )
    css = format_html(' class="{}"', "ar") if script_of(whole) == "Arab" else ""
    tag = language_tag(whole)
    attribute = format_html(' lang="{}"', tag) if tag else ""
    return format_html('<bdi dir="auto"{}{}>{}</bdi>', css, attribute, inner)


def ident(given: object) -> SafeString:
    """A number, hash or code: as issued, left to right in every language, digits unchanged."""
    text = visible("" if given is None else str(given))
    return format_html('<bdi dir="ltr" class="ident{}">{}</bdi>', " long" if len(text) > 24 else "", text)
