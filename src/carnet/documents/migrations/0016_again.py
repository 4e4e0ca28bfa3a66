from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("documents", "0015_periods")]

    operations = [RunSqlFile("functions.sql", package="carnet.documents")]
