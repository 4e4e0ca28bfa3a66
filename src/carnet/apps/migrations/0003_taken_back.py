"""An event keeps into whose hands a document had been put; what is taken back makes one too; an app subscribes by what
a professional granted it."""

from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("apps", "0001_initial"), ("documents", "0014_readers"), ("health", "0008_wishes")]

    operations = [
        migrations.AddField("subscription", "grant_id", models.UUIDField(null=True)),
        migrations.AddField("event", "was_handed", models.BooleanField(null=True)),
        RunSqlFile("functions.sql", package="carnet.apps"),
    ]
