"""What a format is, and what may be known of a list without reading all of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from baham.kernel.entity import Entity


@dataclass(frozen=True, slots=True)
class ListInfo:
    """The list's own word for which state of it this is (its date), else ""; and the files read together with it."""

    label: str = ""
    companions: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    `sniff(head, path)` says whether a file that begins with these bytes is of it; it never raises.
    `read(path, dataset, **options)` yields entities one by one and holds no more than a few; it raises BadInput while
    it is iterated, so what came before is to be thrown away by whoever needs the whole list or nothing.
    `info(path)` raises BadInput likewise. With `versions`, `read` takes `refused`, a dict to which it adds the ids that
    a file contradicts itself about, each with one line that says so; nothing of them is yielded. `closed` formats say
    themselves where they end (a last tag or bracket); of the others the last line has to have an end. `unread(path,
    **options)` names the columns that are not read.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes, Path], bool]
    read: Callable[..., Iterator[Entity]]
    info: Callable[[Path | str], ListInfo]
    versions: bool = False
    closed: bool = False
    unread: Callable[..., list[str]] = lambda path, **options: []
