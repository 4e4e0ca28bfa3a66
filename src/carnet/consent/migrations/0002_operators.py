from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]

    operations = [RunSqlFile("0002_functions.sql", package="carnet.consent.migrations")]
