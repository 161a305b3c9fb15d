"""A copy of an installation that is whole although it is made while people work, and its way back.

    manifest.json      when, by which version, which database, how long the log was, SHA-256 of every file
    database           SQLite's own backup, or pg_dump's custom format
    home/…             everything else of BAHAM_HOME, but the name index, which is built anew

The log's copy is taken before the database and uploaded files after it: so the database has every entry of the log's
copy, and every file that the database names is there.
"""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import baham
from baham.kernel.clock import SystemClock, utc_text
from baham.platform import environment

DATABASE = "baham.sqlite3"
_LEFT_OUT = ("index", "audit", "serve.log")
_SAYS: dict[str, type] = {"files": dict, "database": str, "made": str, "log": int, "secret_outside": bool}
"""What a manifest of format 1 says, beside the format."""
_PASSING = (".lock", "-wal", "-shm", "-journal", ".new", ".pid")


class CannotCopy(Exception):
    """The backup was not made, or not restored. The text is one line that says what to mend."""


def backup(to: Path) -> dict[str, Any]:
    """Write a backup into a folder that is not there yet; its manifest. Django is set up. Raises CannotCopy."""
    from baham.platform.audit import anchor
    from baham.platform.audit.anchor import _locked

    home, url = environment.home(), environment.text("BAHAM_DATABASE_URL")
    if to.exists():
        raise CannotCopy(f"{to} exists already; name a folder that does not")
    if to.resolve().is_relative_to(home.resolve()):
        raise CannotCopy(f"{to} lies in BAHAM_HOME: a backup belongs on another disk")
    if url and shutil.which("pg_dump") is None:
        raise CannotCopy("pg_dump is not on PATH; install PostgreSQL's client programs of the server's version")
    anchor.catch_up()
    new = to.with_name(f".{to.name}.making")
    shutil.rmtree(new, ignore_errors=True)
    try:
        (new / "home").mkdir(parents=True, mode=0o700)
        with _locked():
            shutil.copytree(home / "audit", new / "home" / "audit", ignore=shutil.ignore_patterns("lock", "*.new"))
        if url:
            _call(["pg_dump", "--format=custom", "--no-owner", f"--file={new / 'database'}"], url)
        else:
            _copy_sqlite(home / DATABASE, new / "database")
        for path in sorted(home.rglob("*")):
            part = path.relative_to(home)
            if path.is_file() and not path.is_symlink() and part.parts[0] not in _LEFT_OUT and path.name != DATABASE:
                _copy(path, new / "home" / part)
        files = {str(path.relative_to(new)): _hash(path) for path in sorted(new.rglob("*")) if path.is_file()}
        made = {
            "format": 1,
            "version": baham.__version__,
            "made": utc_text(SystemClock().now()),
            "database": "postgresql" if url else "sqlite",
            "files": files,
            "log": (new / "home/audit/leaves").stat().st_size // 32 if (new / "home/audit/leaves").exists() else 0,
            "secret_outside": bool(environment.text("BAHAM_SECRET_KEY")),
        }
        (new / "manifest.json").write_text(json.dumps(made, indent=1))
        new.rename(to)
    except (OSError, sqlite3.Error, shutil.Error) as error:
        raise CannotCopy(f"no backup was made: {error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return made


def examine(source: Path) -> dict[str, Any]:
    """The manifest of a backup, every file of which is as it was written. Raises CannotCopy."""
    try:
        made: dict[str, Any] = json.loads((source / "manifest.json").read_text())
        if made["format"] != 1:
            raise CannotCopy(f"{source}: a backup of format {made['format']}; this version reads format 1")
        if absent := [name for name, kind in _SAYS.items() if not isinstance(made.get(name), kind)]:
            raise CannotCopy(f"{source}: the manifest does not say {absent[0]!r}; use another backup")
        here = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()} - {"manifest.json"}
        if strange := sorted(here ^ made["files"].keys()):
            raise CannotCopy(f"{source}: {strange[0]} is missing or not in the manifest; use another backup")
        if "database" not in here:
            raise CannotCopy(f"{source}: it has no database; use another backup")
        for name, said in made["files"].items():
            path = source / name
            if ".." in Path(name).parts or Path(name).is_absolute() or path.is_symlink():
                raise CannotCopy(f"{source}: {name} lies outside the backup")
            if not path.is_file() or _hash(path) != said:
                raise CannotCopy(f"{source}: {name} is missing or not as it was written; use another backup")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotCopy(f"{source}: no backup that can be read ({error})") from error
    return made


