"""Alerts are counted for each client alone. Who has a client goes on behind every number that it may have read, by a
distance of chance, so that the step tells nothing of what others were given."""

import secrets

from django.db import migrations, models


def go_on(apps, schema_editor):
    sweep = apps.get_model("clients", "Sweep").objects.filter(pk=1).first()
    last = sweep.number if sweep is not None else 0
    if not last:
        return
    for client in apps.get_model("clients", "Client").objects.all():
        client.alerts_given = last + secrets.randbelow(last + 1000)
        client.save(update_fields=["alerts_given"])


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_monitoring")]

    operations = [
        migrations.AddField("client", "alerts_given", models.BigIntegerField(default=0)),
        migrations.RunPython(go_on, migrations.RunPython.noop),
        migrations.AlterField("alert", "number", models.BigIntegerField()),
        migrations.AddConstraint(
            "alert", models.UniqueConstraint(fields=("client", "number"), name="alert_number_once")
        ),
        migrations.RemoveField("sweep", "number"),
    ]
