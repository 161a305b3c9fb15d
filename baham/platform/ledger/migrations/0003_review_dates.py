import django.db.models.deletion
from django.db import migrations, models

import baham.platform.ledger.models


def take_dates_from_statements(apps, schema_editor):
    """Entries loaded before take the review date that their source gives them."""
    from baham.platform.ledger.expiry import date_said

    statements = apps.get_model("ledger", "Statement").objects.filter(prop="reviewDate", until=None)
    said = {}
    for entity, value in statements.values_list("entity_id", "value").iterator():
        said.setdefault(entity, []).append(value)
    entities = apps.get_model("ledger", "Entity").objects
    for entity, values in said.items():
        if day := date_said(values):
            entities.filter(pk=entity).update(review_by=day)


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_fulltext"),
    ]

    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("was", models.DateField(null=True)),
                ("until", models.DateField()),
                ("by", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="dataset",
            name="review_by",
            field=models.DateField(default=baham.platform.ledger.models.first_review),
        ),
        migrations.AddField(
            model_name="entity",
            name="review_by",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="entity",
            index=models.Index(
                condition=models.Q(("review_by__isnull", False)), fields=["review_by"], name="entity_review"
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="dataset",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="ledger.dataset"
            ),
        ),
        migrations.AddField(
            model_name="extension",
            name="entity",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="extensions", to="ledger.entity"
            ),
        ),
        migrations.RunPython(take_dates_from_statements, migrations.RunPython.noop),
    ]
