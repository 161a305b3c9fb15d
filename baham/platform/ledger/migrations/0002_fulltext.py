"""The full-text index over entities: an FTS5 table in SQLite, a GIN index in PostgreSQL (see ledger/fulltext.py)."""

from django.db import migrations


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE VIRTUAL TABLE ledger_fulltext USING fts5(text, content='ledger_entity', content_rowid='id',"
            " tokenize='unicode61 remove_diacritics 2', detail='none')"
        )
    else:
        schema_editor.execute(
            "CREATE INDEX ledger_entity_fulltext ON ledger_entity USING gin (to_tsvector('simple', text))"
        )


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE ledger_fulltext")
    else:
        schema_editor.execute("DROP INDEX ledger_entity_fulltext")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(make, unmake)]
