"""The process that does the jobs: `python -m baham.platform.jobs.worker`, started by `baham serve`, and started again
when it ends by itself."""

import subprocess
import sys
import threading
import time

from baham.platform.boot import boot, or_one_line
from baham.platform.terminal import note

_LONGEST_PAUSE = 60.0
_STEADY = 300.0
"""Seconds after which a worker that ended is not held to have failed at its start."""


class Kept:
    """A worker that is there as long as this is: whenever it ends by itself, that is said and another one is started,
    after a second, then after pauses that double up to a minute."""

    def __init__(self) -> None:
        self._ending, self._worker = threading.Event(), self._start()
        self._watch = threading.Thread(target=self._keep, daemon=True)
        self._watch.start()

    @staticmethod
    def _start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-m", "baham.platform.jobs.worker"])

    def _keep(self) -> None:
        pause, began = 1.0, time.monotonic()
        while True:
            code = self._worker.wait()
            pause = 1.0 if time.monotonic() - began > _STEADY else pause
            if self._ending.wait(pause):  # Ctrl-C reaches both, and the worker is the quicker one
                return
            note(f"the worker ended (exit code {code}); another one starts now")
            pause = min(pause * 2, _LONGEST_PAUSE)
            self._worker, began = self._start(), time.monotonic()

    def end(self) -> None:
        """End the worker, by force after ten seconds."""
        self._ending.set()
        self._worker.terminate()
        try:
            self._worker.wait(10)
        except subprocess.TimeoutExpired:
            self._worker.kill()


def main() -> None:
    """Close what a crash left open, then work until told to stop."""
    with or_one_line():
        boot()
        from baham.platform.audit import anchor

        anchor.check_now()
    from huey.consumer import Consumer

    from baham.platform.jobs.alive import held
    from baham.platform.jobs.queue import huey, take_up
    from baham.platform.jobs.running import hourly, recover

    with held():
        recover()
        take_up()
        hourly()  # what fell due while the machine was off
        Consumer(huey, workers=1, periodic=True, initial_delay=0.05, max_delay=0.5).run()


if __name__ == "__main__":
    main()
