"""Template tags of the console, a builtin library. What each draws is said in `baham.platform.shell.parts`."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from baham.platform.numerals import digits
from baham.platform.shell.parts import (
    access,
    blocks,
    chain,
    dates,
    evidence,
    handling,
    marks,
    values,
    vocabulary,
    words,
)

register = template.Library()

register.simple_tag(marks.mark)
register.simple_tag(marks.state)
register.simple_tag(marks.weight)
register.simple_tag(handling.grade)
register.simple_tag(handling.tlp)
register.simple_tag(handling.pap)
register.simple_tag(handling.withheld)
register.simple_tag(handling.withheld_lines)
register.simple_tag(words.comma)
register.simple_tag(values.value)
register.simple_tag(values.ident)
register.simple_tag(values.parted)
register.simple_tag(digits)
register.simple_tag(dates.moment)
register.simple_tag(dates.when)
register.simple_tag(dates.lasting)
register.simple_tag(blocks.progress)
register.simple_tag(blocks.chain_mark)
register.simple_tag(blocks.field)
register.simple_tag(chain.chain)
register.simple_tag(chain.links, name="chain_links")
register.filter(digits)
register.filter(values.shown)
register.filter(dates.day)
register.filter(words.told)
register.filter(words.wrong)
register.filter("prop", vocabulary.prop)
register.filter("schema", vocabulary.schema)
register.filter("feature", vocabulary.feature)
register.filter("event", vocabulary.event)
register.filter(vocabulary.is_date)
register.filter("said", evidence.said)
register.filter("may", access.may)
register.filter(values.address)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """`{% empty _("No letters are open.") %}<p>…</p>{% endempty %}`"""
    return blocks.empty(content, title)


@register.simple_block_tag
def problem(content: str, title: str) -> SafeString:
    """`{% problem _("The list was not loaded.") %}<p>…</p>{% endproblem %}`"""
    return blocks.problem(content, title)


@register.simple_tag(takes_context=True)
def pager(context: template.Context, page: Page[Any]) -> SafeString:
    """`{% pager page %}`, keeping the rest of the address's query."""
    request = context.get("request")
    return blocks.pager(page, request.GET if request is not None else QueryDict())


@register.simple_tag(takes_context=True)
def room_above(context: template.Context) -> SafeString:
    """`{% room_above %}`: in the crumbs, the entry of the menu under whose address the page lies; nothing for none."""
    above = next((entry for entry in context["console"].nav if entry.current), None)
    return format_html('<a href="{}">{}</a> / ', above.url, above.title) if above else SafeString()


@register.inclusion_tag("shell/sprite.svg")
def sprite() -> dict[str, Any]:
    """The shapes that `{% mark %}` uses; `base.html` draws them once."""
    return {}
