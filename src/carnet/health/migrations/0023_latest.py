"""The home reads every document that states a result of the newest day."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = (("health", "0022_latest"),)

    operations = (RunSqlFile("history.sql", package="carnet.health"),)
