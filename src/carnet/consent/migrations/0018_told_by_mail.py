"""What a mail told of a first access stays told when it turns out to be of a secret visit."""

from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile

# One line for each first access that was told, found by whom it is about in however long a trail.
_INDEX = "create index line_told on trail.line (record_id, target_id, at) where action = 'first-access-told'"


class Migration(migrations.Migration):
    dependencies = [("consent", "0017_last_month")]

    operations = [
        migrations.RunSQL(_INDEX),
        RunSqlFile("functions.sql", package="carnet.consent"),
    ]
