"""What may stand in a field of a case, and how it is shown."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from baham.platform.cases.workflow import Field, Kind
from baham.platform.ledger.models import Entity

MOST = {Kind.LINE: 300, Kind.TEXT: 20_000}
_LARGEST = 10**15


def fault_of(one: Field, value: Any) -> str:
    """What is wrong with a value, in a sentence; empty for a good one, and for none at all."""
    if value in ("", None):
        return ""
    if one.kind in MOST:
        return _("too long") if not isinstance(value, str) or len(value) > MOST[one.kind] else ""
    if one.kind is Kind.CHOICE:
        return "" if value in one.choices else _("choose one of the answers")
    if one.kind is Kind.DATE:
        return "" if _is_day(value) else _("a day is written as 2026-12-31")
    if one.kind is Kind.RECORD:
        known = isinstance(value, int) and Entity.objects.filter(pk=value).exists()
        return "" if known else _("there is no record of that number")
    return "" if isinstance(value, int) and 0 <= value <= _LARGEST else _("a whole number, not below 0")


def read(one: Field, written: str) -> Any:
    """What somebody wrote into a form, as it is stored; what cannot be read stays as it is, for `fault_of` to name."""
    text = written.strip()
    if one.kind in (Kind.NUMBER, Kind.RECORD) and text.isdecimal() and len(text) < 16:
        return int(text)
    return text


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
