from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    # `health` made the index that it looks at.
    dependencies = [("notify", "0004_professionals"), ("health", "0001_initial")]

    operations = [RunSqlFile("0005_first_accesses.sql", package="carnet.notify.migrations")]
