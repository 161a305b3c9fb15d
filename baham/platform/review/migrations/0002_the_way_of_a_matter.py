from datetime import timedelta

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def complete_earlier_matters(apps, schema_editor):
    """Matters put forward before get what later ones have from the start: verdict, subject, and a date."""
    from baham.platform.screening.cleared import identity_of

    for item in apps.get_model("review", "Item").objects.iterator():
        item.verdict = str(item.proposal.get("verdict", ""))[:10]
        item.subject_key = identity_of(item.proposal).key if item.proposal.get("name") else ""
        item.due_at = item.due_at or item.opened_at + timedelta(days=7)
        item.save(update_fields=["verdict", "subject_key", "due_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0003_review_dates"),
        ("review", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="dataset",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="matters", to="ledger.dataset"
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="follows",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="followed_by", to="review.item"
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="passed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="item",
            name="passed_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="item",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="item",
            name="seen_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="item",
            name="subject_key",
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AddField(
            model_name="item",
            name="verdict",
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name="signature",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="item",
            name="closed_at",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AlterField(
            model_name="item",
            name="title",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=8)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="review.item"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Passing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passings", to="review.item"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="review.item"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("item", "by"), name="opening_once")],
            },
        ),
        migrations.RunPython(complete_earlier_matters, migrations.RunPython.noop),
    ]
