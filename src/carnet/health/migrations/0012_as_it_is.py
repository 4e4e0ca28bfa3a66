"""What was written in error is no value; what is but planned has not happened; what was denied is no hit of what holds;
what is said to be wrong stays said when its document is read again."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0011_undated_treatments")]

    operations = [
        RunSqlFile("functions.sql", package="carnet.health"),
        RunSqlFile("reading_functions.sql", package="carnet.health"),
        RunSqlFile("news_functions.sql", package="carnet.health"),
        RunSqlFile("history.sql", package="carnet.health"),
        RunSqlFile("results.sql", package="carnet.health"),
    ]
