from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_situations"),
    ]

    operations = [
        migrations.AddField("professional", "listed", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("professional", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField("situation", "listed", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("token", "bound", models.CharField(db_default="", default="", max_length=80)),
        migrations.AddField(
            "client", "provider_client_id", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        RunSqlFile("0011_extract.sql", "carnet.people.migrations"),
    ]
