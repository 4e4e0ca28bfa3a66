"""The home reads the newest documents without counting every filter."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = (("documents", "0017_guarded"),)

    operations = (RunSqlFile("shelf_functions.sql", package="carnet.documents"),)
