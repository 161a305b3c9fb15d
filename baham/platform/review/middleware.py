"""What happens in a page when its reader has read very many records: the page is not shown, and this one is instead."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from baham.platform.accounts.http import ConsoleRequest
from baham.platform.audit.quota import TooManyRead
from baham.platform.audit.services import Actor
from baham.platform.review.bulk import stopped


class BulkReads:
    """Answers TooManyRead of any page, so that no page has to (safeguard S-05)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: ConsoleRequest, problem: Exception) -> HttpResponse | None:
        """The page that says why nothing is shown, and asks for a second person. None for every other problem."""
        if not isinstance(problem, TooManyRead):
            return None
        from baham.platform.review.views_bulk import page

        stopped(Actor.of(request), str(request.user.organisation or ""))
        return page(request, status=403)
