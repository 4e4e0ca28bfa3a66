"""Lines that are read beside another reading of the same act leave no second line in the trail."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = (("health", "0025_functions_apart"),)

    operations = (RunSqlFile("reading_functions.sql", package="carnet.health"),)
