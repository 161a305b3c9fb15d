from django.conf import settings
from django.db import migrations, models


def operators_own(apps, schema_editor):
    """An installation of one organisation is that organisation's. Where there are several, only the one that bears the
    party's name is known to be the operator; of the others the administrator says so (`baham people organisation`)."""
    organisations = apps.get_model("accounts", "Organisation").objects.all()
    named = organisations.filter(name=settings.PARTY_NAME)
    (organisations if organisations.count() == 1 else named).update(audience=3)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="audience",
            field=models.SmallIntegerField(choices=[(1, "COMMUNITY"), (2, "CLIENT"), (3, "ORGANISATION")], default=1),
        ),
        migrations.AddField(
            model_name="user",
            name="clearance",
            field=models.SmallIntegerField(
                choices=[
                    (0, "TLP:CLEAR"),
                    (1, "TLP:GREEN"),
                    (2, "TLP:AMBER"),
                    (3, "TLP:AMBER+STRICT"),
                    (4, "TLP:RED"),
                ],
                default=3,
            ),
        ),
        migrations.RunPython(operators_own, migrations.RunPython.noop),
    ]
