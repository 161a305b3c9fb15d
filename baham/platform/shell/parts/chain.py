"""The chain of one value, drawn in one place.

In Python rather than in a template, because a page holds dozens of them with six links each, and a template took most
of the page's time.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from baham.platform.shell.parts.blocks import chain_mark
from baham.platform.shell.parts.dates import when
from baham.platform.shell.parts.handling import grade, pap, tlp, withheld
from baham.platform.shell.parts.marks import state
from baham.platform.shell.parts.values import address, shown, value

_SAYS_SOMETHING = ("who", "text", "state", "grade", "handling", "withheld")


def chain(given: Any, opened: bool = False, sheet: bool = False) -> SafeString:
    """A `<details>`: its summary is value, source, grade, handling and mark; inside it are the links."""
    said = _of(given, "value")
    drawn = when(said) if _of(given, "is_date") else value(said, _of(given, "lang") or "")
    if _of(given, "closed") or _of(given, "outdated"):
        drawn = format_html('<s class="value">{}</s>', drawn)
    source = format_html('<span class="also">{}</span>', shown(_of(given, "said"))) if _of(given, "said") else ""
    disputed = state("disputed") if _of(given, "disputed") else ""
    return format_html(
        '<details class="chain{}"{}><summary><span>{} {} {}</span>{}<span class="hand">{}</span>{}</summary>{}'
        "</details>",
        " sheet" if sheet else "",
        mark_safe(" open") if opened or _of(given, "open") else "",
        drawn,
        source,
        disputed,
        grade(_of(given, "grade")),
        tlp(_of(given, "handling")),
        chain_mark(_of(given, "count") or 0),
        links(given),
    )


def links(given: Any) -> SafeString:
    """The ordered list of the six links."""
    drawn = "".join(
        f'<li class="is-{escape(node)}"><span>{escape(label)}</span><div>{"".join(map(_row, rows))}</div></li>'
        for label, node, rows in _of(given, "links")
    )
    own_page = address(_of(given, "url") or "") if not _of(given, "open") else ""
    words = _("Grade it, or stand for or against it")
    more = f'<p class="small"><a href="{escape(own_page)}">{escape(words)}</a></p>' if own_page else ""
    return mark_safe(f'<ol class="chain-links">{drawn}</ol>{more}')  # every part is escaped


def _row(row: Any) -> str:
    """One line of a link; what is empty is not drawn."""
    says = [_of(row, name) for name in _SAYS_SOMETHING]
    who, text, in_state, graded, handling, reason = says
    muted, quote = _of(row, "muted"), _of(row, "quote")
    parts = []
    if in_state:
        parts.append(state(in_state, _of(row, "state_label") or "") + "&ensp;")
    if handling:
        parts.append(f"{tlp(handling)}&ensp;{pap(handling)}&ensp;")
    if who:
        parts.append(f'<bdi class="who">{escape(shown(who))}</bdi>')
        parts.append(escape(pgettext("between who and what", ", ")) if text else "")
    if text:
        url = address(_of(row, "url") or "")
        words = escape(shown(text))
        parts.append(f'<a href="{escape(url)}">{words}</a>' if url else f"<bdi>{words}</bdi>")
    parts.append(f" {grade(graded)}" if graded else "")
    parts.append(f" {withheld(reason)}" if reason else "")
    parts.append(f' <span class="muted">{escape(shown(muted))}</span>' if muted else "")
    css = "" if any(says) else ' class="muted"'
    line = f"<p{css}>{''.join(parts)}</p>" if any(says) or muted else ""
    if not quote:
        return line
    lang = f' lang="{escape(_of(row, "quote_lang"))}"' if _of(row, "quote_lang") else ""
    return f'{line}<blockquote dir="auto"{lang}>{escape(shown(quote))}</blockquote>'


def _of(given: Any, name: str) -> Any:
    """A part of an object or of a mapping; None where there is none."""
    return given.get(name) if isinstance(given, Mapping) else getattr(given, name, None)
