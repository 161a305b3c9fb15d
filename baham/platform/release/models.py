"""Partners, what was agreed with them, what went to them, and what was taken back. Written by this room's services."""

import uuid

from django.db import models
from django.utils import timezone

from baham.kernel.handling import PAP, TLP, Audience, Handling
from baham.platform.accounts.models import Organisation
from baham.platform.ledger.models import Entity
from baham.platform.protection import LISTED, STAFF
from baham.platform.review.models import Item


class Partner(models.Model):
    """A party that receives from us or gives to us. `party` is the id by which every installation knows it.

    Of its secret only a hash is kept. Who is not `trusted` receives fields that the agreement names, and no others, by
    the signatures of two people. Ended by a date, never deleted, because the log names it.
    """

    personal_data = {
        "name": STAFF,
        "title": STAFF,
        "secret_hash": STAFF,
        "made_by": STAFF,
        "ended_by": STAFF,
        "reason": STAFF,
        "url": STAFF,
        "kind": STAFF,
    }

    class Kind(models.TextChoices):
        AGENCY = "agency"
        LIAISON = "liaison"
        BANK = "bank"
        PLATFORM = "platform"
        SOCIETY = "society"

    party = models.UUIDField(default=uuid.uuid4, unique=True)
    name = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partners")
    trusted = models.BooleanField(default=False)
    audience = models.SmallIntegerField(default=int(Audience.CLIENT))
    url = models.URLField(max_length=300, blank=True)
    secret_hash = models.CharField(max_length=64)
    rate = models.PositiveIntegerField(default=60_000)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title

    @property
    def in_force(self) -> bool:
        return self.ended_at is None


class PartnerKey(models.Model):
    """A public key of a partner: Ed25519 to sign with, or age (X25519) to encrypt to. `public` is 32 bytes in base64
    for the first, `age1…` for the second. Ended, never deleted: old signatures are still read."""

    personal_data = {"added_by": STAFF, "public": STAFF, "use": STAFF, "key_id": STAFF}

    class Use(models.TextChoices):
        SIGN = "sign"
        ENCRYPT = "encrypt"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="keys")
    use = models.CharField(max_length=8, choices=Use.choices)
    key_id = models.CharField(max_length=16, db_index=True)
    public = models.CharField(max_length=100)
    added_by = models.CharField(max_length=200)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["since"]
        constraints = [models.UniqueConstraint(fields=["partner", "use", "key_id"], name="partner_key_once")]

    def __str__(self) -> str:
        return f"{self.partner.name} {self.use} {self.key_id}"

    @property
    def in_force(self) -> bool:
        return self.revoked_at is None and self.since <= timezone.now() < self.until


class Agreement(models.Model):
    """What was agreed with a partner: purposes, fields, limits, law and end. In force from a second person's signature.

    `fields` is null for "all", which only a trusted partner may have. `datasets` is empty for every list that is
    screened. The newest approved one is in force; a new one replaces it whole.
    """

    personal_data = {
        "made_by": STAFF,
        "approved_by": STAFF,
        "legal_basis": STAFF,
        "purposes": STAFF,
        "fields": STAFF,
        "datasets": STAFF,
    }

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    purposes = models.JSONField()
    fields = models.JSONField(null=True)
    datasets = models.JSONField(default=list)
    pap = models.SmallIntegerField(default=int(PAP.GREEN))
    tlp = models.SmallIntegerField(default=int(TLP.AMBER))
    watch_list = models.BooleanField(default=False)
    standing = models.BooleanField(default=False)
    overlap_daily = models.PositiveIntegerField(default=0)
    overlap_share = models.FloatField(default=0.0)
    legal_basis = models.TextField()
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    begins = models.DateTimeField(default=timezone.now)
    ends = models.DateTimeField()
    approved_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    matter = models.ForeignKey(Item, models.PROTECT, null=True, related_name="agreements")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.partner}, until {self.ends:%Y-%m-%d}"

    @property
    def handling(self) -> Handling:
        """The strictest that it covers, for pages."""
        return Handling(TLP(self.tlp), PAP(self.pap))

    @property
    def in_force(self) -> bool:
        return self.approved_at is not None and self.begins <= timezone.now() < self.ends


