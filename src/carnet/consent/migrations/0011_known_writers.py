"""Who had written in the open before a secret goes on being told of as before."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("consent", "0010_shares")]

    operations = [RunSqlFile("functions.sql", package="carnet.consent")]
