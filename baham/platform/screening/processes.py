"""Screening on several cores of this machine: `baham screen --jobs`, and files screened in the console.

As with Spark, workers only find. Each is a process of its own, started afresh (nothing is forked, so threads of this
one do no harm), that opens a snapshot of the index memory-mapped, all of them the same pages, and answers batches of
names with the engine's own hits. The check against the ledger and the writing stay here, in the order of the file, so
the results are those of one process to the byte. A worker imports no Django and sees no ledger.

    here → worker   ("within", None or the bytes of bool[subjects])
                    ("ask", number, [values of a Query], limit, threshold)
    worker → here   (number, [[Hit]], "") or (number, [], what went wrong)
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from operator import attrgetter
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from baham.platform.screening.snapshot import CannotRun, open_snapshot, scratch, take

if TYPE_CHECKING:
    import numpy as np

    from baham.engines.names import Hit, Query
    from baham.platform.screening.index import Opened

WORTH = 20_000
"""Names from which starting workers pays (docs/measured.md)."""
_AHEAD = 3
"""Batches begun for each worker, so that none waits while this process checks and writes."""
# Workers look for modules where this process does, and not in the folder that somebody happens to stand in.
_BEGIN = (
    "import sys; at, folder, *sys.path = sys.argv[1:]; "
    "from baham.platform.screening.processes import work; work(int(at), folder)"
)

T = TypeVar("T")


class Workers:
    """Processes that find. `find` asks one of them without waiting; `ahead` is how many batches keep all busy."""

    def __init__(self, jobs: int, folder: Path) -> None:
        self._jobs, self._folder = jobs, folder
        self.ahead = _AHEAD * jobs
        self._workers: list[_Worker] = []
        self._generation = ""
        self._answers: dict[int, list[list[Hit]]] = {}
        self._asked = 0

    def find(
        self,
        opened: "Opened",
        queries: Sequence["Query"],
        limit: int,
        threshold: float | None,
        within: "np.ndarray | None",
    ) -> Iterator[list["Hit"]]:
        """What `opened.names.screen` answers; who reads it waits for it. Raises CannotRun where a worker is lost.

        All questions are about one generation of the index (ValueError for another).
        """
        if not self._generation:
            self._generation = opened.generation
            take(opened.generation, self._folder / "index")
        if opened.generation != self._generation:
            raise ValueError("workers answer from the index that they began with")
        if len(self._workers) < self._jobs and all(worker.owed for worker in self._workers):
            self._workers.append(_Worker(self._folder / "index"))
        self._receive(0)
        self._asked += 1
        worker = min(self._workers, key=lambda one: len(one.owed))
        worker.ask(self._asked, list(queries), limit, threshold, within)
        return self._answer(self._asked)

    def _answer(self, number: int) -> Iterator[list["Hit"]]:
        while number not in self._answers:
            self._receive(None)
        yield from self._answers.pop(number)

    def _receive(self, seconds: float | None) -> None:
        """Take what workers have sent; wait for the first of it so long, None for as long as it takes."""
        by_line = {worker.line: worker for worker in self._workers if worker.owed}
        for line in wait(list(by_line), seconds) if by_line else ():
            assert isinstance(line, Connection)
            number, hits = by_line[line].answer()
            self._answers[number] = hits

    def end(self) -> None:
        """End all workers at once. They hold nothing that would be lost."""
        for worker in self._workers:
            worker.end()


class _Worker:
    """One worker as seen from here: its process, the line to it, and the questions that it still owes."""

    def __init__(self, folder: Path) -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            # A process group of its own: Ctrl-C reaches the process that was started, and that ends its workers.
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BEGIN, str(theirs.fileno()), str(folder), *sys.path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,
            )
            self.line = Connection(ours.detach())
        self.owed: set[int] = set()
        self._within: bytes | None = None

    def ask(self, number: int, queries: list["Query"], limit: int, threshold: float | None, within: Any) -> None:
        from baham.engines.names import Query

        # Bare values: a frozen dataclass with slots takes many times as long to be pickled.
        values = list(map(attrgetter(*Query.__slots__), queries))
        mask = None if within is None else within.tobytes()
        try:
            if mask != self._within:
                self.line.send(("within", mask))
                self._within = mask
            self.line.send(("ask", number, values, limit, threshold))
        except OSError as error:
            raise self._lost() from error
        self.owed.add(number)

    def answer(self) -> tuple[int, list[list["Hit"]]]:
        try:
            number, hits, problem = self.line.recv()
        except (EOFError, OSError) as error:
            raise self._lost() from error
        if problem:
            raise CannotRun(f"a worker process failed: {problem}")
        self.owed.discard(number)
        return number, hits

    def _lost(self) -> CannotRun:
        self.end()
        code = self.process.returncode
        how = f"ended with exit code {code}" if code >= 0 else f"was killed ({signal.Signals(-code).name})"
        if code == -signal.SIGKILL:
            how += "; memory may have run out"
        return CannotRun(f"a worker process {how}. Run this again, with fewer at a time (--jobs, BAHAM_SCREEN_JOBS)")

    def end(self) -> None:
        self.line.close()
        self.process.kill()
        self.process.wait()


@contextmanager
def workers(jobs: int) -> Iterator[Workers]:
    """So many worker processes, started when there is work for them and ended here, however this ends."""
    with scratch("cores") as folder:
        running = Workers(jobs, folder)
        try:
            yield running
        finally:
            running.end()


def is_long(rows: Iterable[T]) -> tuple[bool, Iterator[T]]:
    """Whether there are as many rows as make workers worth their start; and the rows, none of them lost."""
    stream = iter(rows)
    first = list(islice(stream, WORTH))
    return len(first) == WORTH, chain(first, stream)


# From here on, what runs in a worker.


def work(at: int, folder: str) -> None:
    """Answer what comes over the socket `at` from the index in `folder`, until whoever asks is gone."""
    line = Connection(at)
    questions: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
    Thread(target=_listen, args=(line, questions), daemon=True).start()
    from baham.engines.names import Query

    names, within = None, None
    while True:
        kind, *question = questions.get()
        if kind == "within":
            within = _mask(*question)
            continue
        number, asked, limit, threshold = question
        try:
            names = names or open_snapshot(Path(folder))
            hits = names.screen([Query(*one) for one in asked], limit=limit, threshold=threshold, within=within)
            reply = number, hits, ""
        except Exception as error:
            reply = number, [], " ".join(f"{type(error).__name__}: {error}".split())[:300]
        line.send(reply)


def _listen(line: Connection, questions: "SimpleQueue[tuple[Any, ...]]") -> None:
    """Take questions while others are answered, so that whoever asks never waits to be heard.

    Where the line is closed, or its other end was killed, the process ends at once.
    """
    try:
        while True:
            questions.put(line.recv())
    finally:
        os._exit(0)


def _mask(content: bytes | None) -> Any:
    import numpy as np

    return None if content is None else np.frombuffer(content, dtype=np.bool_)
