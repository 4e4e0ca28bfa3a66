"""The search of programs inside documents."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("documents", "0011_mask_all")]

    operations = [RunSqlFile("content_functions.sql", package="carnet.documents")]
