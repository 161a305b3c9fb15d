"""Larger parts: what is empty, what went wrong, how far a thing has come, where its chain is, which page this is."""

from typing import Any

from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.boundfield import BoundWidget
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from baham.platform.numerals import digits
from baham.platform.shell.parts.marks import mark
from baham.platform.shell.parts.values import address


def empty(body: str, title: str) -> SafeString:
    """What would be here; the body says how it gets here, and offers one act."""
    return format_html('<div class="empty"><p><b>{}</b></p>{}</div>', title, body)


def problem(body: str, title: str) -> SafeString:
    """What failed; the body says where exactly, what is still in force, and what to do."""
    return format_html(
        '<div class="note note-error" role="alert"><p><strong>{} {}</strong></p>{}</div>', mark("overdue"), title, body
    )


def progress(done: int, total: int, label: str = "") -> SafeString:
    """A thin line; beside it, in words, how many of how many."""
    of = _("%(done)s of %(total)s") % {"done": digits(done), "total": digits(total)}
    return format_html(
        '<progress class="progress-line" max="{}" value="{}" aria-label="{}"></progress>'
        '<p class="small muted mb-0">{}</p>',
        max(total, 1),
        max(0, min(done, total)),
        f"{label}: {of}" if label else of,
        of,
    )


def chain_mark(count: int, url: str = "") -> SafeString:
    """The mark that stands at the end of every value. With an address it is a link; htmx opens it in a row beneath."""
    inner = format_html(
        '{}<span class="visually-hidden">{} </span>{}', mark("chain"), _("Chain, sources:"), digits(count)
    )
    if not url:
        return format_html('<span class="chain-mark">{}</span>', inner)
    return format_html(
        '<a class="chain-mark" href="{0}" hx-get="{0}" hx-target="closest tr" hx-swap="afterend">{1}</a>',
        address(url),
        inner,
    )


def pager(page: Page[Any], query: QueryDict) -> SafeString:
    """Earlier and later pages, keeping what was asked for. Nothing where everything fits on one page."""
    if page.paginator.num_pages < 2:
        return SafeString("")

    def link(number: int, rel: str, word: str) -> SafeString:
        asked = query.copy()
        asked["page"] = str(number)
        return format_html('<a rel="{}" href="?{}">{}</a>', rel, asked.urlencode(), word)

    before = link(page.number - 1, "prev", _("Previous page")) if page.has_previous() else SafeString("")
    after = link(page.number + 1, "next", _("Next page")) if page.has_next() else SafeString("")
    where = _("Page %(number)s of %(count)s") % {
        "number": digits(page.number),
        "count": digits(page.paginator.num_pages),
    }
    return format_html('<nav class="pager" aria-label="{}">{}<span>{}</span>{}</nav>', _("Pages"), before, where, after)


def _choice(part: BoundWidget) -> SafeString:
    """One of several choices with its label. (Django's own way gives the class of a tick to the whole list.)"""
    part.data["attrs"]["class"] = "form-check-input"
    label = format_html('<label for="{}">{}</label>', part.id_for_label, part.choice_label)
    return format_html('<div class="field tick mb-1">{}{}</div>', part.tag(), label)


def field(bound: BoundField) -> SafeString:
    """A form field with its label above, its help and its faults below; the value stays as it was written."""
    widget = bound.field.widget
    if bound.is_hidden:
        return bound.as_widget()
    help_text = (
        format_html('<div class="help" id="{}_helptext">{}</div>', bound.auto_id, bound.help_text)
        if bound.help_text
        else ""
    )
    said = format_html_join(" ", "<span>{} {}</span>", ((mark("overdue"), error) for error in bound.errors))
    faults = format_html('<p class="said" id="{}_error">{}</p>', bound.auto_id, said) if said else ""
    label = format_html('<label for="{}">{}</label>', bound.id_for_label, bound.label)
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return format_html(
            '<fieldset class="field"><legend class="small">{}</legend>{}{}{}</fieldset>',
            bound.label,
            format_html_join("", "{}", ((_choice(part),) for part in bound.subwidgets)),
            help_text,
            faults,
        )
    if isinstance(widget, CheckboxInput):
        tick = bound.as_widget(attrs={"class": "form-check-input"})
        return format_html('<div class="field tick">{}{}{}{}</div>', tick, label, help_text, faults)
    css = "form-select" if isinstance(widget, Select) else "form-control"
    # A placeholder that repeats the label vanishes as soon as somebody writes; the label does not.
    drawn = bound.as_widget(attrs={"class": css, "placeholder": False})
    return format_html('<div class="field">{}{}{}{}</div>', label, drawn, help_text, faults)
