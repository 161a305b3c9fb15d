"""Whom a marking names stands by its id: names that officers chose here are those of partners here."""

from django.db import migrations


def by_id(apps, schema_editor):
    parties = dict(apps.get_model("release", "Partner").objects.values_list("name", "party"))
    marked = apps.get_model("ledger", "HandlingGiven").objects.exclude(releasable_to=None)
    for one in marked.exclude(by__startswith="partner:"):
        named = sorted({str(parties.get(name, name)) for name in one.releasable_to})
        if named != one.releasable_to:
            one.releasable_to = named
            one.save(update_fields=["releasable_to"])


class Migration(migrations.Migration):
    dependencies = [
        ("release", "0001_initial"),
        ("ledger", "0008_ids_outside"),
    ]

    operations = [
        migrations.RunPython(by_id, migrations.RunPython.noop, elidable=True),
    ]
