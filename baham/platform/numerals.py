"""Digits as the reader's language writes them; beside the rooms, because several speak in sentences with numbers."""

from decimal import Decimal

from django.utils.translation import get_language

_EASTERN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_EASTERN_LANGUAGES = frozenset({"ur", "ps", "fa", "prs", "sd", "bal"})


def eastern() -> bool:
    """Whether the reader's language writes numbers as ۰–۹."""
    return (get_language() or "en").split("-")[0] in _EASTERN_LANGUAGES


def digits(given: object) -> str:
    """A number in the digits and groups of the reader's language. Text keeps its shape; only its digits change."""
    if isinstance(given, (int, float, Decimal)) and not isinstance(given, bool):
        text = f"{given:,}"
        return text.replace(",", "٬").replace(".", "٫").translate(_EASTERN) if eastern() else text
    text = "" if given is None else str(given)
    return text.translate(_EASTERN) if eastern() else text
