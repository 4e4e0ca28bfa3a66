"""The last look at the trail is looked for in the month before alone."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("consent", "0016_told_before")]

    operations = [RunSqlFile("functions.sql", package="carnet.consent")]
