"""The log's rows. Written by `services.record` and by nothing else; never deleted, and altered by one thing alone: an
erasure takes out words (`erasing.py`), which leaves their seals and an entry that names each row it touched.
"""

import hashlib
import hmac
import json
from collections.abc import Collection

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

from baham.kernel.clock import utc_text
from baham.kernel.log import leaf_hash
from baham.platform.protection import LISTED, STAFF

SEALED = ("title", "justification", "case", "detail")
"""The fields in which words about a person may stand. The leaf covers a seal of each, so that they can be taken out."""
_LEAVE_OUT = ("leaf", "at", "salt", "sealed")


class Event(models.TextChoices):
    """What happened: the six kinds of Directive (EU) 2016/680, Article 25, and what concerns the system itself."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SYSTEM = "system"


class Entry(models.Model):
    """One event. `number` counts from 0 without a gap; `leaf` is the Merkle leaf hash of all that was written.

    Of the fields in SEALED the leaf covers SHA-256(salt of the field || text), not the text: so words can be erased and
    the entry stays provable. `salt` (16 bytes, hexadecimal) gives the salts of all fields; once words were taken out
    it is gone, and `sealed` has for each field what is left to prove it by: `{"seal": …}` for one that was emptied,
    `{"salt": …}` for one that still stands. `form` is the rule by which the leaf was made: 1 over the words themselves
    (entries from before there were seals), 2 over their seals.
    """

    personal_data = {
        "actor": STAFF,
        "subject": STAFF,
        "title": LISTED,
        "purpose": STAFF,
        "case": LISTED,
        "justification": LISTED,
        "recipient": STAFF,
        "detail": LISTED,
        "salt": STAFF,
        "sealed": STAFF,
    }

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200, db_index=True)
    event = models.CharField(max_length=20, choices=Event.choices)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=300, db_index=True)
    title = models.CharField(max_length=500, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=120, blank=True)
    justification = models.TextField(blank=True)
    recipient = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    leaf = models.CharField(max_length=64)
    form = models.SmallIntegerField(default=1)
    salt = models.CharField(max_length=32, blank=True, default="")
    sealed = models.JSONField(default=dict)

    purpose_title: str | Promise
    """Put here by a page: the purpose in the reader's language."""

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.act} {self.subject}"

    def canonical(self) -> bytes:
        """The entry as the bytes that are hashed: JSON with sorted keys, without white space, in UTF-8."""
        parts = self._parts()
        if self.form == 1:
            del parts["form"]
        else:
            parts |= {name: self.seal_of(name) for name in SEALED}
        return _written(parts)

    def leaf_hash(self) -> bytes:
        return leaf_hash(self.canonical())

    def seal_of(self, name: str) -> str:
        """The seal of one of the SEALED fields, hexadecimal: made of its words, or what is left of them."""
        left = self.sealed.get(name, {})
        if "seal" in left:
            return str(left["seal"])
        value = getattr(self, name)
        text = _written(value) if name == "detail" else str(value).encode("utf-8", "replace")
        return hashlib.sha256(bytes.fromhex(self._salt_of(name)) + text).hexdigest()

    def take_out(self, names: Collection[str]) -> None:
        """Empty some of the SEALED fields, and keep what proves them and the others. Does not save."""
        left = dict(self.sealed)
        if self.form > 1:
            for name in SEALED:
                gone = name in names or "seal" in left.get(name, {})
                left[name] = {"seal": self.seal_of(name)} if gone else {"salt": self._salt_of(name)}
        else:
            left |= {name: {} for name in names}
        self.sealed, self.salt = left, ""
        for name in names:
            setattr(self, name, {} if name == "detail" else "")

    @property
    def emptied(self) -> frozenset[str]:
        """The fields of which the words were taken out."""
        return frozenset(name for name, left in self.sealed.items() if self.form == 1 or "seal" in left)

    def rest_hash(self) -> str:
        """A hash over what still stands of an emptied entry of form 1, whose leaf can no longer be made from it."""
        return hashlib.sha256(_written({n: v for n, v in self._parts().items() if n not in self.emptied})).hexdigest()

    def _parts(self) -> dict[str, object]:
        parts = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.fields
            if field.attname not in _LEAVE_OUT
        }
        return parts | {"at": utc_text(self.at)}

    def _salt_of(self, name: str) -> str:
        """The salt of one field: of its own, so that a field that stands gives away no other."""
        kept = self.sealed.get(name, {}).get("salt")
        return str(kept) if kept else hmac.digest(bytes.fromhex(self.salt), name.encode(), "sha256")[:16].hex()


def _written(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


class Head(models.Model):
    """The right edge of the tree, one row: what an append needs (`kernel.log.Frontier`)."""

    no_personal_data = "hashes only"

    size = models.BigIntegerField(default=0)
    peaks = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"tree of {self.size}"


class Reading(models.Model):
    """That somebody read a record within the last hour or so; what `quota.py` counts. Not part of the log."""

    personal_data = {"reader": STAFF, "record": STAFF}

    reader = models.CharField(max_length=200)
    record = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "record"], name="reading_once")]
        indexes = [models.Index(fields=["reader", "at"], name="reading_lately")]

    def __str__(self) -> str:
        return f"{self.reader}: {self.record}"


class Allowance(models.Model):
    """That a second person lets somebody read on beyond the limit, until a time and for a reason."""

    personal_data = {"reader": STAFF, "by": STAFF, "reason": STAFF}

    reader = models.CharField(max_length=200, db_index=True)
    by = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reader} until {self.until:%Y-%m-%d %H:%M}"
