"""What a document corrects is found fact by fact of the two, not of the whole record."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = (("health", "0023_latest"),)

    operations = (RunSqlFile("functions.sql", package="carnet.health"),)
