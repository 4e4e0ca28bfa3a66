"""What professionals note themselves: under the holder's standing masks, kept in their sight, and kept from whom it is
hidden. The decision learns what each profession may note."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile


class Migration(migrations.Migration):
    dependencies = [("health", "0004_history"), ("consent", "0009_given_by")]

    operations = [
        RunSqlFile("functions.sql", package="carnet.consent"),
        RunSqlFile("functions.sql", package="carnet.health"),
    ]
