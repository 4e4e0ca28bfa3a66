"""Of very many series the newest are told whole, and of each other the last result."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0012_as_it_is")]

    operations = [RunSqlFile("results.sql", package="carnet.health")]
