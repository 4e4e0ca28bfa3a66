"""A prescription without a date is not over because it has none."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0009_history_looked_up")]

    operations = [RunSqlFile("treatment_functions.sql", package="carnet.health")]
