"""What is new is new since the beginning of one's own last visit; what software reads is none."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0013_newest_series")]

    operations = [
        RunSqlFile("0014_visits.sql", package="carnet.health.migrations"),
        RunSqlFile("functions.sql", package="carnet.health"),
        RunSqlFile("reading_functions.sql", package="carnet.health"),
        RunSqlFile("news_functions.sql", package="carnet.health"),
    ]
