from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("kernel", "0007_discretion")]

    operations = [RunSqlFile("told.sql")]
