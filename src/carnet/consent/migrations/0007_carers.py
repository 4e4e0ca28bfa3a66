from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_accessed_at"), ("people", "0008_carers")]

    operations = [RunSqlFile("0007_functions.sql", package="carnet.consent.migrations")]
