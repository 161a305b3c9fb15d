"""Every setting that an operator may make, read from the environment in one place.

docs/settings.md lists them; a test compares the two.
"""

import os
import sys
from collections.abc import Collection, Sequence
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_YES, _NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
_CHECKOUT = Path(__file__).resolve().parents[2]


class BadSetting(ValueError):
    """A setting has a value that means nothing. The text is one line that names it and says what is meant."""


def text(name: str, default: str = "") -> str:
    """The setting as text."""
    return os.environ.get(name, default)


def whole(**more: str) -> dict[str, str]:
    """The environment for a program that is started from here, with more in it."""
    return {**os.environ, **more}


def suggest(name: str, value: str) -> None:
    """Set a variable that a library in this process reads, unless the operator has set it."""
    os.environ.setdefault(name, value)


def flag(name: str, default: bool = False) -> bool:
    """The setting as yes or no. Raises BadSetting for what is neither: a slip opens nothing."""
    written = text(name, "1" if default else "0").strip().lower()
    if written not in (*_YES, *_NO):
        raise BadSetting(f"{name}: {written!r} is neither yes ({', '.join(_YES)}) nor no ({', '.join(_NO[:-1])})")
    return written in _YES


def number(name: str, default: int) -> int:
    """The setting as a whole number of at least 1. Raises BadSetting for anything else."""
    written = text(name, str(default))
    if not _is_number(written) or int(written) < 1:
        raise BadSetting(f"{name}: {written!r} is not a whole number of at least 1")
    return int(written)


def count(name: str, default: int) -> int:
    """The setting as a whole number, 0 included. Raises BadSetting for anything else."""
    written = text(name, str(default))
    if not _is_number(written):
        raise BadSetting(f"{name}: {written!r} is not a whole number")
    return int(written)


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) < 10


def one_of(name: str, allowed: Collection[str], default: str) -> str:
    """The setting as one of some words. Raises BadSetting."""
    written = text(name, default)
    if written not in allowed:
        raise BadSetting(f"{name}: {written!r} is not one of {', '.join(allowed)}")
    return written


def measures(known: Sequence[str]) -> list[str]:
    """BAHAM_MEASURES: the measures that are on, by default all that are here; `none` for none. Raises BadSetting."""
    written = text("BAHAM_MEASURES", ",".join(known))
    wanted = [] if written.strip() == "none" else [one.strip() for one in written.split(",") if one.strip()]
    for one in wanted:
        if one not in known:
            raise BadSetting(
                f"BAHAM_MEASURES: {one!r} is no measure of this installation ({', '.join(known)}, or none)"
            )
    return wanted


def weekdays(name: str, default: str) -> list[int]:
    """The setting as days of the week, 0 for Monday; `none` for none. Raises BadSetting."""
    known = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    written = [one.strip().lower() for one in text(name, default).split(",")]
    if written == ["none"]:
        return []
    for one in written:
        if one not in known:
            raise BadSetting(f"{name}: {one!r} is no day of the week ({', '.join(known)}, or none)")
    return [known.index(one) for one in written]


def zone(name: str, default: str) -> str:
    """The setting as a time zone of the IANA database. Raises BadSetting."""
    written = text(name, default)
    try:
        ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSetting(f"{name}: {written!r} is no time zone, as Asia/Karachi or UTC are") from error
    return written


def several(name: str, default: str = "", *, begins: tuple[str, ...] = ("",)) -> list[str]:
    """The setting as texts between commas, each of which begins with one of these. Raises BadSetting."""
    found = [one.strip() for one in text(name, default).split(",") if one.strip()]
    for one in found:
        if not one.startswith(begins) or any(sign.isspace() for sign in one):
            raise BadSetting(f"{name}: {one!r} has blanks, or does not begin with {' or '.join(begins)}")
    return found


