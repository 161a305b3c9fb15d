"""How statements are stored. Written by this room's services alone.

A statement row is open from version `since` of its dataset until version `until` (None: still said). Nothing is
deleted: what a source no longer says stays, closed, and "what did we know on that day" is a query.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from baham.kernel.dates import as_said
from baham.kernel.grade import Grade, Scheme
from baham.kernel.handling import PAP, TLP, Handling, meet_all
from baham.kernel.schema import Kind, is_person, kind_of
from baham.platform.accounts.models import Organisation
from baham.platform.ledger.given import list_of
from baham.platform.protection import LISTED, STAFF


def first_review() -> date:
    """The review date of what is given none: BAHAM_REVIEW_DAYS from today."""
    return timezone.localdate() + timedelta(days=settings.REVIEW_DAYS)


class Dataset(models.Model):
    """A list or file that is loaded again and again; with what is true of all its statements unless said otherwise.

    `review_by` is the last day on which it is screened against, unless somebody extends it (safeguard S-11). `keeper`
    is the organisation whose record it is; none, the operator of this installation (`need_to_know.py`).
    `ending_limit` is how many per cent of it a version may end before it stops (`guard.py`); `options` is how its file
    is read, a table's mapping above all, which every later version is read with.
    """

    no_personal_data = "describes a publication"

    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=40, blank=True)
    url = models.URLField(max_length=500, blank=True)
    licence = models.CharField(max_length=300, blank=True)
    tlp = models.SmallIntegerField(default=TLP.CLEAR)
    pap = models.SmallIntegerField(default=PAP.CLEAR)
    grade = models.CharField(max_length=2, blank=True)
    scheme = models.CharField(max_length=20, blank=True)
    screened = models.BooleanField(default=True)
    review_route = models.CharField(max_length=300, blank=True)
    review_by = models.DateField(default=first_review)
    keeper = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="datasets")
    ending_limit = models.PositiveSmallIntegerField(default=5)
    options = models.JSONField(default=dict)
    entities_now: int  # this and the next are what `datasets.overview` counts and looks up
    last: "Version | None"

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def handling(self) -> Handling:
        return Handling(TLP(self.tlp), PAP(self.pap))

    @property
    def is_lapsed(self) -> bool:
        """Whether its review date has passed, so that nothing of it is matched."""
        return self.review_by < timezone.localdate()


class Version(models.Model):
    """One loaded state of a dataset. `number` counts from 1 within the dataset; the counts are of entities.

    `kept_out` is how many entities and values a source still offers that were erased here and stay out.
    `unfinished` is that the file's last line has no end.
    """

    personal_data = {"loaded_by": STAFF}
    file_name = models.CharField(max_length=300)
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    label = models.CharField(max_length=100, blank=True)
    format = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
    entities = models.IntegerField(default=0)
    statements = models.BigIntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    removed = models.IntegerField(default=0)
    flagged = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    kept_out = models.IntegerField(default=0)
    unfinished = models.BooleanField(default=False)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.dataset.name} {self.number}"


class Entity(models.Model):
    """What one dataset calls one entity. `canonical` is the entity that people judged it to be the same as, or itself.

    `digest` is a hash over its open statements, by which a load sees at once that nothing has changed. `review_by` is
    the last day on which it matches: what its source or an extension says; None where only the list has a date. `ended`
    is the day from which its publisher's own words end it (`ends.py`).
    """

    personal_data = dict.fromkeys(["key", "caption", "text", "schema", "review_by", "ended"], LISTED)

    id = models.BigIntegerField(primary_key=True)
    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="entities", db_index=False)
    key = models.CharField(max_length=255)
    schema = models.CharField(max_length=40)
    caption = models.CharField(max_length=500)
    canonical = models.ForeignKey("self", models.PROTECT, related_name="members", db_constraint=False)
    current = models.BooleanField(default=True)
    digest = models.BinaryField(max_length=20)
    text = models.TextField()
    review_by = models.DateField(null=True)
    ended = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "key"], name="entity_once")]
        indexes = [
            models.Index(fields=["review_by"], name="entity_review", condition=models.Q(review_by__isnull=False))
        ]

    def __str__(self) -> str:
        return self.caption

    @property
    def is_person(self) -> bool:
        return is_person(self.schema)

    @property
    def is_lapsed(self) -> bool:
        """Whether its own review date or its list's has passed."""
        return self.dataset.is_lapsed or (self.review_by is not None and self.review_by < timezone.localdate())

    @property
    def is_hollow(self) -> bool:
        """Whether it was erased, and nothing but its number is left (`erasing.py`)."""
        return self.key == f"erased-{self.pk}" and not self.text

    @property
    def in_force(self) -> bool:
        """Whether it can match at all: its source still lists it and no review date has passed."""
        return self.is_listed and not self.is_lapsed

    @property
    def is_listed(self) -> bool:
        """Whether its publisher lists it and has not ended it by its own words."""
        return self.current and not self.is_ended

    @property
    def is_ended(self) -> bool:
        """Whether its publisher's own end of it has come, though the file still carries it."""
        return self.ended is not None and self.ended <= timezone.localdate()