def restore(source: Path, log: Path | None = None) -> dict[str, Any]:
    """Put a backup into BAHAM_HOME, which has to be empty, and its database; `log` is a copy of the log's folder, taken
    where it is newer. Whole or not at all. Raises CannotCopy.

    Django must not be set up yet: to read its settings makes a home.
    """
    home, url = environment.home(), environment.text("BAHAM_DATABASE_URL")
    environment.database(url, home)  # a URL that means nothing is told before anything is looked at
    if home.exists() and any(home.iterdir()):
        raise CannotCopy(f"{home} is in use: it holds data; move it away or name another by BAHAM_HOME")
    made = examine(source)
    if (made["database"] == "postgresql") != bool(url):
        raise CannotCopy(f"the backup is of {made['database']}; set BAHAM_DATABASE_URL to fit it")
    if made["secret_outside"] and not environment.text("BAHAM_SECRET_KEY"):
        raise CannotCopy("the secret key was given by BAHAM_SECRET_KEY and is not in the backup; set it first")
    if url and shutil.which("pg_restore") is None:
        raise CannotCopy("pg_restore is not on PATH; install PostgreSQL's client programs of the server's version")
    new = home.with_name(f".{home.name}.restoring")
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True, mode=0o700)
        for name in made["files"]:
            if name.startswith("home/"):
                _plain(source / name, new / Path(name).relative_to("home"))
        if log is not None:
            _take_log(log, new / "audit")
        if url:
            _into_postgres(source / "database", url)
        else:
            _plain(source / "database", new / DATABASE)
        if home.exists():
            home.rmdir()
        new.rename(home)
    except OSError as error:
        raise CannotCopy(f"nothing was restored: {error}") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return made


def _take_log(log: Path, to: Path) -> None:
    """Put a newer copy of the log beside the older database, before the home is in place: so it is never without."""
    has = to / "leaves"
    if (log / "leaves").stat().st_size > (has.stat().st_size if has.exists() else 0):
        for path in log.iterdir():
            if path.is_file() and path.name not in ("key", "lock"):
                _plain(path, to / path.name)


def _copy(path: Path, to: Path) -> None:
    if path.name.endswith(_PASSING):
        return
    try:
        if path.suffix == ".sqlite3":
            _copy_sqlite(path, to)
        else:
            _plain(path, to)
    except FileNotFoundError:
        return  # gone since it was listed: a passing file, or one that was erased


def _copy_sqlite(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    to.touch(mode=0o600)
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=60)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def _plain(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copyfile(path, to)
    to.chmod(0o600)


def _into_postgres(dump: Path, url: str) -> None:
    import psycopg

    try:
        with psycopg.connect(url) as connection:
            count = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    except psycopg.Error as error:
        raise CannotCopy(f"the database cannot be reached: {error}") from error
    if count and count[0]:
        raise CannotCopy("the database of BAHAM_DATABASE_URL is in use: it holds tables; name an empty one")
    name = unquote(urlsplit(url).path.lstrip("/"))
    _call(["pg_restore", "--no-owner", "--single-transaction", "--exit-on-error", f"--dbname={name}", str(dump)], url)


def _call(words: list[str], url: str) -> None:
    """One of PostgreSQL's own programs; where and who go by the environment, which no list of processes shows."""
    parts = urlsplit(url)
    where = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port or ""),
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "PGDATABASE": parts.path.lstrip("/"),
    }
    given = {name: unquote(value) for name, value in where.items() if value}
    done = subprocess.run(words, env=environment.whole(**given), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotCopy(f"{words[0]}: {' '.join(done.stderr.split())[:300]}")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
