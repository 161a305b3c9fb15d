import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0003_review_dates"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clearing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_key", models.CharField(max_length=64)),
                ("name_key", models.CharField(max_length=64)),
                ("subject", models.JSONField()),
                ("entry", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("matter", models.BigIntegerField()),
                ("organisation", models.CharField(blank=True, max_length=200)),
                ("everywhere", models.BooleanField()),
                ("by", models.CharField(max_length=200)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_by", models.CharField(blank=True, max_length=200)),
                ("since", models.DateTimeField(null=True)),
                ("review_by", models.DateField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_by", models.CharField(blank=True, max_length=200)),
                ("withdrawal", models.TextField(blank=True)),
                (
                    "entity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clearings", to="ledger.entity"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["name_key", "entity"], name="clearing_pair")],
            },
        ),
    ]
