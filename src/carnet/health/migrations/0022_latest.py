"""The home reads the end of the history alone."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = (("health", "0021_goals"),)

    operations = (RunSqlFile("history.sql", package="carnet.health"),)
