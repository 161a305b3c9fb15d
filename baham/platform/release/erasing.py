"""The release room's place in an erasure: what was proposed and sent, messages of every channel, words on recalls.

That a partner was given a statement stays, by the statement's id, so that its answer to the recall can be held against
it; so does the place of each message in its tree.
"""

import json
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from baham.formats.sealed import withhold
from baham.platform.places import Concerned, texts_of
from baham.platform.release import channel
from baham.platform.release.models import Message, OriginatorWord, Recall, RecallNotice, Release
from baham.platform.review.kinds import ERASED
from baham.platform.review.models import Item

MODELS = tuple(
    f"release.{name}"
    for name in (
        "Release",
        "Holding",
        "OriginatorWord",
        "Message",
        "Recall",
        "RecallNotice",
    )
)


def holds(concerned: Concerned) -> int:
    """How many releases and messages have something of it."""
    return _releases(concerned).count() + sum(1 for _ in _messages(concerned))


def known_as(concerned: Concerned) -> list[str]:
    """How the log calls the releases."""
    return [f"release:{pk}" for pk in _releases(concerned).values_list("pk", flat=True)]


def erase(concerned: Concerned) -> int:
    """Take it out of releases, messages and words on recalls. Inside the caller's transaction."""
    count = 0
    messages = list(_messages(concerned))
    for release in _releases(concerned):
        _empty(release, concerned)
        count += 1
    OriginatorWord.objects.filter(entity__in=concerned.entities).delete()
    for message, text in messages:
        Message.objects.filter(pk=message.pk).update(envelope=text)
        count += 1
    for recall in Recall.objects.iterator(500):
        kept = [sid for sid in recall.correction or () if sid not in concerned.statements] or None
        why = concerned.without(recall.why)
        if (kept, why) != (recall.correction, recall.why):
            Recall.objects.filter(pk=recall.pk).update(correction=kept, why=why)
    for notice in RecallNotice.objects.exclude(reason="").iterator(500):
        if (reason := concerned.without(notice.reason)) != notice.reason:
            RecallNotice.objects.filter(pk=notice.pk).update(reason=reason)
    return count


def _releases(concerned: Concerned) -> QuerySet[Release]:
    return Release.objects.filter(entities__in=concerned.entities | concerned.partly).distinct().order_by("pk")


def _empty(release: Release, concerned: Concerned) -> None:
    """What of a release is about others stays. One that waits and has nothing left goes back."""
    release.entities.remove(*concerned.entities)
    release.claims = [sid for sid in release.claims if sid not in concerned.statements]
    release.note, release.case = concerned.without(release.note), concerned.without(release.case)
    if release.matter is not None and (title := concerned.without(release.matter.title)) != release.matter.title:
        Item.objects.filter(pk=release.matter.pk).update(title=title)
    if release.state == Release.State.PROPOSED and not release.claims:
        release.state = Release.State.SENT_BACK
        Item.objects.filter(outgoing=release, outcome="").update(outcome=ERASED, closed_at=timezone.now())
    release.save(update_fields=["claims", "note", "case", "state"])


def _messages(concerned: Concerned) -> Iterator[tuple[Message, str]]:
    """The messages that have something of it, each with what it becomes: a leaf in the place of each statement, or of
    the whole envelope where the signed words themselves speak of the person."""
    ours = {str(release) for release in _releases(concerned)}
    for message in Message.objects.order_by("pk").iterator(10):
        held = json.loads(message.envelope)
        parts = withhold(held["parts"], concerned.statements) if _shows(held["parts"], concerned) else held["parts"]
        envelope = held["envelope"]
        if _is_about(message, envelope, concerned, ours):
            envelope, parts = {"erased": bytes(message.leaf).hex()}, []
        if (envelope, parts) != (held["envelope"], held["parts"]):
            made = {"envelope": envelope, "parts": parts}
            yield message, json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def _shows(parts: list[object], concerned: Concerned) -> bool:
    return any(
        isinstance(part, dict)
        and isinstance(part.get("claim"), dict)
        and part["claim"]["statement"]["id"] in concerned.statements
        for part in parts
    )


def _is_about(message: Message, envelope: object, concerned: Concerned, ours: set[str]) -> bool:
    """Whether the signed words have a statement that goes, or speak of the person. A bare recall has ids alone.

    A message that gives or names something of the record (`ours` are the numbers of such releases) goes by the name
    alone; in one about others, the name may be that of a namesake.
    """
    if not isinstance(envelope, dict) or "payload" not in envelope:
        return False
    try:
        payload = channel.payload_of(message)
    except (ValueError, TypeError, KeyError):  # what was refused may be anything
        return any(map(concerned.speaks_of, texts_of(envelope)))
    told = payload.get("correction", [])
    if any(isinstance(one, dict) and one.get("statement", {}).get("id") in concerned.statements for one in told):
        return True
    said = list(texts_of(payload))
    own = payload.get("release") in ours or not concerned.statements.keys().isdisjoint(said)
    return any(map(concerned.speaks_of, said)) if own else concerned.is_about(said)
