"""Times and dates in words: the absolute time first, then how far off it is; unknown parts stay unsaid."""

import re
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from baham.kernel.dates import span
from baham.kernel.text import visible
from baham.platform.numerals import digits
from baham.platform.shell.parts.words import MONTHS

_PREFIX = re.compile(r"^\d{4}(-\d{2}){0,2}$")


def day(given: date) -> str:
    """`10 Nov 2026`, in the reader's language and digits."""
    return _("%(day)s %(month)s %(year)s") % {
        "day": digits(str(given.day)),
        "month": MONTHS[given.month - 1],
        "year": digits(str(given.year)),
    }


def lasting(given: timedelta | None) -> str:
    """How long something took, in the one unit that says most: “19 min”, “3 days”."""
    if given is None:
        return _("not known")
    size = abs(round(given.total_seconds()))
    if size < 60:
        return _("less than a minute")
    if size < 3600:
        return ngettext("%(n)s min", "%(n)s min", size // 60) % {"n": digits(size // 60)}
    if size < 86400:
        return ngettext("%(n)s h", "%(n)s h", size // 3600) % {"n": digits(size // 3600)}
    return ngettext("%(n)s day", "%(n)s days", size // 86400) % {"n": digits(size // 86400)}


def far(given: datetime, now: datetime) -> str:
    """How far off a time is: “in 19 min”, “3 days ago”."""
    seconds = round((given - now).total_seconds())
    if abs(seconds) < 60:
        return _("now")
    span_said = lasting(timedelta(seconds=seconds))
    return (_("in %(span)s") if seconds > 0 else _("%(span)s ago")) % {"span": span_said}


def moment(given: datetime | date | None, now: datetime | None = None) -> SafeString:
    """A point in time for people and machines. A plain date has no hour, and none is made up for it."""
    if given is None:
        return format_html('<span class="muted">{}</span>', _("not dated"))
    if not isinstance(given, datetime):
        return format_html('<time datetime="{}">{}</time>', given.isoformat(), day(given))
    aware = given if timezone.is_aware(given) else timezone.make_aware(given)
    local = timezone.localtime(aware)
    said = _("%(date)s, %(time)s %(zone)s") % {
        "date": day(local),
        "time": digits(f"{local:%H:%M}"),
        "zone": _("PKT") if local.tzname() == "PKT" else local.tzname(),
    }
    return format_html(
        '<time datetime="{}">{}</time> <small>{}</small>',
        aware.astimezone(UTC).isoformat(timespec="seconds"),
        said,
        far(aware, now or timezone.now()),
    )


def _said(prefix: str) -> str:
    year, *rest = prefix.split("-")
    if not rest:
        return digits(year)
    if len(rest) == 2:
        return day(date(int(year), int(rest[0]), int(rest[1])))
    return _("%(month)s %(year)s") % {"month": MONTHS[int(rest[0]) - 1], "year": digits(year)}


def _inexact(raw: str) -> tuple[str, str]:
    """A date without the word that says how exact it is (`1984~`, `before 1984`), and that word as a pattern."""
    if raw.startswith(("../", "before ")):
        return raw.removeprefix("../").removeprefix("before "), _("before %(date)s")
    if raw.endswith("/..") or raw.startswith("after "):
        return raw.removesuffix("/..").removeprefix("after "), _("after %(date)s")
    if raw.endswith("~") or raw.startswith("approximately "):
        return raw.removesuffix("~").removeprefix("approximately "), _("approximately %(date)s")
    return raw, ""


def when(given: str | None) -> SafeString:
    """A kernel date reading (`1984-03/1985-03`, `1984~`) in words. What cannot be read is shown as it stood."""
    raw = "" if given is None else str(given)
    exact, inexact = _inexact(raw)
    first, slash, last = exact.partition("/")
    if not _PREFIX.match(first) or (slash and not _PREFIX.match(last)) or span(exact) is None:
        return format_html('<bdi dir="auto">{}</bdi>', visible(raw))
    if not slash or first == last:
        if inexact:
            return format_html("<span>{}</span>", inexact % {"date": _said(first)})
        return format_html('<time datetime="{}">{}</time>', first, _said(first))
    # In Urdu and Pashto a range is said with a word: a dash between numbers can be read from either end.
    said = _("%(first)s – %(last)s") % {"first": _said(first), "last": _said(last)}
    return format_html("<span>{}</span>", inexact % {"date": said} if inexact else said)
