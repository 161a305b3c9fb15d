import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_need_to_know"),
        ("ledger", "0009_list_guard"),
    ]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="keeper",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="datasets",
                to="accounts.organisation",
            ),
        ),
    ]
