import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("release", "0001_initial"),
        ("sharing", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="taxii_bucket",
                        serialize=False,
                        to="release.partner",
                    ),
                ),
                ("tokens", models.FloatField()),
                ("at", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Marking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("handling", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Root",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                ("alias", models.SlugField(max_length=60, null=True)),
                ("shelf", models.CharField(default="stored", max_length=20)),
                ("moderated", models.BooleanField(default=True)),
                ("media_types", models.JSONField(default=list)),
                ("last_added", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="own_collections",
                        to="release.partner",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="collections", to="sharing.root"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Status",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("at", models.BigIntegerField()),
                ("known", models.JSONField(default=list)),
                ("failures", models.JSONField(default=list)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="release.partner"
                    ),
                ),
                ("root", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="sharing.root")),
            ],
        ),
        migrations.CreateModel(
            name="Stored",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("stix_id", models.CharField(max_length=300)),
                ("type", models.CharField(max_length=250)),
                ("spec", models.SmallIntegerField()),
                ("version", models.BigIntegerField()),
                ("version_text", models.CharField(blank=True, max_length=40)),
                ("added", models.BigIntegerField()),
                (
                    "state",
                    models.SmallIntegerField(
                        choices=[(0, "Accepted"), (1, "Waiting"), (2, "Refused"), (3, "Removed")], default=0
                    ),
                ),
                ("superseded", models.BooleanField(default=False)),
                ("creator", models.CharField(blank=True, max_length=300)),
                ("digest", models.BinaryField(max_length=32)),
                ("raw", models.BinaryField()),
                (
                    "collection",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objects_stored",
                        to="sharing.collection",
                    ),
                ),
                (
                    "marking",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="sharing.marking"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objects_posted",
                        to="release.partner",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stored",
                        to="sharing.status",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("can_read", models.BooleanField(default=False)),
                ("can_write", models.BooleanField(default=False)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="collections", to="release.partner"
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="access", to="sharing.collection"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("collection", "partner"), name="access_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.UniqueConstraint(fields=("root", "alias"), name="collection_alias_once"),
        ),
        migrations.AddIndex(
            model_name="stored",
            index=models.Index(
                fields=["collection", "added", "seq", "state", "marking", "owner"], name="stored_by_added"
            ),
        ),
        migrations.AddIndex(
            model_name="stored",
            index=models.Index(
                fields=["collection", "type", "added", "seq", "state", "marking", "owner"], name="stored_by_type"
            ),
        ),
        migrations.AddIndex(
            model_name="stored",
            index=models.Index(fields=["collection", "version"], name="stored_by_version"),
        ),
        migrations.AddConstraint(
            model_name="stored",
            constraint=models.UniqueConstraint(fields=("collection", "stix_id", "version"), name="stored_once"),
        ),
    ]
