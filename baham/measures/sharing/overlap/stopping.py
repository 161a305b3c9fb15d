"""Ending what a partner may ask of our holder: its epochs, and their keys, now."""

import logging
from datetime import UTC, datetime

from baham.measures.sharing.overlap import epochs, offered, prepared
from baham.measures.sharing.overlap.book import Book
from baham.measures.sharing.overlap.folder import folder
from baham.platform import environment
from baham.platform.release.models import Partner

log = logging.getLogger(__name__)


def stop(partner: str) -> int:
    """End a partner's epochs and destroy their keys; how many. Nothing is made anew by itself. Raises BadTerms for a
    name that is none, OSError where the holder's folder is not ours to write in."""
    offered.forget(partner)
    return close(partner)


def close(partner: str) -> int:
    """End them where the holder's folder is. Raises BadTerms, OSError."""
    if not (environment.home() / "overlap").is_dir():
        prepared.path_of(environment.home(), partner)
        return 0  # nobody ever prepared anything here
    at = folder()
    return epochs.end(Book(at / "holder.sqlite3"), at, partner, datetime.now(UTC))


def when_terms_end(partner: Partner) -> None:
    """Once a partnership has ended or another agreement holds, nobody asks on under the old terms."""
    offered.forget(partner.name)
    close_if_ours(partner.name)


def close_if_ours(partner: str) -> None:
    """End them, or say in the log who has to."""
    try:
        close(partner)
    except (OSError, prepared.BadTerms):
        log.exception("run `baham overlap stop %s` where the holder runs: its folder is not ours", partner)
