"""What a view of the console is handed: a request whose sender is known."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from baham.platform.accounts.models import User
from baham.platform.accounts.purposes import Purpose


class ConsoleRequest(HttpRequest):
    """A request of somebody who is signed in (`middleware.LoginRequired`, `access.needs`).

    `purpose` is what they work for in this session, None before they chose one (`middleware.PurposeOfWork`); `htmx` is
    true where a part of a page asks. The class is for type checkers: what arrives is Django's own request, with these
    set by the middleware.
    """

    user: User
    purpose: Purpose | None
    htmx: HtmxDetails