class Statement(models.Model):
    """One value, as one source gives it. `sid` is FtM's statement id in 20 bytes; annotations go by it."""

    personal_data = {"value": LISTED, "original": LISTED, "lang": LISTED, "prop": LISTED}
    source_place = ("record", "field", "quality", "flags", "origin")

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="statements", db_constraint=False)
    sid = models.BinaryField(max_length=20)
    prop = models.CharField(max_length=60)
    value = models.TextField()
    lang = models.CharField(max_length=12, null=True)
    original = models.TextField(null=True)
    record = models.CharField(max_length=120, default="")
    field = models.CharField(max_length=200, default="")
    quality = models.CharField(max_length=40, default="")
    flags = models.CharField(max_length=120, default="")
    origin = models.CharField(max_length=200, null=True)
    external = models.BooleanField(default=False)
    since = models.IntegerField()
    until = models.IntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.prop}: {self.value}"

    @property
    def sid_hex(self) -> str:
        return bytes(self.sid).hex()

    @property
    def shown(self) -> str:
        """The value; of a date with what its source says of it: `1968~`, `../1968`."""
        return (kind_of(self.prop) is Kind.DATE and as_said(self.value, self.flags.split())) or self.value


class Offered(models.Model):
    """A file that may become the next version of a list: what it would do, and what became of it. Names nobody but who
    brought it; `effect` is `guard.Effect` as JSON, `path` the file here, gone when it is decided.
    """

    personal_data = {
        "by": STAFF,
        "agreed_by": STAFF,
        "file_name": STAFF,
        "path": STAFF,
        "reason": STAFF,
        "dataset_name": STAFF,
        "title": STAFF,
        "options": STAFF,
        "effect": STAFF,
    }

    class State(models.TextChoices):
        LOOKED_AT = "looked at"
        ASKED = "asked"
        AGREED = "agreed"
        IN_FORCE = "in force"
        DROPPED = "dropped"

    dataset_name = models.SlugField(max_length=60)
    title = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=500)
    file_name = models.CharField(max_length=300)
    sha256 = models.CharField(max_length=64, blank=True)
    format = models.CharField(max_length=40, blank=True)
    options = models.JSONField(default=dict)
    tlp = models.SmallIntegerField(null=True)
    effect = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.LOOKED_AT)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    agreed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} for {self.dataset_name}"


class Extension(models.Model):
    """That somebody put off a review date, of one entry or of a whole list, and why. Append-only."""

    personal_data = {"by": STAFF, "reason": LISTED, "was": LISTED, "until": LISTED}

    dataset = models.ForeignKey(Dataset, models.PROTECT, related_name="extensions")
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="extensions")
    was = models.DateField(null=True)
    until = models.DateField()
    by = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.entity or self.dataset} until {self.until}"


class Change(models.Model):
    """That a version added, changed or removed an entity."""

    no_personal_data = "refers to an entity and says nothing about it"

    class Kind(models.TextChoices):
        ADDED = "added"
        CHANGED = "changed"
        REMOVED = "removed"

    version = models.ForeignKey(Version, models.PROTECT, related_name="changes", db_constraint=False)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="changes", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)

    def __str__(self) -> str:
        return self.kind


class Touch(models.Model):
    """When an entity was last touched: its place in the order in which readers hear of it (`touches.py`).

    `at` is in microseconds since 1970, no two are the same, and each is later than all before it, whatever the
    machine's clock does. `first` is when the entity first came. `uuid` is its id outside, written down when it is first
    asked for; it finds the entity by that id.
    """

    no_personal_data = "refers to an entity and says nothing about it"

    entity = models.OneToOneField(Entity, models.PROTECT, primary_key=True, related_name="touch", db_constraint=False)
    at = models.BigIntegerField(unique=True)
    first = models.BigIntegerField()
    uuid = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["uuid"], name="touch_uuid", condition=models.Q(uuid__isnull=False)),
            models.Index(fields=["entity"], name="touch_unnamed", condition=models.Q(uuid__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.entity_id} at {self.at}"


class Judgement(models.Model):
    """A person's word on whether two entities are one. May be retracted; is never deleted, nor made by a machine."""

    personal_data = {"author": STAFF, "reason": LISTED, "retracted_by": STAFF, "retraction": LISTED}

    class Verdict(models.TextChoices):
        SAME = "same"
        DIFFERENT = "different"
        UNSURE = "unsure"

    left = models.ForeignKey(Entity, models.PROTECT, related_name="judged_left")
    right = models.ForeignKey(Entity, models.PROTECT, related_name="judged_right")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    author = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)
    retracted_by = models.CharField(max_length=200, blank=True)
    retraction = models.TextField(blank=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.left} {self.verdict} {self.right}"


