"""Who may open a record, and who may act on it: every page that shows one asks here."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from baham.kernel.reading import READS_RESTRICTED
from baham.platform.accounts.access import Closed, PurposeNeeded, require_purpose
from baham.platform.accounts.http import ConsoleRequest
from baham.platform.ledger import standing
from baham.platform.ledger.models import Dataset, Entity
from baham.platform.ledger.need_to_know import NeedToKnow, named


def may_read(request: ConsoleRequest, subject: Entity) -> None:
    """A personal record is opened under a purpose; one about an organisation or thing needs none. What is restricted is
    opened for redress and oversight alone (Directive (EU) 2016/680, Article 16 and recital 47). Raises PurposeNeeded,
    or Closed where nothing of it is for this reader; what remains is shown under the name that they may read.
    """
    if subject.is_person:
        purpose = require_purpose(request)
        if standing.is_restricted(subject) and purpose.code not in READS_RESTRICTED:
            raise PurposeNeeded
    view = NeedToKnow.of(request).look([subject])[subject.pk]
    if not view.is_there:
        raise Closed(sorted(view.withheld))
    named(view)


def may_act(request: ConsoleRequest, subject: Entity) -> None:
    """Whoever keeps a record decides on it: releases, takes back, marks, judges, restricts and erases. Raises
    PermissionDenied for everybody else, and what `may_read` raises."""
    may_read(request, subject)
    if not NeedToKnow.of(request).keeps(subject.dataset):
        raise PermissionDenied


def readable_whole(request: ConsoleRequest, subjects: Iterable[Entity]) -> None:
    """What is told to a person concerned is drafted and decided by somebody who may read all that is held; an oversight
    body reads what it examines (S-14). Raises Closed."""
    if request.user.may("oversight.examine"):
        return
    clusters = {one.canonical_id for one in subjects}
    views = NeedToKnow.of(request).look(Entity.objects.filter(canonical__in=clusters).select_related("dataset"))
    if withheld := {why for view in views.values() for why in view.withheld}:
        raise Closed(sorted(withheld))


def open_list(request: ConsoleRequest, dataset: Dataset) -> None:
    """A list is opened by whom its own handling reaches. Raises Closed."""
    if (why := NeedToKnow.of(request).closes(dataset)) is not None:
        raise Closed([why])
