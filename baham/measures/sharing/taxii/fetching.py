"""Reading a partner's own TAXII server: page by page into the inbox, each page whole or not at all.

What comes this way is signed by nobody; that it is the partner's is known by its address and our login there. So the
partner's hand stands unsigned at the end of each chain, and for whatever else the rules of the inbox hold: quarantine
for whom is not trusted, tombstones, nothing of ours touched. Who goes on from a moment is told of what changed: values
that an object no longer has are closed, what is marked or graded anew is taken in anew, a revoked object is closed, and
recalled where its sender is a Baham that says on which ground. Once the partnership has ended, only the last is heard.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from baham.formats import BadInput, stix
from baham.formats.claims import BadClaim, read
from baham.kernel.chunks import in_chunks
from baham.kernel.claim import Claim, Hand
from baham.kernel.clock import utc_text
from baham.measures.sharing import intake, taking_back
from baham.measures.sharing.models import Received
from baham.measures.sharing.taxii.client import PageRead, Remote, Taxii, TaxiiError
from baham.measures.sharing.taxii.models import Feed
from baham.platform.audit.models import Event
from baham.platform.audit.services import Actor, record
from baham.platform.ledger.given import list_of
from baham.platform.release.models import Partner, Recall
from baham.platform.release.partners import CannotChange
from baham.platform.release.recalls import DAYS

_MOST_DEFINITIONS = 1_000
_CHUNK = 500
_GONE = (Received.State.RECALLED, Received.State.ENDED, Received.State.REFUSED)


class CannotFetch(Exception):
    """Nothing more can be taken from this collection now; whole pages before it stay. One line: what was wrong."""


@dataclass(slots=True)
class Fetched:
    """What a fetch brought: pages and objects read, claims that stand, wait, were closed, were refused and why."""

    pages: int = 0
    objects: int = 0
    accepted: int = 0
    quarantined: int = 0
    closed: int = 0
    refused: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def link(actor: Actor, partner: Partner, url: str, collection: str, login: str, secret: str) -> Feed:
    """Say where a collection of a partner's is and how we sign in there. Raises CannotFetch."""
    try:
        Taxii(url, login, secret)
    except TaxiiError as error:
        raise CannotFetch(str(error)) from error
    made, _new = Feed.objects.update_or_create(
        partner=partner, url=url if url.endswith("/") else f"{url}/", collection=collection, defaults={"login": login}
    )
    path = _secret_file(made)
    path.touch(mode=0o600)
    path.write_text(secret)
    record(
        actor,
        Event.SYSTEM,
        "linked a collection",
        f"partner:{partner.name}",
        title=partner.title,
        url=made.url,
        collection=collection,
    )
    return made


def fetch(feed: Feed, actor: Actor, progress: Callable[[int], None] = lambda done: None) -> Fetched:
    """Take in what has come to the collection since the last time. Raises CannotFetch; whole pages before it stay."""
    done = Fetched()
    try:
        there = Taxii(feed.url, feed.login, _secret_file(feed).read_text())
        for page in there.pages(_remote(there, feed), added_after=feed.last):
            _take(feed, page, done)
            progress(done.objects)
    except (TaxiiError, BadInput, BadClaim, CannotChange) as error:
        raise CannotFetch(f"{error}; {done.pages} pages were taken, the next fetch goes on after them") from error
    except OSError as error:
        raise CannotFetch("there is no secret for this collection; see: baham taxii link") from error
    feed.fetched_at = timezone.now()
    feed.save(update_fields=["fetched_at"])
    record(
        actor,
        Event.COLLECTION,
        "fetched a collection",
        f"partner:{feed.partner.name}",
        title=feed.partner.title,
        collection=feed.collection,
        objects=done.objects,
        accepted=done.accepted,
        quarantined=done.quarantined,
        closed=done.closed,
        refused=done.refused,
    )
    return done


def _remote(there: Taxii, feed: Feed) -> Remote:
    roots = there.roots() or [feed.url]
    found = [one for root in roots for one in there.collections(root) if feed.collection in (one.id, one.title)]
    if len(found) != 1:
        raise CannotFetch(
            f"{feed.url}: there is {'no' if not found else 'more than one'} collection {feed.collection!r}"
        )
    if not found[0].can_read:
        raise CannotFetch(f"{feed.url}: we may not read {feed.collection!r}")
    return found[0]


@transaction.atomic
def _take(feed: Feed, page: PageRead, done: Fetched) -> None:
    """One page, whole or not at all, with the moment from which the next fetch goes on."""
    partner = feed.partner
    marks = [one for one in page.objects if one.get("type") == "marking-definition" and isinstance(one.get("id"), str)]
    definitions = feed.definitions | {one["id"]: one for one in marks}
    others = [one for one in page.objects if one.get("type") != "marking-definition"]
    whole = [*definitions.values(), *others]
    source = f"{partner.title}, page {done.pages + 1}"
    unlike: dict[str, str] = {}
    said = stix.claims(whole, dataset=list_of(partner.name), source=source, refused=unlike)
    claims = [_handed(claim, partner) for claim in said]
    closed = _close(feed, claims, others, list(stix.recalls(others, source)))
    heard = claims if partner.in_force else []
    outcome = intake.take_in(partner, heard, None, signed=False)
    _note(feed, [claim.id for claim in heard])
    done.pages, done.objects, done.closed = done.pages + 1, done.objects + len(page.objects), done.closed + closed
    done.accepted, done.quarantined = done.accepted + outcome.accepted, done.quarantined + outcome.quarantined
    for why, count in [*outcome.refused.items(), *((why, 1) for why in unlike.values())]:
        done.refused[why] = done.refused.get(why, 0) + count
    feed.last = page.last or feed.last
    feed.definitions = dict(list(definitions.items())[-_MOST_DEFINITIONS:])
    feed.save(update_fields=["last", "definitions"])


