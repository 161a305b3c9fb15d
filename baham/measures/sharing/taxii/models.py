"""Collections of TAXII, who may use them, and the objects in them. Written by `posting.py` and `arrange.py` alone.

Moments that order things are microseconds since 1970 UTC in whole numbers: what is compared a million times is compared
as a number, and no two databases round it differently.
"""

import uuid

from django.db import models
from django.utils import timezone

from baham.platform.ledger.models import Entity
from baham.platform.protection import STAFF, PersonalData, Sensitivity
from baham.platform.release.models import Partner

SHARED = PersonalData(
    "cooperation with partners on what they posted",
    "persons named in shared objects",
    "until removed from the collection; the row stays, unserved, so that it is not taken in again",
    Sensitivity.HIGH,
)


class Root(models.Model):
    """An API root: a group of collections at an address of its own."""

    no_personal_data = "names a group of collections"

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Collection(models.Model):
    """Objects that belong together. What partners post to a `moderated` one waits until a person has taken it in.

    `shelf` names where its objects come from (`taxii/shelves.py`); of the ledger, `datasets` are the lists that are in
    it, all of them if it is empty. `last_added` is the newest moment that an object of it was given; no two objects
    share one, so a reader who goes on from a moment misses nothing and gets nothing twice.
    """

    personal_data = {
        "title": STAFF,
        "description": STAFF,
        "alias": STAFF,
        "media_types": STAFF,
        "shelf": STAFF,
        "datasets": STAFF,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    root = models.ForeignKey(Root, models.PROTECT, related_name="collections")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    alias = models.SlugField(max_length=60, null=True)
    owner = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="own_collections")
    shelf = models.CharField(max_length=20, default="stored")
    datasets = models.JSONField(default=list)
    moderated = models.BooleanField(default=True)
    media_types = models.JSONField(default=list)
    last_added = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["root", "alias"], name="collection_alias_once")]

    def __str__(self) -> str:
        return self.title


class Access(models.Model):
    """What a partner may do with a collection. Without a row it does not learn that the collection exists.

    `terms` is a digest of what was agreed when it last read a collection of the ledger: when it differs, all of it is
    to be read anew. What was last touched up to `since` stands for this reader at the places of `Anew`.
    """

    no_personal_data = "rights of partners"

    collection = models.ForeignKey(Collection, models.PROTECT, related_name="access")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="collections")
    can_read = models.BooleanField(default=False)
    can_write = models.BooleanField(default=False)
    terms = models.CharField(max_length=64, blank=True)
    since = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "partner"], name="access_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.collection_id}"


class Anew(models.Model):
    """Where an entity stands for one reader whose agreement has changed, until it is touched again: the others read on
    as before."""

    no_personal_data = "refers to an entity and says nothing about it"

    access = models.ForeignKey(Access, models.CASCADE, db_index=False, related_name="anew")
    entity = models.ForeignKey(Entity, models.PROTECT, db_constraint=False, db_index=False, related_name="anew")
    at = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["access", "at"], name="anew_once")]
        indexes = [models.Index(fields=["access", "entity"], name="anew_of_entity")]

    def __str__(self) -> str:
        return f"{self.entity_id} at {self.at}"


def last_place() -> int:
    """The last place that was given out anew to any reader."""
    return Anew.objects.aggregate(last=models.Max("at"))["last"] or 0


class Told(models.Model):
    """What a partner was last told of one object of a collection of the ledger: by it a version is never told twice
    with another content, and what it may no longer have is taken back from it and from nobody else.

    `digest` is over the content, `version` its `modified` in microseconds since 1970 (0 for what has none), `revoked`
    that it was taken back. `shell` is the object without what was said: how it is taken back. Of an object that others
    refer to (`entity` is null: a marking definition, ourselves) `shell` is all of it and `at` its place in the order.
    """

    personal_data = {"stix_id": SHARED, "shell": SHARED}

    collection = models.ForeignKey(Collection, models.PROTECT, db_index=False, related_name="told")
    partner = models.ForeignKey(Partner, models.PROTECT, db_index=False, related_name="told")
    entity = models.ForeignKey(
        Entity, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="told"
    )
    stix_id = models.CharField(max_length=300)
    at = models.BigIntegerField(null=True)
    digest = models.BinaryField(max_length=32)
    version = models.BigIntegerField(default=0)
    revoked = models.BooleanField(default=False)
    shell = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["collection", "partner", "entity"], name="told_of_entity")]
        constraints = [models.UniqueConstraint(fields=["collection", "partner", "stix_id"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.stix_id}"


class Feed(models.Model):
    """A collection of a partner's own TAXII server that we read. `last` is the moment of arrival there from which the
    next fetch goes on; `definitions` the marking definitions that were met, by id: they come once and count on.

    The secret with which we sign in lies in a file of its own (`fetching.py`).
    """

    personal_data = {"url": STAFF, "login": STAFF, "collection": STAFF, "last": STAFF, "definitions": SHARED}

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="feeds")
    url = models.URLField(max_length=500)
    login = models.CharField(max_length=200)
    collection = models.CharField(max_length=200)
    last = models.CharField(max_length=40, blank=True)
    definitions = models.JSONField(default=dict)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "url", "collection"], name="feed_once")]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.collection}"


