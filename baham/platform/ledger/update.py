"""Fetching a list from its publisher. Whatever fails (network, size, time, content), the version in force stays.

Files arrive beside the good ones and replace them only after the ledger has taken them. `state.json` keeps the etag and
checksum of each, so that an unchanged list costs one request without a body. Where a file still names somebody who was
erased here it is not kept, and the list is fetched whole each time.
"""

import hashlib
import http.client
import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from baham.platform import outbound
from baham.platform.audit.services import Actor
from baham.platform.ledger import offered as offering
from baham.platform.ledger.guard import MassChange
from baham.platform.ledger.load import Loaded, checksum, load
from baham.platform.ledger.models import Offered
from baham.platform.ledger.publishers import Publisher

_BLOCK = 1 << 16
_AGENT = "baham (https://pypi.org/project/baham)"


class CannotFetch(Exception):
    """The publisher's file did not arrive whole. The text is one line: address and what was wrong."""


class HeldBack(Exception):
    """The publisher's file would end or change too much: the version in force stays, and a second person is asked."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file that has arrived, or that the publisher says is the same as before (`path` is then the kept one)."""

    path: Path
    etag: str
    modified: str
    sha256: str
    changed: bool


def folder(publisher: Publisher) -> Path:
    path = Path(settings.HOME) / "fetched" / publisher.source.name
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def update(
    publisher: Publisher, actor: Actor, progress: Callable[[int, int | None], None] = lambda done, total: None
) -> Loaded | None:
    """Fetch and load a publisher's list; None if nothing has changed. Raises CannotFetch, BadInput, HeldBack."""
    kept, arriving = folder(publisher), folder(publisher) / "new"
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir()
    try:
        state = _state(kept)
        fetched = {
            name: _fetch(url, kept / name, arriving / name, state.get(name, {}), publisher, progress)
            for url, name in publisher.files
        }
        if not any(one.changed for one in fetched.values()):
            return None
        for one in fetched.values():
            if not one.changed and one.path.parent == kept:
                shutil.copyfile(kept / one.path.name, arriving / one.path.name)
        source = publisher.source
        about = {
            "title": source.title,
            "publisher": source.publisher,
            "licence": source.licence,
            "url": publisher.files[0][0],
            "review_route": source.review_route,
        }
        first = arriving / publisher.files[0][1]
        try:
            done = load(first, source.name, actor, about=about, format_name=source.format)
        except MassChange as stopped:
            raise HeldBack(_hold_back(stopped, first, sorted(fetched), actor)) from stopped
        for name in fetched:
            if done.version.kept_out:
                (kept / name).unlink(missing_ok=True)  # what was erased here is not kept in a file either
            else:
                (arriving / name).replace(kept / name)
        _keep_state(kept, fetched)
        return done
    finally:
        shutil.rmtree(arriving, ignore_errors=True)


def _hold_back(stopped: MassChange, first: Path, names: list[str], actor: Actor) -> str:
    """Keep the file aside and ask a second person, once for each file; what to tell whoever fetched it."""
    name, (sha256, _size) = stopped.dataset.name, checksum([first])
    asked = Offered.objects.filter(dataset_name=name, sha256=sha256).exclude(state=Offered.State.LOOKED_AT).first()
    if asked is not None:
        return f"{stopped}; this very file was put before a second person ({asked.state})"
    aside = offering.folder() / f"{name}-{sha256[:16]}"
    aside.mkdir(exist_ok=True, mode=0o700)
    for each in names:
        shutil.copyfile(first.parent / each, aside / each)
    one = offering.offer(aside / first.name, name, actor, file_name=first.name, format_name=stopped.dataset.format)
    one.sha256, one.effect = sha256, offering.told(stopped.effect, stopped.stops.why)
    one.save(update_fields=["sha256", "effect"])
    offering.ask(one, actor, f"The publisher's file of this day: {stopped.numbers}"[:1000])
    return f"{stopped}; a second person is asked, in the list of matters"


def _state(kept: Path) -> dict[str, Any]:
    try:
        return dict(json.loads((kept / "state.json").read_text()))
    except (OSError, ValueError):
        return {}


def _keep_state(kept: Path, fetched: dict[str, Fetched]) -> None:
    state = {name: {"etag": one.etag, "modified": one.modified, "sha256": one.sha256} for name, one in fetched.items()}
    new = kept / "state.json.new"
    new.write_text(json.dumps(state, indent=1))
    new.replace(kept / "state.json")


def _fetch(
    url: str,
    kept: Path,
    target: Path,
    state: dict[str, str],
    publisher: Publisher,
    progress: Callable[[int, int | None], None],
) -> Fetched:
    request = urllib.request.Request(url, headers={"User-Agent": _AGENT, "Accept-Encoding": "identity"})
    if kept.exists() and state.get("etag"):
        request.add_header("If-None-Match", state["etag"])
    if kept.exists() and state.get("modified"):
        request.add_header("If-Modified-Since", state["modified"])
    try:
        with outbound.opener(url, redirects=True).open(request, timeout=publisher.timeout) as answer:
            sha256 = _receive(answer, target, publisher, url, progress)
            etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
            return Fetched(target, etag, modified, sha256, changed=sha256 != state.get("sha256"))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304:
            return Fetched(
                kept, state.get("etag", ""), state.get("modified", ""), state.get("sha256", ""), changed=False
            )
        raise CannotFetch(f"{url}: the publisher answered {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise CannotFetch(f"{url}: {reason or type(error).__name__}") from error


def _receive(
    answer: Any, target: Path, publisher: Publisher, url: str, progress: Callable[[int, int | None], None]
) -> str:
    """Write the body to `target`; its SHA-256. Stops at the size limit and at ten times the time limit."""
    stated = answer.headers.get("Content-Length", "")
    total = int(stated) if stated.isdecimal() else None
    if total is not None and total > publisher.largest:
        raise CannotFetch(f"{url}: {total:,} bytes are more than the limit of {publisher.largest:,}")
    digest, size, until = hashlib.sha256(), 0, time.monotonic() + 10 * publisher.timeout
    with target.open("wb") as file:
        while block := answer.read(_BLOCK):
            size += len(block)
            if size > publisher.largest:
                raise CannotFetch(f"{url}: more than the limit of {publisher.largest:,} bytes")
            if time.monotonic() > until:
                raise CannotFetch(f"{url}: still not here after {10 * publisher.timeout:.0f} s")
            digest.update(block)
            file.write(block)
            progress(size, total)
    if total is not None and size != total:
        raise CannotFetch(f"{url}: {size:,} of {total:,} bytes arrived")
    if not size:
        raise CannotFetch(f"{url}: the answer was empty")
    return digest.hexdigest()
