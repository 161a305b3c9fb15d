"""Who may open a record: every page that shows one asks here."""

from django.http import HttpRequest

from baham.platform.accounts.access import PurposeNeeded, require_purpose
from baham.platform.ledger import standing
from baham.platform.ledger.models import Entity


def may_read(request: HttpRequest, subject: Entity) -> None:
    """A personal record is opened under a purpose; one about an organisation or thing needs none. What is restricted is
    opened for redress and oversight alone (Directive (EU) 2016/680, Article 16 and recital 47). Raises PurposeNeeded.
    """
    if subject.is_person:
        require_purpose(request)
        if standing.is_restricted(subject) and request.purpose.code not in standing.MAY_READ_RESTRICTED:
            raise PurposeNeeded
