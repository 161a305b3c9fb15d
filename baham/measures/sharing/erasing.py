"""Sharing's places in an erasure: what partners gave us, objects in collections, and files of overlap checks."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from baham.kernel.chunks import in_chunks
from baham.measures.sharing.models import Lead, Outcome, Received
from baham.measures.sharing.overlap import leads, offered, persons
from baham.measures.sharing.overlap.folder import folder, shred
from baham.measures.sharing.taxii.models import Feed, State, Status, Stored, Told
from baham.platform.ledger.given import list_of
from baham.platform.places import Concerned, Place, texts_of
from baham.platform.release.models import Partner

GONE = "erased"


def received_held(concerned: Concerned) -> int:
    """How many claims of partners are about it."""
    return sum(rows.count() for rows in _received(concerned))


def erase_received(concerned: Concerned) -> int:
    """Empty those claims. That a partner said something, and what became of it, stays: its record is made of that."""
    count = 0
    for rows in _received(concerned):
        Outcome.objects.filter(received__in=rows).update(reason="", evidence="")
        count += rows.update(claim="", entity_key=GONE, about="", reason="", state=Received.State.RECALLED)
    return count


def _received(concerned: Concerned) -> list[QuerySet[Received]]:
    """Claims with these statements, whoever gave them; all on an entity that goes from what its partner says, or that a
    partner calls by its key; and all on an entity of which the claims together say that it is the person, also what
    waits or was refused."""
    sids = [bytes.fromhex(sid) for sid in sorted(concerned.statements)]
    found = [Q(sid__in=some) for some in in_chunks(sids)]
    partners = {list_of(name): pk for name, pk in Partner.objects.values_list("name", "pk")}
    # A number alone is a key in every list; where it is the partner's own, the list says so.
    own = {(partners[dataset], key) for dataset, key in concerned.keys if dataset in partners}
    called = {key for _dataset, key in concerned.keys if not key.isdecimal()}
    said: dict[tuple[int, str], list[str]] = defaultdict(list)
    for partner, key, claim in Received.objects.exclude(claim="").values_list("partner", "entity_key", "claim"):
        said[partner, key].append(claim)
    for (partner, key), claims in sorted(said.items()):
        if (partner, key) in own or key in called or concerned.is_about(_values_of(claims)):
            found.append(Q(partner=partner, entity_key=key))
    return [Received.objects.filter(one).exclude(claim="") for one in found]


def _values_of(claims: list[str]) -> Iterator[str]:
    """What claims say of their entity: the values, and not who said it when."""
    for text in claims:
        try:
            statement = json.loads(text)["statement"]
            yield str(statement["value"])
        except (ValueError, KeyError, TypeError):
            continue


def stored_held(concerned: Concerned) -> int:
    """How many objects in collections are about the person."""
    return len(_stored(concerned))


def erase_stored(concerned: Concerned) -> int:
    """Empty those objects: the row stays, unserved, so that no version of it is taken in again."""
    found = _stored(concerned)
    for part in in_chunks(found):
        some = Stored.objects.filter(seq__in=part)
        some.update(raw=b"{}", state=State.ERASED, creator="")
    for status in Status.objects.exclude(known=[], failures=[]).iterator(500):
        known, failures = concerned.without(status.known), concerned.without(status.failures)
        if (known, failures) != (status.known, status.failures):
            Status.objects.filter(pk=status.pk).update(known=known, failures=failures)
    return len(found)


def _stored(concerned: Concerned) -> list[int]:
    rows = Stored.objects.order_by("seq").values_list("seq", "raw").iterator(1_000)
    return [seq for seq, raw in rows if concerned.is_about(texts_of(json.loads(bytes(raw))))]


def told_held(concerned: Concerned) -> int:
    """How many objects of the ledger readers were told of, that have words of the person in what is kept of them."""
    return sum(1 for _ in _told(concerned))


def erase_told(concerned: Concerned) -> int:
    """Empty the words; what an object is taken back by (its id, type and moments) stays, so that readers hear of it."""
    found = list(_told(concerned))
    for row, shell in found:
        Told.objects.filter(pk=row.pk).update(shell=json.dumps(shell, ensure_ascii=False))
    for feed in Feed.objects.exclude(definitions={}):
        definitions = concerned.without(feed.definitions)
        if definitions != feed.definitions:
            Feed.objects.filter(pk=feed.pk).update(definitions=definitions)
    return len(found)


def _told(concerned: Concerned) -> Iterator[tuple[Told, Any]]:
    """Rows of these entities, with what is left of what is kept."""
    entities = sorted({*concerned.entities, *concerned.partly})
    for some in in_chunks(entities):
        for row in Told.objects.filter(entity__in=some):
            held = json.loads(row.shell)
            if (left := concerned.without(held)) != held:
                yield row, left


def leads_held(concerned: Concerned) -> int:
    """How many leads of overlap checks are about the person."""
    return len(_leads(concerned))


def erase_leads(concerned: Concerned) -> int:
    """Remove those leads; that a lead was stepped up or left stays in the log and in its matter, without words."""
    return leads.remove(Lead.objects.filter(pk__in=_leads(concerned)))


def leads_known_as(concerned: Concerned) -> list[str]:
    """How the log calls those leads and their matters."""
    found = Lead.objects.filter(pk__in=_leads(concerned)).values_list("pk", "matter")
    return [name for pk, matter in found for name in (f"lead:{pk}", f"matter:{matter}")]


def _leads(concerned: Concerned) -> list[int]:
    return [one.pk for one in Lead.objects.iterator() if concerned.is_about(texts_of(one.subject))]


def overlap_held(concerned: Concerned) -> int:
    """In how many sets prepared for overlap checks the person stands."""
    return len(offered.holding({*concerned.entities, *concerned.partly}))


def erase_overlap(concerned: Concerned) -> int:
    """End those sets, with their epochs, and forget whom they were made of; they are made anew of whoever is left."""
    found = offered.holding({*concerned.entities, *concerned.partly})
    for one in found:
        offered.end(one)
        one.keys.all().delete()
    return len(found)


def overlap_files(concerned: Concerned) -> int:
    """Overwrite and remove what an earlier version could not use and kept: files of keys in the clear."""
    found = sorted((folder() / "prepared").glob("*.refused"))
    for path in found:
        shred(path)
    return len(found)


def nothing_here(concerned: Concerned) -> int:
    """The requests that are kept for an auditor have no table."""
    return 0


def asked_held(concerned: Concerned) -> int:
    """How many requests of overlap checks, kept for an auditor, asked about the person."""
    return sum(1 for _ in _asked(concerned))


def asked_files(concerned: Concerned) -> int:
    """Empty the places of the person in those requests; one whose case names the person goes whole."""
    count = 0
    for asked, keys in list(_asked(concerned)):
        if keys:
            persons.take_out(asked, keys)
        else:
            shred(asked.path)
        count += 1
    return count


def _asked(concerned: Concerned) -> Iterator[tuple[persons.Asked, set[str]]]:
    """Requests with something of the person, each with the keys that go; no key where all of it does."""
    mine = persons.Keys(concerned.names, concerned.values, concerned.numbers)
    for asked in persons.requests(folder()):
        if any(map(concerned.speaks_of, asked.cases)):
            yield asked, set()
        elif keys := mine.among(persons.keys_in(asked)):
            yield asked, keys


PLACES = [
    Place(_("What partners gave"), ("sharing.Received", "sharing.Outcome"), received_held, erase_received),
    Place(_("Objects in collections"), ("sharing.Stored", "sharing.Status"), stored_held, erase_stored),
    Place(_("Objects told to readers"), ("sharing.Told", "sharing.Feed"), told_held, erase_told),
    Place(_("Leads of overlap checks"), ("sharing.Lead",), leads_held, erase_leads, leads_known_as),
    Place(_("Requests of overlap checks, kept for an auditor"), (), asked_held, nothing_here, files=asked_files),
    Place(
        _("Sets prepared for overlap checks"),
        ("sharing.PreparedSet", "sharing.PreparedKey"),
        overlap_held,
        erase_overlap,
        files=overlap_files,
    ),
]
