"""MISP: claims as events, events as claims, and feeds, the easiest way to a partner who has a MISP.

`event` writes, `claims` gives back what was written, equal to the last field; `feed.write` and `feed.read` carry events
as a folder. Standard library only. docs/exchange.md has the mapping and what is lost where.
"""

from baham.formats.misp import feed
from baham.formats.misp.reading import claims, deleted
from baham.formats.misp.writing import SharingGroup, attribute_uuid, event, recall

__all__ = ["SharingGroup", "attribute_uuid", "claims", "deleted", "event", "feed", "recall"]
