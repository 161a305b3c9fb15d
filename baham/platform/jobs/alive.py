"""Whether a worker runs on this home. It holds a shared lock as long as it lives, so that no clock is asked."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def held() -> Iterator[None]:
    """What a worker holds while it works. The system lets go of it however the process ends."""
    with (settings.HOME / "worker.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def runs() -> bool:
    """Whether anybody does the jobs: a worker, or, where BAHAM_JOBS_IMMEDIATE is set, whoever asks for them."""
    if settings.JOBS_IMMEDIATE:
        return True
    with (settings.HOME / "worker.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
