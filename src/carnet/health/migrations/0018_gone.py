"""What is new tells of documents that were withdrawn, and of words that correct others."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0017_notes_disputed")]

    operations = [
        RunSqlFile("0018_gone.sql", package="carnet.health.migrations"),
        RunSqlFile("functions.sql", package="carnet.health"),
        RunSqlFile("reading_functions.sql", package="carnet.health"),
        RunSqlFile("news_functions.sql", package="carnet.health"),
    ]
