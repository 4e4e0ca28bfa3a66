"""What a protected adult keeps secret: a submission, and who is asked for a secret, learn whether a guardian represents
the holder."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0016_again"),
        ("consent", "0012_secret_blocks"),
        ("people", "0008_carers"),
    ]

    operations = [
        RunSqlFile("represented_functions.sql", package="carnet.consent"),
        RunSqlFile("acts.sql", package="carnet.documents"),
    ]
