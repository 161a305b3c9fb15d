"""The holder's own folder, BAHAM_HOME/overlap, and the private files in it: readable by their owner alone, written
whole, overwritten before they are removed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from baham.platform import environment


def folder(home: Path | None = None) -> Path:
    """Where everything of overlap checks lives, mode 0700."""
    path = (home or environment.home()) / "overlap"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.chmod(0o700)
    return path


def keep(path: Path, content: bytes) -> None:
    """Write a private file whole: after a power cut it is there or it is not."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    _sync(path.parent)


def shred(path: Path) -> None:
    """Overwrite a file and remove it; one that is not there is gone already.

    A file system that copies on writing, or a disk that spreads its wear, may keep what was there: the folder belongs
    on an encrypted disk (docs/overlap.md).
    """
    try:
        with path.open("r+b") as file:
            file.write(bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    _sync(path.parent)


@contextmanager
def alone(at: Path) -> Iterator[None]:
    """Begin or end epochs while no other process does."""
    with os.fdopen(os.open(at / "lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def signing_key(at: Path) -> Ed25519PrivateKey:
    """The key that the holder signs with, made once. The installation's own key vouches for it (`prepare`)."""
    path = at / "sign.key"
    if not path.exists():
        new = path.with_name(f"sign.key.{os.getpid()}.first")
        keep(new, Ed25519PrivateKey.generate().private_bytes_raw())
        try:
            os.link(new, path)
        except FileExistsError:
            pass  # another process was first
        finally:
            new.unlink()
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def _sync(at: Path) -> None:
    descriptor = os.open(at, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
