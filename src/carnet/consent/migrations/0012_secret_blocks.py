"""A block that a minor keeps secret is told as such to the decision."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("consent", "0011_known_writers")]

    operations = [RunSqlFile("functions.sql", package="carnet.consent")]
