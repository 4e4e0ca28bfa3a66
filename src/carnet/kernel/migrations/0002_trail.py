from django.db import migrations

from carnet.kernel.db.operations import RunSqlFile
from carnet.kernel.db.policies import readable_trail


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_schemas")]

    operations = [
        RunSqlFile("trail.sql"),
        RunSqlFile("0002_note.sql", package="carnet.kernel.migrations"),
        migrations.RunSQL(
            f"create policy see on trail.line for select to carnet_reader, carnet_writer using ({readable_trail()})"
        ),
    ]
