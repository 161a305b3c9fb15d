"""Snapshots of the name index, for processes that answer from it beside this one: on a cluster, or on other cores.

The index in use may be replaced while a long file is screened; a snapshot keeps the files that the run began with. They
are hard links, so nothing is copied and their pages are in memory once. Nothing here imports Django: workers open
snapshots too.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from baham.engines.names import LayeredIndex, NameIndex


class CannotRun(Exception):
    """Names cannot be screened where that was asked for: one line that says what is missing or what went wrong."""


@contextmanager
def scratch(kind: str) -> Iterator[Path]:
    """A folder in BAHAM_HOME that is gone afterwards; what killed runs of this kind left is removed as well."""
    from baham.platform.screening import index

    home = index.folder().parent
    sweep(home, kind)
    path = Path(tempfile.mkdtemp(prefix=f"{kind}-{os.getpid()}-", dir=home))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def sweep(home: Path, kind: str) -> None:
    """Remove what a run left that was killed."""
    for old in home.glob(f"{kind}-*-*"):
        if not Path("/proc", old.name.split("-")[1]).exists():
            shutil.rmtree(old, ignore_errors=True)


def take(generation: str, target: Path) -> None:
    """Put a generation of the index into a folder. Raises CannotRun where it was replaced in this very moment."""
    from baham.platform.screening import index

    try:
        for part, source in index.files_of(generation).items():
            copy = partial(shutil.copytree, copy_function=_link) if source.is_dir() else _link
            target.mkdir(exist_ok=True)
            copy(source, target / part)
    except (OSError, shutil.Error) as error:
        raise CannotRun("the name index was replaced just now; run this again") from error


def open_snapshot(path: Path) -> "NameIndex | LayeredIndex":
    """The index in a snapshot: whole, or a layer over a base (as `screening.index` puts them together)."""
    import numpy as np

    from baham.engines.names import LayeredIndex, NameIndex

    base = NameIndex.open(path / "base")
    if not (path / "layer").exists():
        return base
    replaced = np.fromfile(path / "replaced", dtype=np.int64).tolist()
    return LayeredIndex(base, NameIndex.open(path / "layer"), map(str, replaced))


def _link(source: str | Path, target: str | Path) -> None:
    """Not a byte is copied where both are on one disk; the pages stay the same ones."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
