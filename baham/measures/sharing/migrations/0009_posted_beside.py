"""Objects of several parties under one id, unknown to each other: one row for each party."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("release", "0002_parties_by_id"), ("sharing", "0008_prepared_sets")]

    operations = [
        migrations.RemoveConstraint(model_name="stored", name="stored_once"),
        migrations.AddField(model_name="stored", name="beside", field=models.BooleanField(default=False)),
        migrations.AddConstraint(
            model_name="stored",
            constraint=models.UniqueConstraint(
                fields=("collection", "stix_id", "version", "owner"), name="stored_once"
            ),
        ),
    ]
