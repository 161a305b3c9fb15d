"""The decorator of compiled functions: numba's, without the interpreter's lock, kept on disk between processes.

Numba looks at a function's own file alone to see whether what it kept is still good. Here functions of one module are
compiled into those of another, so what is kept is good only for the sources of all of them.
"""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """Compile a function at its first call, or load what an earlier process compiled."""
    dispatcher = njit(cache=True, nogil=True, **options)(function)
    kept = dispatcher._cache._cache_file
    kept._source_stamp = (kept._source_stamp, _sources())
    compile_ = dispatcher.compile

    def compile_alone(signature: Any) -> Any:
        with _alone(Path(dispatcher._cache.cache_path)):
            return compile_(signature)

    dispatcher.compile = compile_alone
    return dispatcher  # type: ignore[no-any-return]  # numba has no types


def leaf(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that makes no array and keeps none: it need not count who holds those that it is given.

    Numba counts at every call, with locked instructions; the inner loops spent most of their time on that.
    """
    return compiled(function, _nrt=False)


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """As leaf, for functions that take tuples of arrays: at a call these are handed over number by number, hundreds of
    them, so there is no call."""
    return compiled(function, _nrt=False, forceinline=True)


_turn = threading.RLock()
_depth = 0


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While no other process compiles: it takes a minute for all, and whoever waited loads what the other one kept.
    Compiling a function compiles those that it calls, so one thread may come here again."""
    global _depth
    with _turn:
        lock = None
        if not _depth:
            with suppress(OSError):  # where nothing can be kept, everybody compiles
                folder.mkdir(parents=True, exist_ok=True)
                lock = (folder / "compiling").open("w")
                fcntl.flock(lock, fcntl.LOCK_EX)
        _depth += 1
        try:
            yield
        finally:
            _depth -= 1
            if lock is not None:
                lock.close()


@cache
def _sources() -> str:
    digest = sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
