"""A release as a page shows it: what leaves by field, what stays by reason, and the document as it is received."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from baham.kernel.claim import Claim
from baham.kernel.release import Why
from baham.platform.ledger.models import Entity
from baham.platform.ledger.need_to_know import NeedToKnow, Withheld, named
from baham.platform.release.gateway import Judged, Outgoing
from baham.platform.release.models import Holding, Release
from baham.platform.release.releases import preview, told

REASONS: dict[Why, tuple[str | Promise, str | Promise]] = {
    Why.AGREEMENT: (_("No agreement in force"), _("Nothing leaves to this partner now.")),
    Why.RECALLED: (_("Recalled"), _("It was taken back and leaves to nobody.")),
    Why.RESTRICTED: (_("Restricted"), _("Its use is restricted while it is contested.")),
    Why.STANDING: (_("Victim, witness or contact"), _("Such a person never stands in a watch list.")),
    Why.PROTECTED: (
        _("Protected person"),
        _("Not made known to a partner who is not trusted; not even that it exists."),
    ),
    Why.SOURCE: (_("Would show the source"), _("Only one person could have said it. Cannot be overruled here.")),
    Why.EXPIRED: (_("Permission has ended"), _("The originator gave it until a day that has passed.")),
    Why.MARKING: (_("Marking"), _("Its marking, or the agreement, does not reach this partner.")),
    Why.SCOPE: (_("Not releasable to them"), _("They are in no circle to which it may go.")),
    Why.PURPOSE: (_("Another purpose"), _("It was given for other purposes than this one.")),
    Why.ORIGINATOR: (_("Originator has not agreed"), _("Who said it keeps control of it.")),
    Why.ACTION: (_("May not be acted on"), _("Its marking does not allow what this partner does with it.")),
    Why.FIELD: (_("Not on the agreement’s list of fields"), _("What the agreement does not name does not leave.")),
    Why.UNVERIFIED: (_("Unverified"), _("Ungraded, so it may not leave. Grade it in its chain.")),
    Why.THEIRS: (_("Came from them"), _("They said it, or passed it on; it is not said back to them.")),
    Why.END: (_("Points at what stays"), _("Its value is the key of a record of which nothing may leave to them.")),
    Why.STEP: (_("Not in this step"), _("It may leave, and was not chosen for this release.")),
    Why.UNSIGNED: (_("Not signed"), _("It leaves only by the signatures of people.")),
}


@dataclass(frozen=True, slots=True)
class Staying:
    """How many claims stay for one reason."""

    count: int
    title: str | Promise
    meaning: str | Promise
    why: str = ""


@dataclass(slots=True)
class Subject:
    """One entity of a release, with its values by property."""

    entity: Entity
    values: dict[str, list[Claim]] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """What the page of a release shows. `sealed` are the parts of which the receiver learns that they are withheld."""

    leaves: list[Judged]
    stays: list[Staying]
    subjects: list[Subject]
    sealed: int = 0
    recalled: int = 0
    withheld: list[Withheld] = field(default_factory=list)

    def hide(self, reader: NeedToKnow) -> None:
        """Show of what the reader may not read why, and whom to ask, and nothing else."""
        why = [withheld_from(reader, one) for one in self.leaves]
        self.withheld = sorted({line for line in why if line is not None})
        self.leaves = [one for one, line in zip(self.leaves, why, strict=True) if line is None]
        self.subjects = _subjects(self.leaves)
        for view in reader.look(subject.entity for subject in self.subjects).values():
            named(view)


def withheld_from(reader: NeedToKnow, one: Judged) -> Withheld | None:
    """Why a statement that was judged is not for this reader; None where it is."""
    claim, dossier = one.claim, one.dossier
    return reader.withholds(claim.handling, dossier.entity.dataset, dossier.about, claim.id)


def before(release: Release) -> Page:
    """A release that waits: what would leave if it were signed now, of what was put forward."""
    _gate, outgoing = preview(release.partner, list(release.entities.order_by("pk")), release.purpose)
    outgoing.keep_to(set(release.claims))
    return judged(outgoing)


def judged(outgoing: Outgoing) -> Page:
    """What a gate has judged, as a page."""
    stays = [Staying(count, *REASONS[why], why.name) for why, count in outgoing.reasons.most_common()]
    return Page(outgoing.leaves, stays, _subjects(outgoing.leaves), len(told(outgoing)))


def sent(release: Release) -> Page:
    """A release that has left: what left then, and how much of it was recalled since."""
    entities = list(release.entities.order_by("pk"))
    given = Holding.objects.filter(partner=release.partner, entity__in=entities)
    held = {one.sid_hex: one.state for one in given if one.sid_hex in set(release.claims)}
    _gate, outgoing = preview(release.partner, entities, release.purpose)
    outgoing.keep_to(set(release.claims))
    page = judged(outgoing)
    # What has left has left, whatever the agreement or the markings say since.
    page.leaves = [one for one in (*outgoing.leaves, *outgoing.stays) if one.claim.id in held]
    page.subjects = _subjects(page.leaves)
    page.stays = [Staying(count, *REASONS[Why[name]]) for name, count in sorted(release.stays.items())]
    page.recalled = sum(state != Holding.State.HELD for state in held.values())
    return page


def _subjects(leaves: Iterable[Judged]) -> list[Subject]:
    found: dict[int, Subject] = {}
    for one in leaves:
        subject = found.setdefault(one.dossier.entity.pk, Subject(one.dossier.entity))
        subject.values.setdefault(one.claim.statement.prop, []).append(one.claim)
    return list(found.values())
