from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_jobs")]

    operations = [
        RunSqlFile("seals.sql"),
        RunSqlFile("partitions.sql"),
    ]