def _handed(claim: Claim, partner: Partner) -> Claim:
    party = str(partner.party)
    if claim.chain and claim.chain[-1].party == party:
        return claim
    return replace(claim, chain=(*claim.chain, Hand(party, partner.title, utc_text(timezone.now()))))


def _note(feed: Feed, sids: Sequence[str]) -> None:
    """Write down that this collection says these, so that another one that is silent about them closes none of them."""
    says = Received.feeds.through.objects
    for part in in_chunks(sids, _CHUNK):
        some = [bytes.fromhex(sid) for sid in part]
        rows = Received.objects.filter(partner=feed.partner, message=None, sid__in=some).exclude(state__in=_GONE)
        says.bulk_create(
            [says.model(received_id=pk, feed=feed) for pk in rows.values_list("pk", flat=True)], ignore_conflicts=True
        )


def _close(
    feed: Feed, claims: Sequence[Claim], objects: Sequence[dict[str, Any]], gone: Iterable[stix.Recalled]
) -> int:
    """Close what the partner gave this way and says no longer, or otherwise; how many statements it says no longer."""
    partner = feed.partner
    said = {claim.id: claim for claim in claims}
    revoked = {_about(objects, one): one.reason for one in gone}
    silent: dict[str, list[Received]] = {}
    otherwise: list[str] = []
    for row in _given(feed, {*map(intake.about, claims), *revoked}, sorted(said)):
        if (claim := said.get(row.sid_hex)) is None:
            silent.setdefault(revoked.get(row.about, ""), []).append(row)
        elif partner.in_force and _content(read(json.loads(row.claim))) != _content(claim):
            otherwise.append(row.sid_hex)
    _say_anew(partner, otherwise)
    closed = 0
    for reason, rows in silent.items():
        sids = [row.sid_hex for row in (rows if reason in Recall.Ground.values else _said_nowhere_else(feed, rows))]
        _gone(partner, sids, reason)
        closed += len(sids)
    return closed


def _said_nowhere_else(feed: Feed, rows: Sequence[Received]) -> list[Received]:
    """Those of these that no other collection of the partner says. This one says none of them any more."""
    pks, says = [row.pk for row in rows], Received.feeds.through.objects
    others: set[int] = set()
    for part in in_chunks(pks, _CHUNK):
        some = says.filter(received__in=part)
        some.filter(feed=feed).delete()
        others |= set(some.values_list("received", flat=True))
    return [row for row in rows if row.pk not in others]


def _gone(partner: Partner, sids: Sequence[str], reason: str) -> None:
    """What was recalled may not return and is recalled from whoever has it from us; anything else may be said again."""
    if reason not in Recall.Ground.values:
        taking_back.ended(partner, sids, None)
        return
    name = str(uuid5(NAMESPACE_URL, f"{partner.party}:{','.join(sorted(sids))}"))
    deadline = timezone.now() + timedelta(days=DAYS[Recall.Ground(reason)])
    taking_back.recalled(partner, name, sids, reason, f"Revoked by {partner.title}: {reason}", deadline, None)


def _about(objects: Sequence[dict[str, Any]], gone: stix.Recalled) -> str:
    """Whom a revoked object is about: the canonical id that a Baham gives it, or the object itself."""
    extensions = next(item for item in reversed(objects) if item.get("id") == gone.object_id).get("extensions")
    ours = extensions.get(stix.EXTENSION) if isinstance(extensions, dict) else None
    named = ours.get("canonical_id") if isinstance(ours, dict) else None
    return named if isinstance(named, str) else gone.object_id


def _say_anew(partner: Partner, sids: Sequence[str]) -> None:
    """Make room for what is marked or graded otherwise now. Of whom is not trusted it is closed until a person has
    accepted it anew; else the new marking counts at once and the value stays."""
    if sids and not partner.trusted:
        taking_back.ended(partner, sids, None)
    for part in in_chunks(sids, _CHUNK):
        some = [bytes.fromhex(sid) for sid in part]
        Received.objects.filter(partner=partner, sid__in=some).update(state=Received.State.ENDED)


def _given(feed: Feed, about: set[str], sids: Sequence[str]) -> Iterable[Received]:
    """What this collection said and that stands or waits here, about these or of these statements; and what came
    before it was written down which collection says what."""
    rows = Received.objects.filter(Q(feeds=feed) | Q(feeds=None), partner=feed.partner, message=None)
    rows = rows.exclude(state__in=_GONE)
    found: dict[int, Received] = {}
    names = sorted(about)
    for some in in_chunks(names, _CHUNK):
        found |= {row.pk: row for row in rows.filter(about__in=some)}
    for part in in_chunks(sids, _CHUNK):
        said = [intake.sid_of(sid) for sid in part]
        found |= {row.pk: row for row in rows.filter(sid__in=said)}
    return found.values()


def _content(claim: Claim) -> tuple[Any, ...]:
    """What of a claim makes it another one: how it is marked, graded and founded, and whose hands it came through. When
    it was seen or handed on is another moment in each version, and what it says is in its id."""
    grade = claim.grade and (claim.grade.scheme, claim.grade.code, claim.grade.by, claim.grade.reason)
    return claim.handling, grade, claim.basis, [hand.party for hand in claim.chain]


def _secret_file(feed: Feed) -> Path:
    folder = Path(settings.HOME) / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"taxii-{feed.pk}.key"
