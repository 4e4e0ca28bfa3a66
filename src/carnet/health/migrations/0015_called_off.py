"""A result that was called off hides no value on the lists of results."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0014_visits")]

    operations = [RunSqlFile("results.sql", package="carnet.health")]