class Annotation(models.Model):
    """What is said about a statement: kept by the statement's id, append-only; the newest of its kind is in force."""

    sid = models.CharField(max_length=40, db_index=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def counts_in(self, dataset: Dataset) -> bool:
        """Whether it holds for a statement of this dataset: a partner's word holds for what it gave alone."""
        return self.counts_among({dataset.name})

    def counts_among(self, datasets: Collection[str]) -> bool:
        """Whether it holds for a statement in one of these datasets, by their names."""
        return not self.by.startswith("partner:") or list_of(self.by.removeprefix("partner:")) in datasets


class GradeGiven(Annotation):
    """A grade (kernel.grade). Several graders may differ."""

    personal_data = {"by": STAFF, "reason": LISTED}

    scheme = models.CharField(max_length=20)
    reliability = models.CharField(max_length=1)
    credibility = models.CharField(max_length=1)

    def __str__(self) -> str:
        return self.reliability + self.credibility

    @property
    def grade(self) -> Grade:
        return Grade(Scheme(self.scheme), self.reliability, self.credibility, self.by, self.at, self.reason)


class HandlingGiven(Annotation):
    """Restrictions (kernel.handling) that differ from the dataset's."""

    personal_data = {"by": STAFF, "reason": LISTED, "releasable_to": STAFF, "originators": STAFF, "purposes": STAFF}

    tlp = models.SmallIntegerField()
    pap = models.SmallIntegerField()
    releasable_to = models.JSONField(null=True)
    originators = models.JSONField(default=list)
    purposes = models.JSONField(null=True)
    expires = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return TLP(self.tlp).label

    @property
    def handling(self) -> Handling:
        return Handling(
            TLP(self.tlp),
            PAP(self.pap),
            None if self.releasable_to is None else frozenset(self.releasable_to),
            frozenset(self.originators),
            None if self.purposes is None else frozenset(self.purposes),
            self.expires,
        )


def handling_of(dataset: Dataset, given: Iterable[HandlingGiven]) -> Handling:
    """How a statement of this dataset may be handled: by our newest word and by its giver's, whichever is the stricter;
    by its dataset where there is none. `given` are the words on the statement, the newest last."""
    newest = {one.by.startswith("partner:"): one.handling for one in given if one.counts_in(dataset)}
    return meet_all(list(newest.values())) if newest else dataset.handling


class BasisGiven(Annotation):
    """That a statement is somebody's assessment (kernel.basis); without one it is a fact as its source puts it."""

    personal_data = {"by": STAFF, "reason": LISTED, "kind": LISTED, "confidence": LISTED}

    kind = models.CharField(max_length=12)
    on = models.DateField()
    confidence = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.kind


class StanceTaken(Annotation):
    """Somebody supporting, contradicting or dating a statement (kernel.basis.Stance)."""

    personal_data = {"by": STAFF, "reason": LISTED, "evidence": LISTED}

    kind = models.CharField(max_length=12)
    evidence = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.kind


class CameThrough(Annotation):
    """Through whose hands a statement came that a partner gave us (kernel.claim.Hand, as JSON, origin first)."""

    personal_data = {"by": STAFF, "reason": LISTED, "hands": STAFF}

    hands = models.JSONField()

    def __str__(self) -> str:
        return " > ".join(hand["name"] or hand["party"] for hand in self.hands)


class SourceShown(Annotation):
    """That a statement would show who said it, because only one person could have: it leaves to nobody."""

    personal_data = {"by": STAFF, "reason": LISTED}

    def __str__(self) -> str:
        return "would show the source"


class StandingGiven(models.Model):
    """In which relation to an offence a person is held, and why they are protected (kernel.standing); the last counts.

    Append-only. Kept for an entity as its source has it; a cluster stands under the gentlest of its members.
    `agreed_by` is the second person, where somebody was set apart.
    """

    personal_data = {"standing": LISTED, "protected": LISTED, "by": STAFF, "reason": LISTED, "agreed_by": STAFF}

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="standings")
    standing = models.CharField(max_length=10)
    protected = models.JSONField(default=list)
    by = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField()
    agreed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.standing


class Restriction(models.Model):
    """That a record is not to be used while it is contested, or for another reason of law: it matches nothing and
    leaves to nobody until the restriction is lifted. `agreed_by` is the second person."""

    personal_data = {"by": STAFF, "reason": LISTED, "agreed_by": STAFF, "lifted_by": STAFF, "lifted_reason": LISTED}

    entity = models.ForeignKey(Entity, models.PROTECT, related_name="restrictions")
    by = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField()
    agreed_by = models.CharField(max_length=200, blank=True)
    lifted_at = models.DateTimeField(null=True, db_index=True)
    lifted_by = models.CharField(max_length=200, blank=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.entity}, since {self.at:%Y-%m-%d}"
