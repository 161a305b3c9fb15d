"""What a piece of evidence says, in the reader's language, by code; else the engine's own English."""

from typing import Any

from baham.kernel.text import visible


def said(evidence: dict[str, Any]) -> str:
    """One sentence."""
    return visible(str(SENTENCES.get(evidence.get("code", ""), evidence.get("text", ""))))


SENTENCES: dict[str, Any] = {}
