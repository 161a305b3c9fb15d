"""Errors of the API: a status and one clear line, as `{"detail": …}`."""


class Problem(Exception):
    """What the asker has to mend, and the HTTP status that says so."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
