"""What every page tells the browser: load nothing from elsewhere, run nothing written into the page, keep no copy."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PERMISSIONS = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=(), display-capture=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self)"
)


class ContentSecurity:
    """Adds the content security policy to every answer, and `no-store` to pages.

    A view that needs a stricter policy, or a cache, sets its own header; it is left as it stands.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response
