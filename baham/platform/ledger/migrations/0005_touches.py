"""The order in which entities were touched last; what is there is filled in where its last change stands."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.db import migrations, models

_STEP = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PUT = (
    'INSERT INTO "ledger_touch" ("entity_id", "at", "first")'
    " SELECT pk, %s + %s * ROW_NUMBER() OVER (ORDER BY pk), %s FROM ({chosen}) chosen WHERE TRUE"
    ' ON CONFLICT ("entity_id") DO UPDATE SET "at" = EXCLUDED."at"'
)


def fill(apps, schema_editor):
    """Version by version, as the loads came; `first` stays that of the version that brought the entity."""
    touch, version, entity = (apps.get_model("ledger", name) for name in ("Touch", "Version", "Entity"))

    def put(chosen, values, at):
        since = at - _EPOCH
        first = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
        last = touch.objects.aggregate(last=models.Max("at"))["last"] or 0
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_PUT.format(chosen=chosen), [max(last, first), _STEP, first, *values])

    for one in version.objects.order_by("loaded_at", "pk"):
        put('SELECT DISTINCT "entity_id" AS pk FROM "ledger_change" WHERE "version_id" = %s', [one.pk], one.loaded_at)
    if entity.objects.filter(touch=None).exists():
        missing = 'SELECT 1 FROM "ledger_touch" t WHERE t."entity_id" = "ledger_entity"."id"'
        put(f'SELECT "id" AS pk FROM "ledger_entity" WHERE NOT EXISTS ({missing})', [], datetime.now(UTC))


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_release"),
    ]

    operations = [
        migrations.CreateModel(
            name="Touch",
            fields=[
                (
                    "entity",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="touch",
                        serialize=False,
                        to="ledger.entity",
                    ),
                ),
                ("at", models.BigIntegerField(unique=True)),
                ("first", models.BigIntegerField()),
                ("uuid", models.UUIDField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("uuid__isnull", False)),
                        fields=["uuid"],
                        name="touch_uuid",
                    ),
                    models.Index(
                        condition=models.Q(("uuid__isnull", True)),
                        fields=["entity"],
                        name="touch_unnamed",
                    ),
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
