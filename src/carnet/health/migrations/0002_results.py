from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = (("health", "0001_initial"),)

    operations = (RunSqlFile("results.sql", package="carnet.health"),)
