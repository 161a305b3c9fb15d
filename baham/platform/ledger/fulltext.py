"""Full-text search over entities: FTS5 in SQLite, a GIN index in PostgreSQL, behind the same three functions.

Text is folded before it is indexed and before it is asked for, so that both databases find the same: case and
accents off, Arabic-script letters that are written alike brought together (ي ى → ی, ك → ک, …).
"""

from collections.abc import Iterable

from django.db import connection

from baham.platform.folding import words

_MOST_TEXT = 8_000
_MOST_WORDS = 12


def text_of(values: Iterable[str]) -> str:
    """What is indexed of an entity: its words alone, so that neither database reads `61-0447` as a sum or a sign."""
    return " ".join(words("\n".join(values)))[:_MOST_TEXT]


def words_of(query: str) -> list[str]:
    """The words of a query, folded; at most twelve."""
    return words(query)[:_MOST_WORDS]


def put(rows: list[tuple[int, str]]) -> None:
    """Index new entities: (id, text). PostgreSQL keeps its index by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO ledger_fulltext(rowid, text) VALUES (%s, %s)", rows)


def take_out(rows: list[tuple[int, str]]) -> None:
    """Take entities out of the index: (id, the text they were indexed with)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO ledger_fulltext(ledger_fulltext, rowid, text) VALUES ('delete', %s, %s)", rows
            )


def find(query: str, limit: int, after: int = 0) -> list[int]:
    """Ids of entities that have all words of the query, the last also as a beginning; in the order of their ids.

    A page that fills with whole words is answered by them alone: a beginning that a million records share costs a merge
    of all their lists.
    """
    asked = words_of(query)
    if not asked:
        return []
    whole = _match(asked, limit, after, beginning=False)
    return whole if len(whole) >= limit else _match(asked, limit, after, beginning=True)


def having(words: list[str], limit: int, after: int = 0, *, beginning: bool = False) -> list[int]:
    """Ids of entities that have all of these folded words, whole (the last also as a `beginning`), in their order."""
    return _match(words, limit, after, beginning=beginning) if words else []


def _match(asked: list[str], limit: int, after: int, *, beginning: bool) -> list[int]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            match = " AND ".join(f'"{word}"' for word in asked) + ("*" if beginning else "")
            cursor.execute(
                "SELECT rowid FROM ledger_fulltext WHERE ledger_fulltext MATCH %s AND rowid > %s"
                " ORDER BY rowid LIMIT %s",
                [match, after, limit],
            )
        else:
            match = " & ".join(asked) + (":*" if beginning else "")
            cursor.execute(
                "SELECT id FROM ledger_entity WHERE to_tsvector('simple', text) @@ to_tsquery('simple', %s)"
                " AND id > %s ORDER BY id LIMIT %s",
                [match, after, limit],
            )
        return [row[0] for row in cursor.fetchall()]


def compact() -> None:
    """Merge the index into one piece, in which nothing is left of the words of what was taken out. SQLite alone."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger_fulltext(ledger_fulltext) VALUES ('optimize')")