class Scope(models.Model):
    """A circle of parties to which something may be releasable, known by its UUID alone.

    `envelope` is the list of its members as whoever keeps the scope signed it; `members` what stands in it. A list that
    is older than the one held (a smaller `number`) is refused.
    """

    personal_data = {"title": STAFF, "members": STAFF, "keeper": STAFF, "envelope": STAFF}

    uuid = models.UUIDField(unique=True)
    title = models.CharField(max_length=200)
    keeper = models.UUIDField()
    number = models.IntegerField()
    members = models.JSONField()
    envelope = models.JSONField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Release(models.Model):
    """One release to one partner, case by case: what is to leave, the two signatures, and what went.

    `entities` are what is put forward; `claims` what leaves, frozen with the first signature and sent only as far as
    the policy still allows then; `stays` how many stay for which reason.
    """

    personal_data = {
        "claims": LISTED,
        "case": STAFF,
        "note": LISTED,
        "proposed_by": STAFF,
        "purpose": STAFF,
        "envelope": LISTED,
        "legal_basis": STAFF,
        "stays": STAFF,
        "state": STAFF,
        "root": STAFF,
    }

    class State(models.TextChoices):
        PROPOSED = "proposed"
        SENT = "sent"
        SENT_BACK = "sent back"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="releases")
    agreement = models.ForeignKey(Agreement, models.PROTECT)
    entities = models.ManyToManyField(Entity, related_name="releases")
    purpose = models.CharField(max_length=40)
    case = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    claims = models.JSONField(default=list)
    stays = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.CharField(max_length=200)
    proposed_at = models.DateTimeField(default=timezone.now)
    matter = models.ForeignKey(Item, models.PROTECT, null=True, related_name="outgoing")
    root = models.CharField(max_length=64, blank=True)
    envelope = models.JSONField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"R-{self.proposed_at:%Y}-{self.pk}"


class Holding(models.Model):
    """That a partner was given a statement: which, when first, through which exit, and whether it still holds it."""

    personal_data = {"sid": LISTED, "exit": STAFF}

    class State(models.TextChoices):
        HELD = "held"
        RECALLED = "recalled"
        REMOVED = "removed"
        REFUSED = "refused"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="holdings", db_constraint=False)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="holdings", db_constraint=False)
    sid = models.BinaryField(max_length=20)
    exit = models.CharField(max_length=20)
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="holdings", db_constraint=False)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    recall = models.ForeignKey("Recall", models.PROTECT, null=True, related_name="holdings", db_constraint=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sid", "partner"], name="holding_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} holds {self.sid_hex}"

    @property
    def sid_hex(self) -> str:
        return bytes(self.sid).hex()


class OriginatorWord(models.Model):
    """That the originator of statements was asked whether they may go to a partner, and its answer; the last counts."""

    personal_data = {"originator": STAFF, "asked_by": STAFF, "by": STAFF, "reason": LISTED, "purpose": STAFF}

    originator = models.CharField(max_length=200, db_index=True)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="originators_asked")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="originators_asked")
    purpose = models.CharField(max_length=40)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=timezone.now)
    agrees = models.BooleanField(null=True)
    by = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.originator}: {self.agrees}"


class Message(models.Model):
    """One signed message to or from a partner, in the order of its channel. `leaf` is its hash in the channel's tree.

    `number` counts from 0 within (partner, direction) without a gap.
    """

    personal_data = {"envelope": LISTED, "kind": STAFF, "direction": STAFF}

    class Direction(models.TextChoices):
        OUT = "out"
        IN = "in"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    envelope = models.TextField()
    leaf = models.BinaryField(max_length=32)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["partner", "direction", "number"], name="message_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.direction} {self.number} {self.kind}"


class Channel(models.Model):
    """The right edge of a channel's tree (`kernel.log.Frontier`), and the last tree head that the other side signed."""

    no_personal_data = "hashes only"

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="channels")
    direction = models.CharField(max_length=3, choices=Message.Direction.choices)
    size = models.BigIntegerField(default=0)
    peaks = models.JSONField(default=list)
    witnessed = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "direction"], name="channel_once")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.direction}: {self.size}"


class Recall(models.Model):
    """That statements are taken back: why, by whom, and until when every receiver is to have removed them.

    One that we made has no `sender`; one that we received names the partner it came from.
    """

    personal_data = {"why": LISTED, "made_by": STAFF, "envelope": LISTED, "correction": LISTED, "ground": LISTED}

    class Ground(models.TextChoices):
        ERROR = "error"
        LEGAL = "legal"
        SOURCE = "source risk"
        IDENTITY = "identity"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    sender = models.ForeignKey(Partner, models.PROTECT, null=True, related_name="recalls_sent")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    why = models.TextField()
    correction = models.JSONField(null=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField()
    count = models.IntegerField(default=0)
    envelope = models.JSONField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y}-{self.pk:03}"

    @property
    def is_overdue(self) -> bool:
        return self.deadline < timezone.now()


class RecallNotice(models.Model):
    """A recall as it stands with one receiver: told, and what it answered. `onward` are those whom it told in turn."""

    personal_data = {"reason": LISTED, "onward": STAFF, "answer": STAFF}

    class Answer(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        PARTIAL = "partial"
        REFUSED = "refused"

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="notices")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="recall_notices")
    count = models.IntegerField()
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.WAITING)
    reason = models.TextField(blank=True)
    onward = models.JSONField(default=list)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["recall", "partner"], name="notice_once")]

    def __str__(self) -> str:
        return f"{self.recall} {self.partner.name}: {self.answer}"


class Tombstone(models.Model):
    """What was recalled and may not come back: a salted hash, so that the stone does not say what lies under it."""

    no_personal_data = "salted hashes"

    hash = models.BinaryField(max_length=32, unique=True)
    recall = models.ForeignKey(Recall, models.PROTECT, related_name="tombstones", db_constraint=False)

    def __str__(self) -> str:
        return bytes(self.hash).hex()[:16]
