"""What a reader was told of each object of the ledger, so that one version is one content, and revocation finds it.

The version of an object is the moment of its touch. Where what the reader sees has changed and nothing was touched (a
permission ended, another agreement), it is the moment at which that was told. It never goes back.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from baham.formats import stix
from baham.formats.stix.ids import OBSERVABLES
from baham.kernel.chunks import in_chunks
from baham.measures.sharing.taxii import moments
from baham.measures.sharing.taxii.models import Collection as Shared
from baham.measures.sharing.taxii.models import Told
from baham.measures.sharing.taxii.rendering import Made
from baham.platform.release.models import Holding, Partner

_CHUNK = 500
_REVOKED = hashlib.sha256(b"revoked").digest()
_NO_VERSION = b'"modified":""'
"""Stands in an object until its version is known. A text cannot hold it: its quotation marks would be escaped."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Entry:
    """One object as it stands in a reader's collection: its place, its JSON, and the row that says so.

    `version_text` is its version as it has it itself; empty for what has none. `is_new` says that the reader was not
    told this version before, `touched` when its entity was. `made` is what is rendered behind it; nothing for what is
    revoked, and for what others refer to.
    """

    added: int
    seq: int
    raw: bytes
    version_text: str
    row: Told
    is_new: bool
    touched: int = 0
    made: Made | None = None

    @property
    def id(self) -> str:
        return self.row.stix_id

    @property
    def type(self) -> str:
        return self.row.stix_id.partition("--")[0]

    @property
    def version(self) -> int:
        """The moment that it has as its version: its own, or that of its arrival where it has none."""
        return moments.read(self.version_text) if self.version_text else self.added


class Memory:
    """What one reader was told of one collection."""

    def __init__(self, collection: Shared, partner: Partner) -> None:
        self._collection, self._partner = collection, partner
        self._rows = Told.objects.filter(collection=collection, partner=partner)

    def entities(self) -> QuerySet[Told, Any]:
        """The entities of which it was told, to ask for others by."""
        return self._rows.filter(entity__isnull=False).values("entity")

    def of(self, entities: Collection[int]) -> dict[int, dict[str, Told]]:
        """What it was told of these entities, by entity and STIX id."""
        found: dict[int, dict[str, Told]] = defaultdict(dict)
        pks = list(entities)
        for some in in_chunks(pks, _CHUNK):
            for row in self._rows.filter(entity__in=some):
                found[row.entity_id or 0][row.stix_id] = row
        return found

    def shared(self) -> dict[str, Told]:
        """What others refer to and it was told of, by STIX id. There are some ten."""
        return {row.stix_id: row for row in self._rows.filter(entity=None)}

    def current(self, made: Made, added: int, touched: int, first: int, before: Told | None) -> Entry:
        """The object as it is now, with its times."""
        item = made.object
        has_versions = item["type"] not in OBSERVABLES
        if has_versions:
            item |= {"created": moments.write(first), "modified": ""}
        raw = _json(item)
        digest = hashlib.sha256(raw).digest()
        same = before is not None and bytes(before.digest) == digest
        version = before.version if before is not None and same else max(first, _later(touched, before))
        text = moments.write(version) if has_versions else ""
        if has_versions:
            item["modified"] = text
            raw = raw.replace(_NO_VERSION, b'"modified":"%b"' % text.encode(), 1)
        if before is not None and same:
            return Entry(added, made.entity, raw, text, before, False, touched, made)
        shell = json.dumps(stix.revocation(item, _LONG_AGO), ensure_ascii=False)
        row = self._row(item["id"], shell, entity_id=made.entity, digest=digest, version=version)
        return Entry(added, made.entity, raw, text, row, True, touched, made)

    def revoked(self, before: Told, added: int, touched: int) -> Entry:
        """An object that the reader was told of and may no longer have; with the ground, where it was recalled."""
        item = json.loads(before.shell)
        ours = item["extensions"][stix.EXTENSION]
        ground = self._ground(ours["recalled"])
        same = before.revoked and ours["reason"] == ground
        version = before.version if same else _later(touched, before)
        text = moments.write(version)
        ours |= {"recalled_at": text, "reason": ground}
        if "modified" in item:
            item["modified"] = text
        raw = _json(item)
        row = self._row(
            before.stix_id, raw.decode(), entity_id=before.entity_id, digest=_REVOKED, version=version, revoked=True
        )
        return Entry(added, before.entity_id or 0, raw, text if "modified" in item else "", row, not same, touched)

    def _ground(self, sids: Sequence[str]) -> str:
        """The ground on which all of these statements were recalled from the reader; empty if they were not."""
        recalled = Holding.objects.filter(partner=self._partner, recall__isnull=False)
        grounds: list[str] = []
        for part in in_chunks(sids, _CHUNK):
            some = recalled.filter(sid__in=[bytes.fromhex(sid) for sid in part])
            grounds += some.values_list("recall__ground", flat=True)
        return str(grounds[0]) if grounds and len(grounds) == len(sids) else ""

    def beside(self, item: dict[str, Any], added: int) -> Entry:
        """What others refer to and the reader was not told of: from now on it has this place."""
        row = self._row(item["id"], _json(item).decode(), at=added, digest=b"")
        return Entry(added, 0, _json(item), _version_of(item), row, True)

    def _row(self, stix_id: str, shell: str, **more: Any) -> Told:
        return Told(collection=self._collection, partner=self._partner, stix_id=stix_id, shell=shell, **more)

    def is_as_it_was(self, entries: Sequence[Entry], before: Mapping[str, int]) -> bool:
        """Whether the reader was told nothing else in the meantime; `before` are the versions that were known, by STIX
        id."""
        new = [entry.id for entry in entries if entry.is_new]
        for some in in_chunks(new, _CHUNK):
            rows = self._rows.filter(stix_id__in=some)
            if any(before.get(number) != version for number, version in rows.values_list("stix_id", "version")):
                return False
        return True

    def keep(self, entries: Iterable[Entry]) -> None:
        """Write down that the reader was told these, in the transaction in which it is."""
        Told.objects.bulk_create(
            [entry.row for entry in entries if entry.is_new],
            batch_size=_CHUNK,
            update_conflicts=True,
            unique_fields=["collection", "partner", "stix_id"],
            update_fields=["entity", "digest", "version", "revoked", "shell"],
        )


def known(row: Told) -> Entry:
    """What others refer to, at the place that it was given."""
    return Entry(row.at or 0, 0, row.shell.encode(), _version_of(json.loads(row.shell)), row, False)


def _version_of(item: Mapping[str, Any]) -> str:
    return str(item.get("modified") or item.get("created") or "")


def _json(item: Mapping[str, Any]) -> bytes:
    return json.dumps(item, ensure_ascii=False, separators=(",", ":")).encode()


def _later(touched: int, before: Told | None) -> int:
    """The version of what is told for the first time, or otherwise than before."""
    if before is None or touched > before.version:
        return touched
    return max(moments.now(), before.version + 1)