class Marking(models.Model):
    """One distinct handling (`kernel.handling`), as JSON and by the digest of it; many objects share one. `by` is the
    partner whose post brought it first."""

    no_personal_data = "who may have what, by kind"

    digest = models.CharField(max_length=64, unique=True)
    handling = models.JSONField()
    by = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="markings")

    def __str__(self) -> str:
        return f"{self.pk} {self.handling}"


class Status(models.Model):
    """One request that posted objects. `known` were there before; `failures` are those not taken, each with its reason.

    What was stored refers to it by `Stored.post`, so that the status follows what becomes of what waits.
    """

    personal_data = {"known": SHARED, "failures": SHARED}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    root = models.ForeignKey(Root, models.PROTECT)
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="posts")
    at = models.BigIntegerField()
    known = models.JSONField(default=list)
    failures = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.uuid)


class State(models.IntegerChoices):
    """Where a stored object stands. Only what is accepted is served to others than the partner who posted it."""

    ACCEPTED = 0
    WAITING = 1
    REFUSED = 2
    REMOVED = 3
    ERASED = 4


class Stored(models.Model):
    """One version of one STIX object in a collection. The rows are added to; only where one stands ever changes.

    `raw` is the object as canonical JSON, served as it is and never parsed again; `digest` is the SHA-256 by which two
    posts of one version are told to be the same. `version` is 0 for what has none (observables): it cannot change.
    `superseded` says that a later version exists in the collection, for whomever; what is not superseded is the last
    for every reader, and only for the others each page has to look. `beside` says that another party's object of this
    id was there, of which whoever posted was not to learn: it is served to whoever may not have that one.
    """

    personal_data = {"stix_id": SHARED, "type": SHARED, "version_text": SHARED, "creator": SHARED, "raw": SHARED}

    seq = models.BigAutoField(primary_key=True)
    collection = models.ForeignKey(Collection, models.PROTECT, db_index=False, related_name="objects_stored")
    stix_id = models.CharField(max_length=300)
    type = models.CharField(max_length=250)
    spec = models.SmallIntegerField()
    version = models.BigIntegerField()
    version_text = models.CharField(max_length=40, blank=True)
    added = models.BigIntegerField()
    state = models.SmallIntegerField(choices=State.choices, default=State.ACCEPTED)
    superseded = models.BooleanField(default=False)
    beside = models.BooleanField(default=False)
    marking = models.ForeignKey(Marking, models.PROTECT, db_index=False)
    owner = models.ForeignKey(Partner, models.PROTECT, null=True, db_index=False, related_name="objects_posted")
    post = models.ForeignKey(Status, models.PROTECT, null=True, related_name="stored")
    creator = models.CharField(max_length=300, blank=True)
    digest = models.BinaryField(max_length=32)
    raw = models.BinaryField()

    class Meta:
        # State, marking and owner stand in the two indexes that pages run along, so that what a reader may not have is
        # passed over without reading the row.
        indexes = [
            models.Index(fields=["collection", "added", "seq", "state", "marking", "owner"], name="stored_by_added"),
            models.Index(
                fields=["collection", "type", "added", "seq", "state", "marking", "owner"], name="stored_by_type"
            ),
            models.Index(fields=["collection", "version"], name="stored_by_version"),
            # What waits is few among many; whoever counts it does not read the rest.
            models.Index(fields=["collection", "owner", "seq"], name="stored_waiting", condition=models.Q(state=1)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["collection", "stix_id", "version", "owner"], name="stored_once")
        ]

    def __str__(self) -> str:
        return f"{self.stix_id} {self.version_text}"


class Bucket(models.Model):
    """What is left of a partner's rate: `tokens` as they were at `at` (seconds since 1970). See `taxii/rate.py`."""

    no_personal_data = "counts objects of a partner"

    partner = models.OneToOneField(Partner, models.CASCADE, primary_key=True, related_name="taxii_bucket")
    tokens = models.FloatField()
    at = models.FloatField()

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.tokens:.1f}"
