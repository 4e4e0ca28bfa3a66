"""The screen of a professional finds goals without reading every result; a search reads the record once."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = (("health", "0020_newest_by_series"),)

    operations = (
        RunSqlFile("0021_goals.sql", package="carnet.health.migrations"),
        RunSqlFile("history.sql", package="carnet.health"),
    )
