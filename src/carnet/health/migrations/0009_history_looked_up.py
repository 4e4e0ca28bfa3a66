"""The facts of a page are looked up one by one, and words are compared within the query."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0008_wishes")]

    operations = [
        RunSqlFile("history.sql", package="carnet.health"),
        RunSqlFile("results.sql", package="carnet.health"),
    ]
