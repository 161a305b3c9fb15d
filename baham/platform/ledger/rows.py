"""Writing many rows fast, the same on both databases: executemany for SQLite, COPY for PostgreSQL."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection


def insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows to a table inside the caller's transaction. Values go in as they are, without Django's checks."""
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # type: ignore[arg-type]  # takes a stream too


def lock_for_writing(table: str, *, nowait: bool = False) -> None:
    """Keep other writers out of a table until the transaction ends. SQLite has one writer at a time anyway. With
    `nowait`, raises OperationalError where somebody else writes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE{" NOWAIT" if nowait else ""}')
