"""People who work with Baham, and the roles they were given."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from baham.kernel.handling import TLP, Audience
from baham.platform.accounts.purposes import PURPOSES, PurposeKind
from baham.platform.accounts.roles import INDEPENDENT, OPERATORS_OWN, PERMISSIONS, Role
from baham.platform.protection import STAFF

STANDS = (Audience.COMMUNITY, Audience.CLIENT, Audience.ORGANISATION)
"""How near an organisation may stand to the operator of this installation."""


class Organisation(models.Model):
    """An agency, bank, platform or society that takes part. `audience` is how near it stands to the organisation that
    operates this installation: a part of it, its client, or of the same community (`kernel.handling.Audience`)."""

    no_personal_data = "names an organisation, not a person"

    name = models.CharField(max_length=200, unique=True)
    name_local = models.CharField(max_length=200, blank=True)
    audience = models.SmallIntegerField(default=Audience.COMMUNITY, choices=[(one.value, one.name) for one in STANDS])

    def __str__(self) -> str:
        return self.name

    @property
    def is_operators(self) -> bool:
        """Whether it is part of the organisation that operates this installation."""
        return self.audience >= Audience.ORGANISATION


class UserManager(BaseUserManager["User"]):
    """Makes users. There is no superuser: nobody may do everything."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in. What they may do follows from the roles granted to them, and from nothing else; what they
    may read, from their organisation, their purpose, and `clearance`, the strictest TLP that they may read. Somebody of
    no organisation is of the operator's own."""

    personal_data = {
        "username": STAFF,
        "password": STAFF,
        "full_name": STAFF,
        "email": STAFF,
        "language": STAFF,
        "density": STAFF,
        "theme": STAFF,
        "clearance": STAFF,
    }

    username = models.CharField(max_length=80, unique=True)
    full_name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="people")
    clearance = models.SmallIntegerField(default=TLP.AMBER_STRICT, choices=[(one.value, one.label) for one in TLP])
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=8, default="en")
    density = models.CharField(max_length=8, default="normal")
    theme = models.CharField(max_length=8, blank=True)
    nastaliq = models.BooleanField(default=False)
    keys_off = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles in force now."""
        now = timezone.now()
        return frozenset(
            Role(grant.role)
            for grant in self.grants.all()
            if Role.is_known(grant.role) and grant.since <= now and (grant.until is None or now < grant.until)
        )

    def may(self, action: str) -> bool:
        """Whether one of the roles allows the action, here. An action nobody declared is a KeyError, not a no."""
        allowing = PERMISSIONS[action] & self.roles
        if action in OPERATORS_OWN and not self.is_operators:
            allowing &= INDEPENDENT
        return self.is_active and bool(allowing)

    @property
    def is_operators(self) -> bool:
        """Whether the person works for the organisation that operates this installation."""
        return self.organisation is None or self.organisation.is_operators

    @property
    def purposes(self) -> list[PurposeKind]:
        """The purposes this person may choose."""
        return [kind for kind in PURPOSES if kind.roles & self.roles]


class RoleGrant(models.Model):
    """A role given to somebody by somebody, for a time. Ended by a date, never deleted."""

    personal_data = {"role": STAFF, "reason": STAFF, "granted_by": STAFF}

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=32, choices=[(role.value, role.value) for role in Role])
    granted_by = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
