"""Marks and states: a shape, a word and a colour, always together."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from baham.platform.shell.parts.words import STATES, WEIGHTS

MARKS = frozenset({*STATES, "chain"})


def mark(name: str) -> SafeString:
    """The shape of a state, hidden from screen readers because the word stands beside it."""
    if name not in MARKS:
        raise ValueError(f"there is no mark {name!r}; there are {', '.join(sorted(MARKS))}")
    return format_html('<svg class="b-mark" aria-hidden="true"><use href="#m-{}"/></svg>', name)


def state(name: str, label: object = "") -> SafeString:
    """A state with its own word, or with `label`: what to do, since when, how many."""
    word = label if label not in ("", None) else STATES.get(name, name)
    inner = format_html("<s>{}</s>", word) if name == "delisted" and word is not label else word
    return format_html('<span class="state state-{}">{}<span>{}</span></span>', name, mark(name), inner)


def weight(name: str) -> SafeString:
    """How much something weighs as evidence: a word and up to three bars, never a percentage."""
    if name not in WEIGHTS:
        raise ValueError(f"evidence is weak, moderate or strong, not {name!r}")
    bars, word = WEIGHTS[name]
    drawn = mark_safe('<i class="on"></i>' * bars + "<i></i>" * (3 - bars))  # our own marks only
    return format_html('{}<span class="weight" aria-hidden="true">{}</span>', word, drawn)
