"""Ending what a partner may ask of our holder: its epochs, and their keys, now."""

import logging
from datetime import UTC, datetime

from baham.kernel.clock import utc_text
from baham.measures.sharing.overlap import epochs, prepared
from baham.measures.sharing.overlap.book import Book
from baham.measures.sharing.overlap.folder import folder, shred
from baham.platform import environment
from baham.platform.release.models import Partner

log = logging.getLogger(__name__)


def stop(partner: str) -> int:
    """End a partner's epochs and destroy their keys; how many. Raises BadTerms for a name that is none, OSError where
    the holder's folder is not ours to write in."""
    if not (environment.home() / "overlap").is_dir():
        prepared.path_of(environment.home(), partner)
        return 0  # nobody ever prepared anything here
    at, now = folder(), datetime.now(UTC)
    shred(prepared.path_of(at, partner))
    if not (at / "holder.sqlite3").exists():
        return 0
    book = Book(at / "holder.sqlite3")
    ended = [row["id"] for row in book.epochs() if row["partner"] == partner]
    for epoch in ended:
        book.close(epoch, utc_text(now))
    epochs.tidy(book, at, now)
    return len(ended)


def when_terms_end(partner: Partner) -> None:
    """Once a partnership has ended or another agreement holds, nobody asks on under the old terms."""
    try:
        stop(partner.name)
    except (OSError, prepared.BadTerms):
        log.exception("run `baham overlap stop %s` where the holder runs: its folder is not ours", partner.name)
