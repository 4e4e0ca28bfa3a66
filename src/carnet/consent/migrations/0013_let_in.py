"""What let somebody in by a secret is told to the decision when it is over as well."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("consent", "0012_secret_blocks")]

    operations = [RunSqlFile("functions.sql", package="carnet.consent")]