def keep_private(folder: Path) -> None:
    """From now on this process makes files that their owner alone reads. A folder of data that others may enter or read
    is closed, with what lies directly in it, and that is told on stderr."""
    os.umask(0o077)
    try:
        opened = folder.stat().st_mode & 0o077
    except FileNotFoundError:
        return
    loose = [path for path in folder.iterdir() if not path.is_symlink() and path.stat().st_mode & 0o077]
    if not opened and not loose:
        return
    try:
        folder.chmod(0o700)
        for path in loose:
            path.chmod(path.stat().st_mode & 0o700)
    except PermissionError as error:
        sys.stderr.write(f"{folder} can be read by others and is not ours to close: {error}\n")
        return
    sys.stderr.write(f"{folder} could be read by others; it is closed to everybody but its owner now\n")


def private_networks() -> list[str]:
    """Networks that are not of the internet and may be asked all the same, as `10.20.0.0/16`. Raises BadSetting."""
    found = several("BAHAM_PRIVATE_NETWORKS")
    for one in found:
        try:
            ip_network(one)
        except ValueError as error:
            raise BadSetting(f"BAHAM_PRIVATE_NETWORKS: {error}; write a network as 10.20.0.0/16") from error
    return found


def cores() -> int:
    """How many cores this process may use: those it is bound to, or fewer where its control group (cgroup v2, as of a
    container) gives it less time than that."""
    bound = len(os.sched_getaffinity(0))
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return bound if quota == "max" else max(1, min(bound, round(int(quota) / int(period))))
    except (OSError, ValueError, ZeroDivisionError):
        return bound


def days(name: str, default: int) -> int:
    """The setting as a number of days, one at the least. Raises BadSetting."""
    given = text(name, str(default))
    if not (_is_number(given) and 1 <= int(given) <= 36_500):
        raise BadSetting(f"{name}: {given!r} is not a number of days from 1 to 36500")
    return int(given)


def home() -> Path:
    """Where all data lives: BAHAM_HOME, else `./var` in a checkout, else `~/.local/share/baham`."""
    chosen = text("BAHAM_HOME")
    if chosen:
        return Path(chosen).expanduser()
    return _CHECKOUT / "var" if (_CHECKOUT / "pyproject.toml").exists() else Path.home() / ".local/share/baham"


def database(url: str, folder: Path) -> dict[str, object]:
    """Django's database settings for BAHAM_DATABASE_URL; SQLite in `folder` where it is empty.

    `postgresql://user:password@host:port/name`; a host that starts with %2F is the folder of a Unix socket. Raises
    BadSetting, which does not repeat the URL: it holds a password.
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": folder / "baham.sqlite3",
            # Kept open between requests: whoever closes the last connection brings the write-ahead log into the file
            # and unmaps it, which costs a request more than all it asks.
            "CONN_MAX_AGE": 60,
            # The log is brought into the file at 16 MB, not at 4: pages that every transaction writes are brought in
            # once for four times as many transactions.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-65536; PRAGMA mmap_size=1073741824; PRAGMA secure_delete=ON;"
                " PRAGMA wal_autocheckpoint=4000;",
            },
        }
    try:
        parts, scheme = urlsplit(url), urlsplit(url).scheme
        port = parts.port
    except ValueError as error:
        raise BadSetting("BAHAM_DATABASE_URL: is no URL as postgresql://user:password@host:port/name") from error
    if scheme not in ("postgres", "postgresql"):
        raise BadSetting("BAHAM_DATABASE_URL: it begins with postgresql:// (for SQLite leave it empty)")
    if not parts.path.lstrip("/"):
        raise BadSetting("BAHAM_DATABASE_URL: it names no database: postgresql://user:password@host:port/name")
    if find_spec("psycopg") is None:
        raise BadSetting("BAHAM_DATABASE_URL: PostgreSQL needs Baham's extra: pip install 'baham[postgres]'")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
    }


def secret(folder: Path) -> str:
    """The secret key: BAHAM_SECRET_KEY, else one made once and kept in `folder`, readable by its owner alone."""
    chosen = text("BAHAM_SECRET_KEY")
    if chosen:
        return chosen
    path = folder / "secret.key"
    if not path.exists():
        import secrets

        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text()
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()
