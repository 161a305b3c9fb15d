"""Where a command is to write, looked at before it begins: what takes long or cannot be undone is not done for a file
that cannot be written afterwards."""

import os
from pathlib import Path

from baham.platform.terminal import refuse


def check_file(option: str, path: Path | None) -> None:
    """Refuse a file that could not be written. None, and `-` for stdout, are no files."""
    if path is None or str(path) == "-":
        return
    if path.is_dir():
        refuse(f"{option} {path}: is a folder; name a file")
    if not path.parent.is_dir():
        refuse(f"{option} {path}: there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        refuse(f"{option} {path}: may not be written")


def check_folder(option: str, path: Path | None) -> None:
    """Refuse a folder that could neither be made nor written into."""
    if path is None:
        return
    there = next(one for one in (path.absolute(), *path.absolute().parents) if one.exists())
    if not there.is_dir():
        refuse(f"{option} {path}: {there} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        refuse(f"{option} {path}: {there} may not be written into")


def check_readable(option: str, path: Path | None) -> None:
    """Refuse a file that is not there or may not be read."""
    if path is None:
        return
    if path.is_dir() or not path.exists():
        refuse(f"{option}{path}: {'is a folder' if path.is_dir() else 'no such file'}")
    if not os.access(path, os.R_OK):
        refuse(f"{option}{path}: may not be read")
