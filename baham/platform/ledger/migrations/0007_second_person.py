from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_erasure"),
    ]

    operations = [
        migrations.AddField(
            model_name="restriction",
            name="agreed_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="standinggiven",
            name="agreed_by",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
