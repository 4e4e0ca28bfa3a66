from django.db import migrations, models

from carnet.kernel.db.operations import RunSqlFile
from carnet.kernel.db.policies import of_record_unless

_KEPT = ("authorisation", "block", "emergency")


class Migration(migrations.Migration):
    dependencies = [
        ("consent", "0003_whole"),
        ("kernel", "0007_discretion"),
        ("people", "0007_situations"),
    ]

    operations = [
        *[
            migrations.AddField(
                model_name=name,
                name="hidden_from",
                field=models.IntegerField(db_default=0, default=0),
            )
            for name in (*_KEPT, "alert", "review")
        ],
        *[
            migrations.RunSQL(statement)
            for name in _KEPT
            for statement in of_record_unless("hidden_from").again(f"record.consent_{name}")
        ],
        RunSqlFile("0004_functions.sql", package="carnet.consent.migrations"),
    ]
